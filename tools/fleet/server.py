"""The server's side of a fleet: its processes, its database, its builds."""

import secrets as randomness
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

import psutil
import requests
from sqlalchemy import func, select

from app.accounts.tables import Account
from app.builds.rules import FIRMWARE_NAME
from app.devices import provisioning
from app.devices.rules import DeviceId
from app.devices.tables import Device
from app.kernel.actor import AccountId, Actor, Role
from app.kernel.database import make_sessions, open_engine
from app.kernel.transaction import writing
from app.runtime import Runtime, make_runtime
from app.updates.rules import END_STATES, UpdateState
from app.updates.tables import Update
from config import Settings
from tools.bench.bench import cpu_s
from tools.fleet.sketch import source
from tools.trial.server import Owner

_SKETCH = "Fleet"
_BUILD_LIMIT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A bot in the server's database, and its key."""

    product_id: str
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the server recorded of a bot after its update.

    Attributes:
        digest: of the image that the bot reported.
        ended_after_s: from the sending to the end of the update.
    """

    state: UpdateState
    error: str
    digest: str
    ended_after_s: float


class FleetServer:
    """A running server of this machine, as one owner of many bots uses it.

    Args:
        url: for example `http://127.0.0.1:5000`.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.owner = Owner(self.url, f"fleet_{randomness.token_hex(4)}").register()
        self._web: list[psutil.Process] = []
        self._sketch_id = ""
        self._sketch_revision = 0

    @property
    def web(self) -> list[psutil.Process]:
        """The processes of the web server; others after it was killed.

        Raises:
            LookupError: the server does not run on this machine, or does not run just now.
        """
        if not self._web or not all(process.is_running() for process in self._web):
            self._web = _web_processes(self.url)
        return self._web

    @cached_property
    def runtime(self) -> Runtime:
        """The server's own parts, from the settings it really has."""
        settings = Settings.from_env(self.web[-1].environ())
        return make_runtime(settings, make_sessions(open_engine(settings.database_url)))

    def cpu_s(self) -> float:
        """Processor seconds that the web server has used so far."""
        return cpu_s([process.pid for process in self.web])

    def memory_bytes(self) -> int:
        """What the web server has in memory now; 0 while there is none."""
        try:
            return sum(process.memory_info().rss for process in self.web)
        except (LookupError, psutil.NoSuchProcess):
            return 0

    def is_back(self, previous: Sequence[psutil.Process]) -> bool:
        """Whether the web server answers after an outage, and all of its previous processes have ended."""
        if any(process.is_running() for process in previous):
            return False
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).ok and bool(self.web)
        except (LookupError, requests.RequestException):
            return False

    def build(self, release: int) -> tuple[str, bytes]:
        """Have a release of the fleet's sketch built; its build and its image."""
        self._save(source(release))
        answer = self.owner.compile(self._sketch_id)
        asked = answer["build"]
        assert isinstance(asked, dict)
        build = self.owner.ended_build(asked["id"], limit_s=_BUILD_LIMIT_S)
        assert build["state"] == "succeeded", build
        found = self.owner.call("GET", f"/builds/{build['id']}/artifacts/{FIRMWARE_NAME}", expect=200)
        return str(build["id"]), found.content

    def enrol(self, count: int, poll_s: int) -> list[Enrolled]:
        """Enrol bots of the owner by writing their rows; they ask every `poll_s` seconds."""
        rows = [self._new_device(place, poll_s) for place in range(count)]
        keys = [
            provisioning.open_key(row.key_sealed, device_id=row.id, secrets=self.runtime.secrets)
            for row in rows
        ]
        enrolled = [Enrolled(product_id=row.id, key=key) for row, key in zip(rows, keys, strict=True)]
        with self.runtime.sessions() as session, writing(session):
            session.add_all(rows)
        return enrolled

    def send(self, build_id: str, product_ids: Sequence[str]) -> None:
        """Send a build to bots, as the page does with one bot."""
        owner = Actor(account_id=self._account_id, role=Role.OWNER)
        with self.runtime.sessions() as session:
            updates = replace(self.runtime, sessions=lambda: session).updates
            for product_id in product_ids:
                updates.send(owner, product_id, build_id=build_id)

    def states(self) -> Counter[UpdateState]:
        """How many of the owner's updates are in which state."""
        query = (
            select(Update.state, func.count())
            .join(Device, Device.id == Update.device_id)
            .where(Device.account_id == self._account_id)
            .group_by(Update.state)
        )
        with self.runtime.sessions() as session:
            return Counter({row[0]: row[1] for row in session.execute(query)})

    def has_open_updates(self) -> bool:
        """Whether an update of the owner has not ended."""
        return any(state not in END_STATES for state in self.states())

    def outcomes(self) -> dict[str, Outcome]:
        """How each bot's update ended, by product id."""
        query = (
            select(Update, Device.image_digest)
            .join(Device, Device.id == Update.device_id)
            .where(Device.account_id == self._account_id)
        )
        with self.runtime.sessions() as session:
            return {
                row.device_id: Outcome(
                    state=row.state,
                    error=row.error_code or "",
                    digest=digest,
                    ended_after_s=((row.ended_at or row.changed_at) - row.created_at).total_seconds(),
                )
                for row, digest in session.execute(query)
            }

    @cached_property
    def _account_id(self) -> AccountId:
        with self.runtime.sessions() as session:
            found = session.scalar(select(Account.id).where(Account.login_name == self.owner.product_id))
        assert found is not None
        return found

    def _new_device(self, place: int, poll_s: int) -> Device:
        device = provisioning.new_device(
            product_id=DeviceId(f"{self.owner.product_id}_{place:04}"),
            account_id=self._account_id,
            secrets=self.runtime.secrets,
            now=datetime.now(UTC),
        )
        device.poll_after_s = poll_s
        return device

    def _save(self, text: str) -> None:
        name = f"{_SKETCH}.ino"
        if not self._sketch_id:
            sketch = self.owner.call("POST", "/sketches", {"name": _SKETCH}, expect=201).json()
            self._sketch_id, self._sketch_revision = sketch["id"], sketch["revision"]
        self._sketch_revision = self.owner.save(
            self._sketch_id, {name: text}, base_revision=self._sketch_revision
        )


def _web_processes(url: str) -> list[psutil.Process]:
    bind = f":{url.rpartition(':')[2]}"
    found = [
        process
        for process in psutil.process_iter(["cmdline"])
        if "gunicorn" in " ".join(process.info["cmdline"] or [])
        and any(word.endswith(bind) for word in process.info["cmdline"])
        and "tools.supervisor.process_guard" not in process.info["cmdline"]
    ]
    if not found:
        raise LookupError(f"no web server of this machine serves {url}")
    return found


@dataclass(kw_only=True)
class Meter:
    """What the server spends between two moments.

    Attributes:
        check_ins: how many there were so far, when the meter was started.
    """

    server: FleetServer
    check_ins: int
    _cpu_s: float = 0.0
    _started_s: float = 0.0

    def __post_init__(self) -> None:
        self._cpu_s = self.server.cpu_s()
        self._started_s = time.monotonic()

    @property
    def cpu_ms(self) -> float:
        """Processor time since the start."""
        return (self.server.cpu_s() - self._cpu_s) * 1000

    @property
    def elapsed_s(self) -> float:
        """Time since the start."""
        return time.monotonic() - self._started_s
