"""The worker's own composition root: settings, database, queue, toolchain, jail."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.builds.queue import RqBuildQueue
from app.kernel.database import make_sessions, open_engine
from app.kernel.logging import configure_logging
from app.runtime import Runtime, make_runtime
from compiler_worker.arduino.toolchain import Toolchain
from compiler_worker.arduino.warm_cache import WarmCache
from compiler_worker.sandbox.jail import Enclosure, JailError, Unjailed, find_jail
from compiler_worker.sandbox.process import Limits
from config import ROOT, Settings, settings_or_exit

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What a worker process works with."""

    runtime: Runtime
    queue: RqBuildQueue
    toolchain: Toolchain
    cache: WarmCache
    engine: Engine
    _sessions: sessionmaker[Session]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A database session for a short while."""
        with self._sessions() as session:
            yield session


def begin_logging() -> None:
    """Let this process log as the settings say; a wrong setting ends it with a line that says what to do."""
    settings = settings_or_exit()
    configure_logging(settings.log_level, as_json=settings.log_as_json)


@cache
def equip() -> Equipment:
    """The equipment of this process, made once; a work horse inherits it from the worker.

    Raises:
        SettingsError: a setting is missing or wrong.
        JailError: the jail does not work here, and the settings do not say to go without.
    """
    settings = Settings.from_env()
    engine = open_engine(settings.database_url)
    # The worker forks a work horse for each job, and a connection must not be carried across a fork.
    os.register_at_fork(before=engine.dispose)
    sessions = make_sessions(engine)
    runtime = make_runtime(settings, sessions)
    if not isinstance(runtime.queue, RqBuildQueue):
        raise TypeError("The worker needs the queue of a real server.")
    return Equipment(
        runtime=runtime,
        queue=runtime.queue,
        toolchain=Toolchain(
            tools=settings.tools_dir,
            sketchbook=ROOT / "device_sketch",
            enclosure=_enclosure(settings),
            limits=Limits(wall_s=settings.build_time_limit_s),
        ),
        cache=WarmCache(settings.instance_dir / "compiler"),
        engine=engine,
        _sessions=sessions,
    )


def _enclosure(settings: Settings) -> Enclosure:
    """The jail; none only where it does not work and somebody said to go without."""
    try:
        return find_jail(settings.tools_dir)
    except JailError as error:
        if not settings.unjailed:
            raise
        logger.warning("compilers_run_unjailed", extra={"reason": str(error)})
        return Unjailed()
