"""Sketches: list, create, import, save, rename, delete, download, history."""

import io

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from flask import Response, send_file
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from app.http.actor import current_account_id, current_actor
from app.http.api.examples import EXAMPLES_DIR
from app.http.api.openapi import sends_file
from app.http.extensions import limiter
from app.http.responses import current_runtime
from app.kernel.errors import Invalid
from app.sketches.archives import read_upload, write_zip
from app.sketches.examples import read_example
from app.sketches.payload import RevisionPayload, SketchPayload, of_revision, of_sketch
from app.sketches.revisions import ListedRevision
from app.sketches.rules import MAX_FILES, check_file_name
from app.sketches.sources import Sources
from app.toolchain.rules import VIRTUAL_FQBN

bp = APIBlueprint("sketches", __name__, url_prefix="/api/v1", tag="Sketches")

# An editor that saves after each pause in typing stays far below this.
_SAVES = "120/minute"
_NEW_SKETCHES = "30/minute;300/hour"
_MAX_REVISION = 2**31 - 1


class RevisionQuery(BaseModel):
    """Which page of revisions."""

    before: int | None = Field(default=None, ge=0, le=_MAX_REVISION, description="Older than this number.")


class SketchUpload(BaseModel):
    """A sketch as a file; without a name it gets that of the file."""

    file: UploadFile | None = None
    name: str = ""


class SketchWithFiles(SketchPayload):
    """A sketch with its newest sources by path."""

    files: dict[str, str]


class FileChangePayload(TypedDict):
    """A file that a save added, changed or removed."""

    file: str
    change: str


class ListedRevisionPayload(RevisionPayload):
    """A revision and its changes to the one before; `changes` is null if that one was deleted."""

    renamed_from: str
    changes: list[FileChangePayload] | None


class RevisionList(TypedDict):
    """One page of revisions; `next` is the `before` of the next page, null at the end."""

    revisions: list[ListedRevisionPayload]
    next: int | None


class RevisionWithFiles(RevisionPayload):
    """A revision with its sources by path."""

    files: dict[str, str]


class ImportedSketch(SketchPayload):
    """`notices` are sentences about files that were skipped or renamed."""

    notices: list[str]


class NewSketch(BaseModel):
    """A sketch to create: empty, or from an example, whose name gets `-2` when it is taken."""

    name: str = Field(max_length=100, examples=["Blink"])
    fqbn: str = Field(default=str(VIRTUAL_FQBN), max_length=256)
    example: str | None = Field(default=None, max_length=100)


class SketchChange(BaseModel):
    """What to change of a sketch."""

    name: str | None = Field(default=None, max_length=100)
    fqbn: str | None = Field(default=None, max_length=256)


class SavedFiles(BaseModel):
    """Sources to save, and the revision they were made from."""

    base_revision: int = Field(ge=1, le=_MAX_REVISION)
    # One more than allowed, so that the refusal is in the words of the rule.
    files: dict[str, str] = Field(max_length=10 * MAX_FILES)


@bp.get("/sketches")
def list_sketches() -> dict[str, list[SketchPayload]]:
    """List your sketches, last changed first."""
    return {"sketches": [of_sketch(row) for row in current_runtime().sketches.list_sketches(current_actor())]}


@bp.post("/sketches")
@limiter.limit(_NEW_SKETCHES, key_func=current_account_id)
@bp.input(NewSketch, location="json")
@bp.doc(responses=[201, 404, 409])
def create_sketch(json_data: NewSketch) -> tuple[SketchPayload, int]:
    """Create a sketch."""
    example, name = json_data.example, json_data.name
    sources = read_example(EXAMPLES_DIR, example).renamed(name) if example else Sources.empty(name)
    row = current_runtime().sketches.create(
        current_actor(), sources, fqbn=json_data.fqbn, any_free_name=example is not None
    )
    return of_sketch(row), 201


@bp.post("/sketches/import")
@limiter.limit(_NEW_SKETCHES, key_func=current_account_id)
@bp.input(SketchUpload, location="form_and_files")
@bp.doc(responses=[201, 409])
def import_sketch(form_and_files_data: SketchUpload) -> tuple[ImportedSketch, int]:
    """Create a sketch from an uploaded `.ino` or `.zip`; a taken name gets `-2`."""
    sent = form_and_files_data.file
    if sent is None or not sent.filename:
        raise Invalid("no_file", "Choose an .ino or .zip file.", {"field": "file"})
    upload = read_upload(sent.filename, sent.stream.read())
    sources = upload.sources.renamed(form_and_files_data.name or upload.sources.sketch_name)
    row = current_runtime().sketches.create(current_actor(), sources, any_free_name=True)
    return {**of_sketch(row), "notices": list(upload.notices)}, 201


@bp.get("/sketches/<sketch_id>")
def read_sketch(sketch_id: str) -> SketchWithFiles:
    """Read a sketch with its newest sources."""
    row, files = current_runtime().sketches.read(current_actor(), sketch_id)
    return {**of_sketch(row), "files": _texts(files)}


@bp.patch("/sketches/<sketch_id>")
@limiter.limit(_SAVES, key_func=current_account_id)
@bp.input(SketchChange, location="json")
@bp.doc(responses=[200, 409])
def change_sketch(sketch_id: str, json_data: SketchChange) -> SketchPayload:
    """Rename a sketch (and its main file, as a new revision), or choose its board."""
    sketches, actor = current_runtime().sketches, current_actor()
    row = sketches.change(actor, sketch_id, name=json_data.name, fqbn=json_data.fqbn)
    return of_sketch(row)


@bp.delete("/sketches/<sketch_id>")
@bp.doc(responses=[204])
def delete_sketch(sketch_id: str) -> tuple[str, int]:
    """Delete a sketch with all its revisions; its finished builds stay."""
    current_runtime().sketches.remove(current_actor(), sketch_id)
    return "", 204


@bp.put("/sketches/<sketch_id>/files")
@limiter.limit(_SAVES, key_func=current_account_id)
@bp.input(SavedFiles, location="json")
@bp.doc(responses=[200, 409])
def save_sources(sketch_id: str, json_data: SavedFiles) -> SketchPayload:
    """Save the sources as a new revision; 409 `newer_revision` if a newer one was saved in the meantime."""
    files = {check_file_name(path): _bytes(path, text) for path, text in json_data.files.items()}
    row = current_runtime().sketches.save(
        current_actor(), sketch_id, base_revision=json_data.base_revision, files=files
    )
    return of_sketch(row)


@bp.get("/sketches/<sketch_id>/revisions")
@bp.input(RevisionQuery, location="query")
def list_revisions(sketch_id: str, query_data: RevisionQuery) -> RevisionList:
    """List the kept revisions of a sketch, newest first, a page at a time."""
    listed, next_before = current_runtime().sketches.list_revisions(
        current_actor(), sketch_id, before=query_data.before
    )
    return {"revisions": [_of_listed(item) for item in listed], "next": next_before}


@bp.get("/sketches/<sketch_id>/revisions/<int:number>")
def read_revision(sketch_id: str, number: int) -> RevisionWithFiles:
    """Read one revision with its sources."""
    row, files = current_runtime().sketches.read_revision(
        current_actor(), sketch_id, min(number, _MAX_REVISION)
    )
    return {**of_revision(row), "files": _texts(files)}


@bp.get("/sketches/<sketch_id>/download")
@bp.doc(responses=sends_file("application/zip"))
def download_sketch(sketch_id: str) -> Response:
    """Download a sketch as a `.zip` with one folder."""
    row, files = current_runtime().sketches.read(current_actor(), sketch_id)
    archive = io.BytesIO(write_zip(row.name, files, row.updated_at))
    return send_file(
        archive, mimetype="application/zip", as_attachment=True, download_name=f"{row.name}.zip", max_age=0
    )


def _of_listed(item: ListedRevision) -> ListedRevisionPayload:
    changes = item.changes
    return {
        **of_revision(item.row),
        "renamed_from": item.renamed_from,
        "changes": None
        if changes is None
        else [{"file": path, "change": str(change)} for path, change in changes.items()],
    }


def _bytes(path: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # JSON can hold halves of characters, which no text can.
        raise Invalid("not_text", f"“{path}” is not UTF-8 text.", {"file": path}) from None


def _texts(files: dict[str, bytes]) -> dict[str, str]:
    return {path: content.decode() for path, content in files.items()}
