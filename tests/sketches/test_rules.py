"""Names, counts and sizes of sketches, and what their digest depends on."""

import pytest

from app.kernel.errors import AppError, Invalid, LimitExceeded
from app.sketches import rules as sketches

MAIN = {"Blink.ino": b"void setup() {}\nvoid loop() {}\n"}


def refusal_of(files: dict[str, bytes], name: str = "Blink") -> AppError:
    with pytest.raises(AppError) as refusal:
        sketches.check_files(name, files)
    return refusal.value


@pytest.mark.parametrize("name", ["Blink", "a", "_x", "9lives", "my-sketch_2", "x" * 48])
def test_a_plain_sketch_name_is_accepted(name: str) -> None:
    assert sketches.parse_sketch_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "-x", "a b", "ä", "a/b", "..", "a.b", "x" * 49, "a\n", "con", "NUL", "com1", "Lpt9"]
)
def test_another_sketch_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        sketches.parse_sketch_name(name)
    assert refusal.value.code == "bad_sketch_name"


@pytest.mark.parametrize(
    "path",
    [
        "Blink.ino",
        "lamp.h",
        "lamp.cpp",
        "lamp.HPP",
        "start.S",
        "notes.txt",
        "README.md",
        "src/a/b/c.h",
        "a.b.h",
    ],
)
def test_a_plain_source_is_accepted(path: str) -> None:
    assert sketches.check_file_name(path) == path


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("sketch.yaml", "compiler settings"),
        ("SKETCH.YML", "compiler settings"),
        ("build_opt.h", "compiler settings"),
        ("Build_Opt.H", "compiler settings"),
        ("src/file_opts.h", "compiler settings"),
        ("partitions.csv", "compiler settings"),
        ("bootloader.bin", "compiler settings"),
        ("platform.local.txt", "compiler settings"),
        ("library.properties", "compiler settings"),
        ("a.py", "only Arduino sources"),
        ("Makefile", "only Arduino sources"),
        ("photo.png", "only Arduino sources"),
        ("../x.h", "start with no"),
        ("/etc/passwd.txt", "names have"),
        ("src/../../x.h", "start with no"),
        (".hidden.h", "start with no"),
        ("-x.h", "start with no"),
        ("a b.h", "names have"),
        ("a\\b.h", "names have"),
        ("a\x00.h", "names have"),
        ("a.h\n", "names have"),
        ("", "names have"),
        ("src//a.h", "names have"),
        ("lib/a.h", "below “src”"),
        ("SRC/a.h", "below “src”"),
        ("src/a/b/c/d.h", "deep"),
        ("con.h", "Windows"),
        ("src/Aux/x.h", "Windows"),
        ("src/a./x.h", "Windows"),
        ("nul.ino.h", "Windows"),
        ("x" * 47 + ".h", "names have"),
    ],
)
def test_a_file_name_off_the_list_is_refused_by_name_and_reason(path: str, why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        sketches.check_file_name(path)
    assert refusal.value.code == "bad_file_name"
    assert refusal.value.details["file"] == path
    assert why in str(refusal.value.details["why"])


def test_a_sketch_with_its_main_file_is_accepted() -> None:
    sketches.check_files("Blink", {**MAIN, "src/lamp.h": b"\xc3\xa4", "empty.txt": b""})


def test_the_main_file_is_needed() -> None:
    assert refusal_of({"Other.ino": b""}).code == "no_main_file"
    assert refusal_of({"blink.ino": b""}).code == "no_main_file"


def test_names_that_differ_in_case_only_are_refused() -> None:
    refusal = refusal_of({**MAIN, "Lamp.h": b"", "lamp.h": b""})
    assert refusal.code == "same_file_name"
    assert str(refusal.details["file"]).lower() == "lamp.h"


def test_a_file_with_the_name_of_a_folder_is_refused() -> None:
    refusal = refusal_of({**MAIN, "src/a.h": b"", "src/A.h/b.h": b""})
    assert (refusal.code, refusal.details["file"]) == ("same_file_name", "src/a.h")


@pytest.mark.parametrize("content", [b"\xff\xfe", "ä".encode("latin-1"), b"a\0b", b"\xed\xa0\x80"])
def test_a_file_that_is_no_text_is_refused(content: bytes) -> None:
    refusal = refusal_of({**MAIN, "a.h": content})
    assert (refusal.code, refusal.details["file"]) == ("not_text", "a.h")


def test_counts_and_sizes_are_allowed_up_to_their_limit_and_no_further() -> None:
    most = {**MAIN, **{f"f{number}.h": b"" for number in range(sketches.MAX_FILES - 1)}}
    sketches.check_files("Blink", most)
    assert refusal_of({**most, "more.h": b""}).code == "too_many_files"

    big = {**MAIN, "a.h": b"x" * sketches.MAX_FILE_BYTES}
    sketches.check_files("Blink", big)
    assert refusal_of({**MAIN, "a.h": b"x" * (sketches.MAX_FILE_BYTES + 1)}).code == "file_too_big"

    full = {f"f{number}.h": b"x" * sketches.MAX_FILE_BYTES for number in range(4)}
    refusal = refusal_of({**MAIN, **full})
    assert isinstance(refusal, LimitExceeded)
    assert refusal.code == "sketch_too_big"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Blink", "Blink"),
        ("my first sketch", "my_first_sketch"),
        ("Führer/schein", "F_hrer_schein"),
        ("--x", "x"),
        ("", "sketch"),
        ("con", "con_sketch"),
        ("x" * 80, "x" * 48),
    ],
)
def test_a_foreign_name_is_turned_into_an_allowed_one(text: str, name: str) -> None:
    assert sketches.parse_sketch_name(sketches.sketch_name_from(text)) == name


def test_a_free_name_counts_up_and_stays_short_enough() -> None:
    assert sketches.free_name("Blink", {"Blonk"}) == "Blink"
    assert sketches.free_name("Blink", {"Blink", "Blink-2"}) == "Blink-3"
    longest = "x" * 48
    assert sketches.free_name(longest, {longest}) == "x" * 46 + "-2"


def test_a_rename_takes_the_main_file_along() -> None:
    files = {**MAIN, "a.h": b"1"}
    assert sketches.renamed(files, "Blink", "Wink") == {"Wink.ino": MAIN["Blink.ino"], "a.h": b"1"}


def test_a_rename_may_change_the_case_of_letters() -> None:
    assert set(sketches.renamed(MAIN, "Blink", "BLINK")) == {"BLINK.ino"}


def test_a_rename_over_another_file_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        sketches.renamed({**MAIN, "wink.ino": b""}, "Blink", "Wink")
    assert refusal.value.code == "same_file_name"


def test_changes_are_files_added_changed_and_removed_in_order() -> None:
    before = {"Blink.ino": b"1", "gone.h": b"", "same.h": b"x"}
    after = {"new.h": b"", "Blink.ino": b"2", "same.h": b"x"}
    assert list(sketches.file_changes(before, after).items()) == [
        ("Blink.ino", "changed"),
        ("gone.h", "removed"),
        ("new.h", "added"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        (b"a\nb\n", b"a\nb\n", 0),
        (b"a\nb\n", b"a\nc\n", 1),
        (b"a\nb\n", b"b\na\n", 0),
        (b"a\n", b"a\nb\nc\n", 2),
        (b"a\na\na\n", b"a\n", 2),
    ],
)
def test_a_changed_line_counts_once_and_a_moved_one_not(before: bytes, after: bytes, count: int) -> None:
    assert sketches.changed_lines({"x.h": before}, {"x.h": after}) == count
    assert sketches.changed_lines({"x.h": before, "y.h": b"1\n2\n"}, {"x.h": after}) == count + 2
