"""What the scheduler does, and how often."""

from collections.abc import Callable
from dataclasses import dataclass

from app.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A periodic job.

    A job may be cut off or, when a leader is replaced, run twice at once: it changes rows by guarded
    statements.

    Attributes:
        name: for the log.
        interval_s: seconds from one start to the next.
    """

    name: str
    interval_s: float
    run: Callable[[], object]


def make_jobs(runtime: Runtime) -> tuple[Job, ...]:
    """The jobs of a real server."""

    return (Job(name="expire_updates", interval_s=5.0, run=runtime.updates.expire),)
