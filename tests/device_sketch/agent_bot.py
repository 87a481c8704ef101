"""A virtual bot that carries the agent: boots its slots as a bootloader does, calls a server."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field

import wasmtime
from flask.testing import FlaskClient

from tests.factories import DEVICE_KEY
from tools.fleet.virtual_host import MICROSECONDS_PER_S, Bot, EndOfRun, Imports, run

SERVER = "http://bot-server"
POWER_ON, BY_PROGRAM, CRASH, WATCHDOG = 1, 3, 4, 6
_TEXT_TYPE = b"\x08"  # Preferences keeps a text behind one byte that tells its type.


@dataclass(slots=True, kw_only=True)
class Board(Bot):
    """One boot of an agent bot, with what its host must know besides.

    Attributes:
        client: the server; None while there is none.
        facts: answers to `info`.
        joined: the networks that let this bot in, with their passwords.
        wifi_status: as the image sees it.
        asked: every network that the image tried, in order.
        spare: the image that was written, once `ota_end` accepted it.
        calls: method and path of every call, with the answer's status.
        moments: what happens to the bot at which microsecond of its own time.
        dies_at_call: the power goes at the call of this number, counted from 0; -1: it stays.
        dies_after: whether the server has heard that call.
        cut_after_bytes: the connection breaks after so many bytes of each body; 0: never.
    """

    client: FlaskClient | None = None
    facts: dict[str, str] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)
    wifi_status: int = 0
    asked: list[str] = field(default_factory=list)
    spare: bytes | None = None
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    moments: dict[float, Callable[["Board"], None]] = field(default_factory=dict)
    dies_at_call: int = -1
    dies_after: bool = False
    cut_after_bytes: int = 0


class BoardImports(Imports):
    """The host's functions with a real server behind them."""

    def __init__(self, bot: Bot, store: wasmtime.Store) -> None:
        super().__init__(bot, store)
        assert isinstance(bot, Board)
        self.board = bot
        self._answers: dict[int, tuple[int, dict[str, str], bytearray]] = {}
        self._left: dict[int, int] = {}

    def _pass(self, duration_us: float) -> None:
        super()._pass(duration_us)
        for moment_us in sorted(moment for moment in self.board.moments if moment <= self.board.now_us):
            self.board.moments.pop(moment_us)(self.board)

    def random(self) -> int:
        return int.from_bytes(os.urandom(4), "big", signed=True)

    def info(self, key: int, key_size: int, out: int, capacity: int) -> int:
        found = self.board.facts.get(self._text(key, key_size))
        return self._answer(found.encode() if found is not None else None, out, capacity)

    def nvs_del(self, space: int, space_size: int, key: int, key_size: int) -> int:
        name = (self._text(space, space_size), self._text(key, key_size))
        return 0 if self.board.nvs.pop(name, None) is not None else -1

    def wifi_begin(self, ssid: int, ssid_size: int, password: int, password_size: int) -> None:
        name, word = self._text(ssid, ssid_size), self._text(password, password_size)
        self.board.asked.append(name)
        known = self.board.joined.get(name)
        self.board.wifi_status = 1 if known is None else 3 if known == word else 4

    def wifi_status(self) -> int:
        return self.board.wifi_status

    def http_open(self, request: int, request_size: int, body: int, body_size: int, timeout_ms: int) -> int:
        lines = self._text(request, request_size).splitlines()
        method, url = lines[0].split(" ", 1)
        if self.board.client is None or not url.startswith(SERVER):
            return -5
        path = url.removeprefix(SERVER)
        if len(self.board.calls) == self.board.dies_at_call and not self.board.dies_after:
            raise EndOfRun("power cut")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        answer = self.board.client.open(
            path, method=method, headers=headers, data=self._read(body, body_size), buffered=True
        )
        self.board.calls.append((method, path, answer.status_code))
        if len(self.board.calls) == self.board.dies_at_call + 1 and self.board.dies_after:
            raise EndOfRun("power cut")
        handle = len(self._answers)
        self._answers[handle] = (answer.status_code, dict(answer.headers), bytearray(answer.data))
        self._left[handle] = self.board.cut_after_bytes
        return handle

    def http_status(self, handle: int) -> int:
        return self._answers[handle][0]

    def http_size(self, handle: int) -> int:
        return int(self._answers[handle][1].get("Content-Length", -1))

    def http_header(self, handle: int, name: int, name_size: int, out: int, capacity: int) -> int:
        wanted = self._text(name, name_size).lower()
        headers = {key.lower(): value for key, value in self._answers[handle][1].items()}
        return self._answer(headers[wanted].encode() if wanted in headers else None, out, capacity)

    def http_read(self, handle: int, out: int, capacity: int) -> int:
        body = self._answers[handle][2]
        if self.board.cut_after_bytes and len(body) > 4096:
            if self._left[handle] <= 0:
                return -5
            capacity = min(capacity, self._left[handle])
            self._left[handle] -= capacity
        part = bytes(body[:capacity])
        del body[:capacity]
        return self._answer(part, out, capacity)

    def ota_end(self) -> int:
        self.board.spare = bytes(self.board.slot)
        return 0


@dataclass(slots=True, kw_only=True)
class AgentBot:
    """A bot over many boots: its memory, its two slots and its bootloader.

    Attributes:
        image: the image that boots.
        previous: the confirmed image to return to while `image` is on trial.
    """

    image: bytes
    client: FlaskClient | None
    product_id: str
    nvs: dict[tuple[str, str], bytes] = field(default_factory=dict)
    previous: bytes | None = None
    reason: int = POWER_ON
    rolled_back: bool = False
    joined: dict[str, str] = field(default_factory=lambda: {"": ""})
    boots: list[Board] = field(default_factory=list)

    def set_up(self, **settings: str) -> "AgentBot":
        """Put into the memory what the first flash does."""
        texts = {"product_id": self.product_id, "server": SERVER, "device_key": DEVICE_KEY.hex(), **settings}
        for key, text in texts.items():
            self.nvs["airsketch", key] = _TEXT_TYPE + text.encode()
        return self

    def stored(self, key: str) -> str | None:
        """A text of the agent's memory."""
        found = self.nvs.get(("airsketch", key))
        return found[1:].decode() if found is not None else None

    def boot(self, run_s: float = 30, **changes: object) -> Board:
        """Switch on, or go on after a restart, for at most `run_s` seconds of the bot's own time."""
        board = Board(
            run_us=run_s * MICROSECONDS_PER_S,
            client=self.client,
            nvs=self.nvs,
            joined=self.joined,
            facts={
                "image_sha256": hashlib.sha256(self.image).hexdigest(),
                "reset_reason": str(self.reason),
                "slot": "ota_0",
                "boot": "rolled_back" if self.rolled_back else "normal",
            },
        )
        for name, value in changes.items():
            setattr(board, name, value)
        run(self.image, board, BoardImports)
        self.boots.append(board)
        self._choose_slot(board)
        return board

    def _choose_slot(self, board: Board) -> None:
        """What the bootloader does next."""
        self.rolled_back = False
        self.reason = {"restart 3": BY_PROGRAM, "time is over": POWER_ON, "power cut": POWER_ON}.get(
            board.end, CRASH
        )
        if board.confirmed:
            self.previous = None
        if board.spare is not None and board.confirmed:
            self.previous, self.image = self.image, board.spare
        elif self.previous is not None and not board.confirmed:
            self.image, self.previous, self.rolled_back = self.previous, None, True
