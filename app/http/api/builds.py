"""Builds: request, read, follow the log, stop, download."""

from apiflask import APIBlueprint
from flask import Response, request, send_file
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from app.builds.artifact_store import Artifact
from app.builds.payload import BuildPayload, QueuePayload, of_build
from app.http.actor import current_account_id, current_actor
from app.http.api.openapi import sends_file
from app.http.extensions import limiter
from app.http.responses import current_runtime
from app.toolchain.rules import VIRTUAL_FQBN

bp = APIBlueprint("builds", __name__, url_prefix="/api/v1", tag="Builds")

_LOG_PIECE_BYTES = 256 * 1024
_MAX_OFFSET = 1 << 40


class BuildRequest(BaseModel):
    """Which board to build for."""

    fqbn: str = Field(max_length=256, examples=[VIRTUAL_FQBN])


class LogQuery(BaseModel):
    """Where to start in a log."""

    start: int = Field(default=0, alias="from", ge=0, le=_MAX_OFFSET, description="A byte offset.")


class BuildAnswer(TypedDict):
    """A build and, while it waits, its place in the queue."""

    build: BuildPayload
    queue: QueuePayload | None


class RequestedAnswer(BuildAnswer):
    """`reused`: an earlier build of the same sources fulfils the request."""

    reused: bool


class LogAnswer(TypedDict):
    """A piece of a log; continue from `next`."""

    build_id: str
    start: int
    text: str
    next: int


@bp.post("/sketches/<sketch_id>/builds")
@limiter.limit("60/minute", key_func=current_account_id)
@bp.input(BuildRequest, location="json")
@bp.doc(responses=[200, 202])
def request_build(sketch_id: str, json_data: BuildRequest) -> tuple[RequestedAnswer, int]:
    """Build the newest revision of a sketch: 202, or 200 if such a build exists already."""
    builds = current_runtime().builds
    asked = builds.request(current_actor(), sketch_id, fqbn=json_data.fqbn)
    place = builds.queue_place(asked.build)
    answer: RequestedAnswer = {"build": of_build(asked.build), "reused": asked.reused, "queue": place}
    return answer, 200 if asked.reused else 202


@bp.get("/sketches/<sketch_id>/builds")
def list_builds(sketch_id: str) -> dict[str, list[BuildPayload]]:
    """List the newest builds of a sketch, newest first."""
    rows = current_runtime().builds.of_sketch(current_actor(), sketch_id)
    return {"builds": [of_build(row) for row in rows]}


@bp.get("/builds/<build_id>")
def read_build(build_id: str) -> BuildAnswer:
    """Read one build."""
    builds = current_runtime().builds
    build = builds.get(current_actor(), build_id)
    return {"build": of_build(build), "queue": builds.queue_place(build)}


@bp.get("/builds/<build_id>/log")
@bp.input(LogQuery, location="query")
def read_log(build_id: str, query_data: LogQuery) -> LogAnswer:
    """Read a build's log from a byte offset, at most 256 KiB at a time."""
    start = query_data.start
    piece = current_runtime().builds.read_log(current_actor(), build_id, start=start, limit=_LOG_PIECE_BYTES)
    if len(piece) == _LOG_PIECE_BYTES:
        # A full piece ends at a line's end, so that no character is cut in two.
        piece = piece[: piece.rfind(b"\n") + 1] or piece
    return {
        "build_id": build_id,
        "start": start,
        "text": piece.decode("utf-8", "replace"),
        "next": start + len(piece),
    }


@bp.post("/builds/<build_id>/stop")
def stop_build(build_id: str) -> BuildPayload:
    """Stop a build; a running one ends as soon as its compiler has exited."""
    return of_build(current_runtime().builds.stop(current_actor(), build_id))


@bp.get("/builds/<build_id>/artifacts/<name>")
@bp.doc(responses=sends_file("application/octet-stream"))
def download_artifact(build_id: str, name: str) -> Response:
    """Download one file of a finished build."""
    build, artifact = current_runtime().builds.artifact(current_actor(), build_id, name)
    return _send(artifact, name=f"{build.sketch_name}.{name}")


def _send(artifact: Artifact, *, name: str) -> Response:
    """A download, whole or one range; the bytes of a local file go out by `sendfile`."""
    answer = send_file(
        artifact.open(),
        as_attachment=True,
        download_name=name,
        last_modified=artifact.modified_at,
        etag=f"{artifact.modified_at.timestamp()}-{artifact.size_bytes}",
        conditional=False,
    )
    answer.content_length = artifact.size_bytes
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=artifact.size_bytes)
    return answer
