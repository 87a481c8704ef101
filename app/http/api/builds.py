"""Builds: request, look, follow the log, stop, download."""

from apiflask import APIBlueprint
from flask import Response, send_file
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from app.builds import service as builds
from app.builds.notifications import queue_place
from app.builds.payload import BuildPayload, QueuePayload, of_build
from app.builds.rules import BuildId
from app.http.actor import current_account_id
from app.http.api.openapi import sends_file
from app.http.extensions import limiter
from app.http.responses import current_runtime
from app.sketches.rules import SketchId

bp = APIBlueprint("builds", __name__, url_prefix="/api/v1", tag="Builds")

_LOG_PIECE_BYTES = 256 * 1024
_MAX_OFFSET = 1 << 40


class BuildRequest(BaseModel):
    """Which board to build for."""

    fqbn: str = Field(max_length=256, examples=["airsketch:virtual:bot"])


class LogQuery(BaseModel):
    """Where to begin in a log."""

    start: int = Field(default=0, alias="from", ge=0, le=_MAX_OFFSET, description="A byte offset.")


class BuildAnswer(TypedDict):
    """A build and, while it waits, its place in the queue."""

    build: BuildPayload
    queue: QueuePayload | None


class RequestedAnswer(BuildAnswer):
    """`reused`: an earlier build of the same sources fulfils the request."""

    reused: bool


class LogAnswer(TypedDict):
    """A piece of a log; ask again from `next`."""

    build_id: str
    start: int
    text: str
    next: int


@bp.post("/sketches/<sketch_id>/builds")
@limiter.limit("60/minute", key_func=current_account_id)
@bp.input(BuildRequest, location="json")
@bp.doc(responses=[200, 202])
def request_build(sketch_id: str, json_data: BuildRequest) -> tuple[RequestedAnswer, int]:
    """Ask for firmware from the newest revision of a sketch: 202, or 200 when it is there already."""
    runtime = current_runtime()
    session = runtime.sessions()
    asked = builds.request(
        session,
        account_id=current_account_id(),
        sketch_id=SketchId(sketch_id),
        fqbn=json_data.fqbn,
        max_open=runtime.settings.max_open_builds,
        parts=runtime.build_parts(),
    )
    place = queue_place(session, build=asked.build, queue=runtime.queue)
    answer: RequestedAnswer = {"build": of_build(asked.build), "reused": asked.reused, "queue": place}
    return answer, 200 if asked.reused else 202


@bp.get("/sketches/<sketch_id>/builds")
def list_builds(sketch_id: str) -> dict[str, list[BuildPayload]]:
    """List the newest builds of a sketch, newest first."""
    rows = builds.of_sketch(
        current_runtime().sessions(), account_id=current_account_id(), sketch_id=sketch_id
    )
    return {"builds": [of_build(row) for row in rows]}


@bp.get("/builds/<build_id>")
def read_build(build_id: str) -> BuildAnswer:
    """Read one build."""
    runtime = current_runtime()
    session = runtime.sessions()
    build = builds.get(session, account_id=current_account_id(), build_id=build_id)
    return {"build": of_build(build), "queue": queue_place(session, build=build, queue=runtime.queue)}


@bp.get("/builds/<build_id>/log")
@bp.input(LogQuery, location="query")
def read_log(build_id: str, query_data: LogQuery) -> LogAnswer:
    """Read a build's log from a byte offset, at most 256 KiB at a time."""
    start = query_data.start
    runtime = current_runtime()
    build = builds.get(runtime.sessions(), account_id=current_account_id(), build_id=build_id)
    piece = runtime.artifacts.read_log(BuildId(build.id), start, _LOG_PIECE_BYTES)
    if len(piece) == _LOG_PIECE_BYTES:
        # A full piece ends at a line's end, so that no character is cut in two.
        piece = piece[: piece.rfind(b"\n") + 1] or piece
    return {
        "build_id": build.id,
        "start": start,
        "text": piece.decode("utf-8", "replace"),
        "next": start + len(piece),
    }


@bp.post("/builds/<build_id>/stop")
def stop_build(build_id: str) -> BuildPayload:
    """Stop a build; a running one ends as soon as its compiler is gone."""
    runtime = current_runtime()
    build = builds.stop(
        runtime.sessions(),
        account_id=current_account_id(),
        build_id=build_id,
        parts=runtime.build_parts(),
    )
    return of_build(build)


@bp.get("/builds/<build_id>/artifacts/<name>")
@bp.doc(responses=sends_file("application/octet-stream"))
def download_artifact(build_id: str, name: str) -> Response:
    """Download one file of a finished build."""
    runtime = current_runtime()
    build = builds.get(runtime.sessions(), account_id=current_account_id(), build_id=build_id)
    path = runtime.artifacts.artifact(BuildId(build.id), name)
    return send_file(path, as_attachment=True, download_name=f"{build.sketch_name}.{name}")
