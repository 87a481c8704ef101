"""Uploaded sketches, whatever they hold."""

import io
import zipfile
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from app.kernel.errors import AppError
from app.sketches.archives import Upload, read_upload, write_zip
from app.sketches.rules import MAX_FILES, MAX_SKETCH_BYTES, main_file

SAVED_AT = datetime(2026, 1, 1, tzinfo=UTC)
# Names as people, other systems and attackers write them.
_PARTS = st.sampled_from(
    [
        "Blink",
        "Blink.ino",
        "blink.INO",
        "src",
        "a.h",
        "..",
        ".",
        "",
        "__MACOSX",
        "._a",
        "C:",
        "CON",
        "ä",
        "\u0308",
    ]
) | st.text(max_size=12)
_PATHS = st.lists(_PARTS, min_size=1, max_size=4).map("/".join)
_CONTENTS = st.sampled_from([b"", b"void setup() {}\nvoid loop() {}\n", bytes(70_000)]) | st.binary(
    max_size=200
)


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """An archive of any names and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in draw(st.dictionaries(_PATHS, _CONTENTS, max_size=6)).items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = draw(st.integers(0, 0xFFFF)) << 16
            archive.writestr(entry, content, draw(st.sampled_from([0, 8])))
    return buffer.getvalue()


def check(filename: str, data: bytes) -> Upload | None:
    """Read an upload; refusals are by rule, and what is taken is a sketch that can be stored and built."""
    try:
        upload = read_upload(filename, data)
    except AppError:
        return None
    files = upload.sources.files
    assert main_file(upload.sources.sketch_name) in files
    assert 0 < len(files) <= MAX_FILES
    assert sum(map(len, files.values())) <= MAX_SKETCH_BYTES
    for path, content in files.items():
        content.decode()
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert "\\" not in path
        assert path.isprintable()
    assert len({path.casefold() for path in files}) == len(files)
    return upload


@given(filename=st.text(max_size=40).map(lambda name: name + ".ino"), data=_CONTENTS)
@example(filename="\ud800.ino", data=b"")
def test_any_file_is_a_sketch_or_refused(filename: str, data: bytes) -> None:
    check(filename, data)


@given(data=archives())
def test_any_archive_is_a_sketch_or_refused(data: bytes) -> None:
    check("Blink.zip", data)


@given(data=archives(), at=st.integers(0), by=st.integers(1, 255))
def test_an_archive_that_is_damaged_anywhere_does_no_harm(data: bytes, at: int, by: int) -> None:
    damaged = bytearray(data)
    damaged[at % len(damaged)] ^= by
    check("Blink.zip", bytes(damaged))


@given(data=st.binary(max_size=300))
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    assert check("Blink.zip", data) is None


@given(name=st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,20}", fullmatch=True), data=archives())
def test_what_was_taken_is_taken_again_as_it_is_given_out(name: str, data: bytes) -> None:
    upload = check(f"{name}.zip", data)
    if upload is not None:
        sources = upload.sources
        again = check("download.zip", write_zip(sources.sketch_name, sources.files, SAVED_AT))
        assert again == Upload(sources=sources, notices=())
