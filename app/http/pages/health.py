"""Whether the server is well, for supervisors and monitors."""

from flask import Blueprint
from sqlalchemy import text
from typing_extensions import TypedDict

from app.http.responses import current_runtime
from app.kernel.errors import Unavailable

bp = Blueprint("health", __name__)


class Health(TypedDict):
    """`status` is `ok`, or `degraded` when nothing can be built now; `workers` are those at work."""

    status: str
    workers: int


@bp.get("/healthz")
def read_health() -> Health:
    """Say that pages and database answer, and how many compile workers there are."""
    runtime = current_runtime()
    runtime.sessions().execute(text("SELECT 1"))
    try:
        workers = runtime.queue.worker_count()
    except Unavailable:
        workers = 0
    return {"status": "ok" if workers else "degraded", "workers": workers}
