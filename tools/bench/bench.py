"""What all measurements share: the running server, its settings and database, its processor time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil
from sqlalchemy.orm import Session

from app.kernel.database import make_sessions, open_engine
from config import Settings
from tools.trial.server import Owner, Server


@dataclass(kw_only=True)
class Bench:
    """One run of the benchmark.

    Attributes:
        server: the server under measurement.
        folder: for the baselines' own files.
        is_quick: small counts, to see that everything works; the figures are worth little.
    """

    server: Server
    folder: Path
    is_quick: bool

    def pick(self, full: int, quick: int) -> int:
        """A count for this run."""
        return quick if self.is_quick else full

    @cached_property
    def settings(self) -> Settings:
        """The settings the web process really has."""
        return Settings.from_env(psutil.Process(self.web_pids[0]).environ())

    @property
    def web_pids(self) -> list[int]:
        """All processes of the web server."""
        return self.server.descendants("gunicorn")

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session on the server's own database, for rows that people would need hours to make."""
        engine = open_engine(self.settings.database_url)
        with make_sessions(engine)() as session:
            yield session
        engine.dispose()

    def new_owner(self) -> Owner:
        """A registered person with a session."""
        return Owner(self.server.url).register()


def cpu_s(pids: list[int]) -> float:
    """Processor seconds that processes have used so far, user and system."""
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(time.user + time.system for time in times)
