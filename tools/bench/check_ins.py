"""(d) Check-ins: processor time of the web server and rate, as more and more bots are enrolled."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from app.devices import provisioning
from app.devices.rules import DeviceId
from app.http.device import signing
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.toolchain.rules import VIRTUAL_FQBN
from tools.bench.bench import Bench, cpu_s
from tools.bench.event_socket import EventSocket
from tools.bench.figures import Aim, Figure, Series
from tools.bench.load import Load, run_loads

_PATH = "/device/v1/check-in"
# One bot can only have one; more at all levels would hide what the number of bots costs.
_CONNECTIONS = 1
_MANY_CONNECTIONS = 4
_LEVELS = (1, 1_000, 10_000)
_CPU_AIM = Aim(limit=0.8)
_GROWTH_AIM = Aim(limit=1.1, is_of_ratio=True)
_NOTE = (
    "All bots over one connection, but where more are named. Each check-in is signed "
    "and changes what pages show, so each is published, as in real life, where a bot calls once a minute. "
    "CPU is that of the web server's processes."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """An enrolled bot and its key."""

    device_id: str
    key: bytes


def measure_check_ins(bench: Bench) -> list[Figure]:
    """(d): check-ins with ever more bots enrolled, against GET /healthz."""
    bots: list[Bot] = []
    found: list[Figure] = []
    cpu: list[Series] = []
    for level in _LEVELS[: bench.pick(3, 2)]:
        bots += enrol(bench, level - len(bots))
        rounds = _Rounds(bench, bots)
        rounds.measure(bench)
        found += rounds.figures()
        cpu.append(rounds.check_in_cpu)
    return [*found, _growth(cpu), *_with_many_connections(bench, bots), *_with_a_page(bench, bots)]


def _growth(cpu: Sequence[Series]) -> Figure:
    return Figure(
        part="d",
        title="CPU: growth with the number of bots",
        ours=cpu[-1],
        baseline=cpu[0],
        aim=_GROWTH_AIM,
    )


def _with_many_connections(bench: Bench, bots: Sequence[Bot]) -> list[Figure]:
    """The same from several clients at once: threads of the web server then wait for each other."""
    rounds = _Rounds(bench, bots, f", {_MANY_CONNECTIONS} connections", _MANY_CONNECTIONS)
    rounds.measure(bench)
    return rounds.figures()


def _with_a_page(bench: Bench, bots: Sequence[Bot]) -> list[Figure]:
    """The same while a page is open: from then on the web server reads all events itself."""
    page = EventSocket(bench.server.url, bench.new_owner().http.cookies.get_dict())
    rounds = _Rounds(bench, bots, ", a page open")
    rounds.measure(bench)
    page.close()
    return rounds.figures()[:1]


def enrol(bench: Bench, count: int) -> list[Bot]:
    """Enrol bots of one owner by writing their rows."""
    secrets = SecretBox(bench.settings.encryption_key)
    rows = [
        provisioning.new_device(
            product_id=DeviceId(f"bench_{uuid4().hex[:12]}"),
            account_id=None,
            secrets=secrets,
            now=datetime.now(UTC),
        )
        for _ in range(count)
    ]
    keys = [secrets.open(row.key_sealed, context=f"device_key:{row.id}") for row in rows]
    bots = [Bot(device_id=row.id, key=key) for row, key in zip(rows, keys, strict=True)]
    with bench.database() as session, writing(session):
        session.add_all(rows)
    return bots


class _Rounds:
    """Rounds of check-ins and of GET /healthz in turns, at one number of enrolled bots."""

    _starts = count(100_000, 100_000)

    def __init__(
        self, bench: Bench, bots: Sequence[Bot], note: str = "", connections: int = _CONNECTIONS
    ) -> None:
        self._port = bench.server.port
        self._pids = bench.web_pids
        self._bots = ("1 bot" if len(bots) == 1 else f"{len(bots):,} bots") + note
        self._shares = [list(bots[place::connections]) for place in range(connections)]
        # Above all sequence numbers used before.
        self._turn = next(self._starts)
        self._found: dict[str, list[float]] = {name: [] for name in ("cpu", "rate", "idle_cpu", "idle_rate")}

    @property
    def check_in_cpu(self) -> Series:
        """Processor time of a check-in."""
        return self._series("cpu", "check-in", "ms")

    def measure(self, bench: Bench) -> None:
        """Take turns; the first round of each only warms up."""
        each = bench.pick(2_000, 200) // len(self._shares)
        for _ in range(bench.pick(6, 2) + 1):
            self._turn += each
            self._one("cpu", "rate", [self._check_ins(share, each) for share in self._shares])
            self._one("idle_cpu", "idle_rate", [Load(requests=_health, count=each) for _ in self._shares])
        for values in self._found.values():
            del values[0]

    def figures(self) -> list[Figure]:
        """CPU and rate."""
        return [
            Figure(
                part="d",
                title=f"CPU of a check-in, {self._bots}",
                ours=self.check_in_cpu,
                baseline=self._series("idle_cpu", "/healthz", "ms"),
                aim=_CPU_AIM,
                note=_NOTE,
            ),
            Figure(
                part="d",
                title=f"check-ins a second, {self._bots}",
                ours=self._series("rate", "check-ins", "/s"),
                baseline=self._series("idle_rate", "/healthz", "/s"),
            ),
        ]

    def _one(self, cpu: str, rate: str, loads: Sequence[Load]) -> None:
        count = sum(load.count for load in loads)
        before = cpu_s(self._pids)
        seconds = run_loads(self._port, loads)
        self._found[cpu].append((cpu_s(self._pids) - before) * 1000 / count)
        self._found[rate].append(count / seconds)

    def _check_ins(self, share: Sequence[Bot], count: int) -> Load:
        first = self._turn
        return Load(requests=lambda: _signed(share, first), count=count)

    def _series(self, key: str, name: str, unit: str) -> Series:
        return Series(name=name, unit=unit, values=tuple(self._found[key]))


def _signed(bots: Sequence[Bot], first: int) -> Iterator[bytes]:
    """Signed check-ins of the bots in turn, the first with the sequence number `first`."""
    number = first
    while True:
        # Each round goes on where the last one ended, so that all bots call.
        bot = bots[number % len(bots)]
        yield check_in_request(bot, number)
        number += 1


def check_in_request(bot: Bot, number: int) -> bytes:
    """One check-in on the wire; its facts differ from those of the call before.

    Args:
        number: sequence number, rising from call to call.
    """
    report = {
        "board": VIRTUAL_FQBN,
        "image_digest": hashlib.sha256(bot.device_id.encode()).hexdigest(),
        "version": "1.0.0",
        "slot": "ota_0",
        "boot": "normal",
        "reset_reason": f"reason {number}",
        "uptime_s": number % 1_000_000,
        "free_heap_bytes": 200_000,
        "rssi_dbm": -60,
        "trigger": "poll",
    }
    body = json.dumps(report).encode()
    counter = f"{1:08x}{number:08x}"
    nonce = uuid4().hex
    signature = signing.request_signature(
        bot.key, method="POST", path=_PATH, counter=counter, nonce=nonce, body=body
    )
    head = (
        f"POST {_PATH} HTTP/1.1\r\nHost: bench\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nX-Device-Id: {bot.device_id}\r\n"
        f"X-Device-Counter: {counter}\r\nX-Device-Nonce: {nonce}\r\nX-Device-Signature: {signature}\r\n\r\n"
    )
    return head.encode() + body


def _health() -> Iterator[bytes]:
    while True:
        yield b"GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n"
