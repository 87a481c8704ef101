"""Uploaded sketches: what is accepted, and why a hostile archive is refused."""

import io
import random
import stat
import struct
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from app.kernel.errors import AppError, Invalid, LimitExceeded
from app.sketches import archives as sketch_upload
from app.sketches.archives import Upload, read_upload, write_zip
from app.sketches.rules import MAX_FILE_BYTES, MAX_SKETCH_BYTES
from app.sketches.sources import Sources

SETUP = b"void setup() {}\nvoid loop() {}\n"


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, content in entries:
            target.writestr(name, content)
    return buffer.getvalue()


def special(name: str, kind: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    return entry


def refusal_of(data: bytes, filename: str = "Blink.zip") -> AppError:
    with pytest.raises(AppError) as refusal:
        read_upload(filename, data)
    return refusal.value


def test_an_ino_file_becomes_a_sketch_of_its_name() -> None:
    assert read_upload("Blink.ino", SETUP) == Upload(
        sources=Sources(sketch_name="Blink", files={"Blink.ino": SETUP}), notices=()
    )


@pytest.mark.parametrize("filename", ["C:\\Users\\ann\\Blink.ino", "/home/ann/Blink.ino", "Blink.INO"])
def test_only_the_last_part_of_the_file_name_counts(filename: str) -> None:
    assert set(read_upload(filename, SETUP).sources.files) == {"Blink.ino"}


def test_a_name_that_cannot_stay_is_changed_and_reported() -> None:
    upload = read_upload("my first sketch.ino", SETUP)
    assert (upload.sources.sketch_name, set(upload.sources.files)) == (
        "my_first_sketch",
        {"my_first_sketch.ino"},
    )
    assert upload.notices == ("“my first sketch.ino” is now called “my_first_sketch.ino”.",)


@pytest.mark.parametrize("filename", ["Blink.pdf", "Blink", "ino", "", "Blink.ino.exe"])
def test_another_ending_is_refused_by_name(filename: str) -> None:
    refusal = refusal_of(SETUP, filename)
    assert refusal.code == "bad_upload"
    assert refusal.details["file"] == filename


def test_a_file_that_is_no_text_is_refused_by_name() -> None:
    refusal = refusal_of(b"\xff\xd8\xff\xe0", "Blink.ino")
    assert (refusal.code, refusal.details["file"]) == ("not_text", "Blink.ino")


def test_an_archive_of_a_folder_is_a_sketch() -> None:
    upload = read_upload(
        "download.zip",
        archive(
            ("Blink/", b""), ("Blink/Blink.ino", SETUP), ("Blink/lamp.h", b"1"), ("Blink/src/a/b.cpp", b"2")
        ),
    )
    assert upload.sources.sketch_name == "Blink"
    assert upload.sources.files == {"Blink.ino": SETUP, "lamp.h": b"1", "src/a/b.cpp": b"2"}


def test_an_archive_without_a_folder_is_a_sketch_too() -> None:
    upload = read_upload("whatever.zip", archive(("Blink.ino", SETUP), ("src/a.h", b"1")))
    assert (upload.sources.sketch_name, set(upload.sources.files)) == ("Blink", {"Blink.ino", "src/a.h"})


def test_of_several_ino_files_the_one_named_like_the_folder_is_the_main_file() -> None:
    entries = (("Two/One.ino", b"1"), ("Two/Two.ino", b"2"))
    assert read_upload("x.zip", archive(*entries)).sources.sketch_name == "Two"
    assert read_upload("One.zip", archive(("One.ino", b"1"), ("Two.ino", b"2"))).sources.sketch_name == "One"
    assert refusal_of(archive(("Three/One.ino", b"1"), ("Three/Two.ino", b"2"))).code == "no_main_file"


@pytest.mark.parametrize("entries", [(), (("a.h", b""),), (("Blink/src/Blink.ino", b""),)])
def test_an_archive_without_a_main_file_is_refused(entries: tuple[tuple[str, bytes], ...]) -> None:
    assert refusal_of(archive(*entries)).code == "no_main_file"


def test_what_file_managers_add_is_skipped_and_reported() -> None:
    upload = read_upload(
        "x.zip",
        archive(
            ("Blink/Blink.ino", SETUP),
            ("Blink/.DS_Store", b"\xff"),
            ("__MACOSX/Blink/._Blink.ino", b"\xff"),
            ("Blink/Thumbs.db", b"\xff"),
        ),
    )
    assert set(upload.sources.files) == {"Blink.ino"}
    assert len(upload.notices) == 3
    assert "“Blink/.DS_Store” was skipped" in upload.notices[0]


@pytest.mark.parametrize(
    "name", ["sketch.yaml", "build_opt.h", "partitions.csv", "photo.png", "data/x.h", ".git/config", "a b.h"]
)
def test_a_forbidden_file_is_refused_by_name_and_reason(name: str) -> None:
    refusal = refusal_of(archive(("Blink/Blink.ino", SETUP), (f"Blink/{name}", b"")))
    assert refusal.code == "bad_file_name"
    assert refusal.details["file"] == name
    assert refusal.details["why"]
    assert name in refusal.message


@pytest.mark.parametrize(
    "name",
    ["../evil.h", "Blink/../../evil.h", "/etc/evil.h", "..", "C:/evil.h", "C:evil.h", "..\\evil.h", "a\\b.h"],
)
def test_a_path_that_leads_out_is_refused_by_name(name: str) -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = name  # Past the constructor, which tidies names up.
    refusal = refusal_of(archive(("Blink.ino", SETUP), (entry, b"x")))
    assert refusal.code == "bad_file_in_archive"
    assert refusal.details["file"] == name


def test_a_file_without_a_name_is_refused() -> None:
    data = archive(("Blink.ino", SETUP), (zipfile.ZipInfo(""), b"x"))
    refusal = refusal_of(data)
    assert (refusal.code, refusal.details["file"]) == ("bad_file_in_archive", "")


def test_a_name_with_a_zero_byte_is_refused() -> None:
    data = archive(("Blink.ino", SETUP), ("evil.h#.png", b"x")).replace(b"evil.h#", b"evil.h\0")
    refusal = refusal_of(data)
    assert refusal.code == "bad_file_in_archive"
    assert "evil.h" in str(refusal.details["file"])


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_special_files_are_refused_by_name(kind: int) -> None:
    refusal = refusal_of(archive(("Blink.ino", SETUP), (special("shadow.h", kind), b"/etc/shadow")))
    assert (refusal.code, refusal.details["file"]) == ("bad_file_in_archive", "shadow.h")
    assert "link" in str(refusal.details["why"])


def test_an_encrypted_file_is_refused_by_name() -> None:
    data = bytearray(archive(("Blink.ino", SETUP)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at] |= 1
    refusal = refusal_of(bytes(data))
    assert (refusal.code, refusal.details["file"]) == ("bad_file_in_archive", "Blink.ino")
    assert "encrypted" in str(refusal.details["why"])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packing_methods_are_refused(method: int) -> None:
    assert "deflate" in refusal_of(archive(("Blink.ino", SETUP), method=method)).message


def test_a_name_that_is_there_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(("Blink.ino", SETUP), ("Blink.ino", b"other"))
    assert "twice" in refusal_of(data).message


def test_a_bomb_is_not_unpacked_further_than_the_limit() -> None:
    bomb = archive(("Blink.ino", SETUP), ("bomb.h", b"\0" * 40 * 1024 * 1024))
    assert len(bomb) < sketch_upload.MAX_UPLOAD_BYTES
    refusal = refusal_of(bomb)
    assert (refusal.code, refusal.details["file"]) == ("file_too_big", "bomb.h")


def test_many_files_within_their_limit_are_not_too_much_together() -> None:
    entries = [
        (f"f{number}.h", b"x" * MAX_FILE_BYTES) for number in range(MAX_SKETCH_BYTES // MAX_FILE_BYTES)
    ]
    assert refusal_of(archive(("Blink.ino", SETUP), *entries)).code == "sketch_too_big"


def test_an_archive_that_lies_about_a_size_is_refused() -> None:
    data = bytearray(archive(("Blink.ino", b"x" * 1000)))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)  # APPNOTE.TXT 4.3.12, uncompressed size
    refusal = refusal_of(bytes(data))
    assert (refusal.code, refusal.details["file"]) == ("bad_file_in_archive", "Blink.ino")
    assert "damaged" in refusal.message


def test_too_many_files_and_too_many_entries_are_refused() -> None:
    files = [(f"f{number}.h", b"") for number in range(32)]
    assert refusal_of(archive(("Blink.ino", SETUP), *files)).code == "too_many_files"
    folders = [(f"src/{number}/", b"") for number in range(sketch_upload.MAX_ENTRIES)]
    assert refusal_of(archive(("Blink.ino", SETUP), *folders)).code == "too_many_files"


def test_a_large_upload_is_not_even_opened() -> None:
    refusal = refusal_of(b"x" * (sketch_upload.MAX_UPLOAD_BYTES + 1))
    assert isinstance(refusal, LimitExceeded)
    assert refusal.code == "upload_too_big"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not an archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    assert refusal_of(data).code in {"bad_archive", "no_main_file"}


def test_damaged_archives_are_refused_in_words_whatever_the_damage() -> None:
    whole = archive(("Blink/Blink.ino", SETUP * 20), ("Blink/src/a.h", b"\xc3\xa4" * 50))
    chance = random.Random(7)
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        with suppress(Invalid, LimitExceeded):
            assert read_upload("Blink.zip", bytes(data)).sources


def test_a_download_is_one_folder_that_comes_back_the_same() -> None:
    files = {"Blink.ino": SETUP, "src/a.h": "ä".encode()}
    data = write_zip("Blink", files, datetime(2026, 5, 4, 12, 30, 8, tzinfo=UTC))
    with zipfile.ZipFile(io.BytesIO(data)) as written:
        assert written.namelist() == ["Blink/Blink.ino", "Blink/src/a.h"]
        assert written.infolist()[0].date_time == (2026, 5, 4, 12, 30, 8)
        assert stat.S_IMODE(written.infolist()[0].external_attr >> 16) == 0o644
    assert read_upload("Blink.zip", data) == Upload(
        sources=Sources(sketch_name="Blink", files=files), notices=()
    )
