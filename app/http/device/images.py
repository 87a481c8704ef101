"""An image as a response: whole or one range, with its progress counted as it is sent."""

import socket
from collections.abc import Callable, Iterator

from flask import Response, current_app, request

from app.builds.artifact_store import Artifact
from app.http.device.progress import ProgressSteps, progress_of
from app.http.responses import current_runtime
from app.updates.rules import UpdateId
from app.updates.tables import Release

# Small enough that a page sees a small image move, large enough that counting costs nothing.
_CHUNK_BYTES = 16 * 1024

Note = Callable[[int], None]


def image_answer(image: Artifact, release: Release, *, name: str) -> Response:
    """An answer with the headers of an image and no bytes yet: 200, 206 or 304.

    Args:
        name: file name offered to a browser.
    Raises:
        RequestedRangeNotSatisfiable: a range past the end, or several ranges.
    """
    answer = Response(content_type="application/octet-stream")
    answer.headers["Content-Length"] = str(release.size_bytes)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-MD5"] = release.md5
    answer.headers["X-SHA256"] = release.sha256
    answer.set_etag(release.sha256)
    # If-None-Match goes before Range (RFC 9110, 13.2.2); Werkzeug looks at the range first.
    is_known = request.if_none_match.contains_weak(release.sha256)
    answer.make_conditional(request.environ, accept_ranges=not is_known, complete_length=release.size_bytes)
    start, stop = _span(answer, release)
    return _with_bytes(answer, image, start, stop, lambda _done: None)


def count(
    answer: Response, image: Artifact, release: Release, update_id: UpdateId, *, installs: bool
) -> None:
    """Let the bytes of an answer drive an update, from its beginning on.

    Args:
        installs: the last byte means that the bot installs, as it reports nothing itself.
    """
    if request.method != "GET" or answer.status_code not in {200, 206}:
        return
    start, stop = _span(answer, release)
    current_runtime().downloads.begin(update_id, at=start)
    _stay_close_to_the_reader()
    steps = ProgressSteps(release.size_bytes)
    writer = progress_of(current_app)

    def note(done: int) -> None:
        if steps.is_worth_telling(done):
            writer.note(update_id, done, installs=installs and done == release.size_bytes)

    _with_bytes(answer, image, start, stop, note)


def _stay_close_to_the_reader() -> None:
    """Let the kernel hold little that is not on its way, so that sent bytes are nearly received bytes.

    Without it a whole image lies in the kernel's buffer at once and a slow bot shows 100 %. What is
    under way is not limited, so nobody gets slower (Linux tcp(7), TCP_NOTSENT_LOWAT).
    """
    connection = request.environ.get("gunicorn.socket")
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if connection is not None and option and connection.family in {socket.AF_INET, socket.AF_INET6}:
        connection.setsockopt(socket.IPPROTO_TCP, option, _CHUNK_BYTES)


def _span(answer: Response, release: Release) -> tuple[int, int]:
    """First byte and the one behind the last."""
    part = answer.content_range
    return (part.start or 0, part.stop or 0) if answer.status_code == 206 else (0, release.size_bytes)


def _with_bytes(answer: Response, image: Artifact, start: int, stop: int, note: Note) -> Response:
    answer.response = _read(image, start, stop, note)
    answer.direct_passthrough = True
    return answer


def _read(image: Artifact, start: int, stop: int, note: Note) -> Iterator[bytes]:
    """The bytes; each chunk is counted when the server requests the next one."""
    with image.open() as file:
        file.seek(start)
        at = start
        while at < stop and (chunk := file.read(min(_CHUNK_BYTES, stop - at))):
            yield chunk
            at += len(chunk)
            note(at)
