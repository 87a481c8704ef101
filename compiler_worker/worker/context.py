"""The worker's own composition root: settings, database, queue, toolchain, sandbox."""

import logging
import os
import socket
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app.kernel.database import make_sessions, open_engine
from app.kernel.logging import configure_logging
from app.runtime import Runtime, make_runtime
from app.toolchain.rules import WorkerName
from compiler_worker.arduino.toolchain import Toolchain
from compiler_worker.arduino.warm_cache import WarmCache
from compiler_worker.sandbox.jail import JailError, NoSandbox, Sandbox, find_jail
from compiler_worker.sandbox.process import Limits
from config import ROOT, Settings, settings_or_exit

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """What a worker process works with.

    Attributes:
        name: what this worker publishes its boards under.
        sessions: gives every service the same session until `sessions.remove()`, which ends it.
    """

    name: WorkerName
    runtime: Runtime
    toolchain: Toolchain
    cache: WarmCache
    engine: Engine
    sessions: scoped_session[Session]


def begin_logging() -> None:
    """Configure logging from the settings; a wrong setting ends the process with a helpful line."""
    settings = settings_or_exit()
    configure_logging(settings.log_level, as_json=settings.log_as_json)


@cache
def worker_context() -> WorkerContext:
    """The context of this process, made once; a work horse inherits it from the worker.

    Raises:
        SettingsError: a setting is missing or wrong.
        JailError: the jail does not work here, and the settings do not say to go without.
    """
    settings = Settings.from_env()
    engine = open_engine(settings.database_url)
    # The worker forks a work horse for each job, and a connection must not be carried across a fork.
    os.register_at_fork(before=engine.dispose)
    sessions = scoped_session(make_sessions(engine))
    return WorkerContext(
        name=WorkerName(settings.worker_name or socket.gethostname()),
        runtime=make_runtime(settings, sessions),
        toolchain=Toolchain(
            tools=settings.tools_dir,
            sketchbook=ROOT / "device_sketch",
            sandbox=_sandbox(settings),
            limits=Limits(wall_s=settings.build_time_limit_s),
        ),
        cache=WarmCache(settings.instance_dir / "compiler"),
        engine=engine,
        sessions=sessions,
    )


def _sandbox(settings: Settings) -> Sandbox:
    """The jail; none only where it does not work and the settings allow to go without."""
    try:
        return find_jail(settings.tools_dir)
    except JailError as error:
        if not settings.unjailed:
            raise
        logger.warning("compilers_run_unjailed", extra={"reason": str(error)})
        return NoSandbox()
