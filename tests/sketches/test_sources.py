"""Sources: checked when they are made, and known by their digest."""

import pytest

from app.kernel.errors import Invalid
from app.sketches.sources import Sources, digest_of

MAIN = {"Blink.ino": b"void setup() {}\nvoid loop() {}\n"}


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("a b", {"a b.ino": b""}),
        ("Blink", {}),
        ("Other", MAIN),
        *(
            ("Blink", {**MAIN, name: b"x"})
            for name in ("sketch.yaml", "build_opt.h", "partitions.csv", "bootloader.bin", ".hidden.h")
        ),
    ],
)
def test_sources_that_break_a_rule_cannot_be_made(name: str, files: dict[str, bytes]) -> None:
    with pytest.raises(Invalid):
        Sources(sketch_name=name, files=files)


def test_made_sources_do_not_change() -> None:
    files = dict(MAIN)
    sources = Sources(sketch_name="Blink", files=files)
    files["evil.h"] = b""
    assert sources.files == MAIN
    with pytest.raises(TypeError):
        sources.files["evil.h"] = b""  # type: ignore[index]


def test_size_and_digest_are_those_of_the_files() -> None:
    sources = Sources(sketch_name="Blink", files={**MAIN, "a.h": b"12345"})
    assert sources.size_bytes == len(MAIN["Blink.ino"]) + 5
    assert sources.digest == digest_of("Blink", sources.files)


def test_a_new_name_takes_the_main_file_along() -> None:
    renamed = Sources(sketch_name="Blink", files={**MAIN, "a.h": b""}).renamed("Wink")
    assert (renamed.sketch_name, set(renamed.files)) == ("Wink", {"Wink.ino", "a.h"})
    with pytest.raises(Invalid):
        renamed.renamed("a b")


def test_the_digest_changes_with_name_path_and_content_only() -> None:
    digest = digest_of("Blink", MAIN)
    assert digest == digest_of("Blink", dict(MAIN))
    others = [
        digest_of("Blonk", MAIN),
        digest_of("Blink", {"Blink.ino": b""}),
        digest_of("Blink", {**MAIN, "a.h": b""}),
        digest_of("Blink", {"Blink.ino": MAIN["Blink.ino"] + b" "}),
    ]
    assert len({digest, *others}) == 5


def test_the_digest_knows_where_one_file_ends() -> None:
    left = digest_of("A", {"A.ino": b"", "b.h": b"c.hd"})
    right = digest_of("A", {"A.ino": b"", "b.h": b"", "c.h": b"d"})
    assert left != right


def test_the_digest_does_not_depend_on_the_order_of_files() -> None:
    one = {"A.ino": b"1", "b.h": b"2"}
    assert digest_of("A", one) == digest_of("A", dict(reversed(one.items())))
