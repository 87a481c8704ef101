"""The scheduler process: `python -m app.scheduler`."""

import logging
import signal
import sys
from threading import Event

from sqlalchemy.orm import scoped_session

from app.kernel.database import make_sessions, open_engine
from app.kernel.logging import configure_logging
from app.runtime import make_runtime
from app.scheduler.jobs import make_jobs
from app.scheduler.lease import Lease
from app.scheduler.loop import Scheduler
from config import settings_or_exit

logger = logging.getLogger("app.scheduler")


def main() -> int:
    """Run the jobs until a signal ends the process."""
    settings = settings_or_exit()
    configure_logging(settings.log_level, as_json=settings.log_as_json)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = open_engine(settings.database_url)
    sessions = scoped_session(make_sessions(engine))
    runtime = make_runtime(settings, sessions)
    logger.info("scheduler_started")
    Scheduler(Lease(engine, runtime.clock), make_jobs(runtime), after_job=sessions.remove).run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
