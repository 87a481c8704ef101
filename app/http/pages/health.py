"""Whether the server is well, for supervisors and monitors."""

from flask import Blueprint
from typing_extensions import TypedDict

from app.http.responses import current_runtime
from app.kernel.errors import Unavailable
from app.runtime import Runtime
from app.scheduler.lease import LEASE_S, last_beat

bp = Blueprint("health", __name__)

# A leader that was killed is replaced within one lease; after two nobody leads.
_SCHEDULER_LIFE_S = 2 * LEASE_S


class Health(TypedDict):
    """The state of the server's parts.

    `status` is `ok`, or `degraded` when nothing can be built now or no scheduler lives; `workers` are those
    at work; `scheduler_heartbeat_age_s` is null if no scheduler ever ran.
    """

    status: str
    workers: int
    scheduler_heartbeat_age_s: float | None


@bp.get("/healthz")
def read_health() -> Health:
    """Report that web server and database work, and whether compile workers and a scheduler run."""
    runtime = current_runtime()
    age_s = _heartbeat_age_s(runtime)
    workers = _workers(runtime)
    is_well = workers > 0 and age_s is not None and age_s < _SCHEDULER_LIFE_S
    return {
        "status": "ok" if is_well else "degraded",
        "workers": workers,
        "scheduler_heartbeat_age_s": age_s,
    }


def _workers(runtime: Runtime) -> int:
    try:
        return runtime.queue.worker_count()
    except Unavailable:
        return 0


def _heartbeat_age_s(runtime: Runtime) -> float | None:
    beat = last_beat(runtime.sessions())
    return None if beat is None else round((runtime.clock.now() - beat).total_seconds(), 1)
