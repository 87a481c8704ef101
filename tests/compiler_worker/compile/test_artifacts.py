"""What a hostile compile may leave in the folder of its results."""

import json
import os
from pathlib import Path

import pytest

from app.builds.rules import BuildId, BuildSpec, LibraryUse, SectionSize
from app.kernel.errors import Invalid
from app.sketches.sources import Sources
from app.toolchain.rules import VIRTUAL_CHIP, VIRTUAL_FQBN
from compiler_worker.compile.artifacts import collect_image, collect_others, read_file, write_manifest


def wasm_image(payload: bytes = b"") -> bytes:
    """The smallest image of a virtual bot."""
    facts = b'{"version":"1.2.3","project":"Blink"}'
    section = bytes([7]) + b"bot.app" + facts
    more = bytes([0, len(payload) + 2, 1]) + b"x" + payload if payload else b""
    return b"\0asm\x01\0\0\0" + bytes([0, len(section)]) + section + more


def spec(slot_bytes: int = 10_000, chip: str = VIRTUAL_CHIP) -> BuildSpec:
    return BuildSpec(
        build_id=BuildId("0" * 32),
        sources=Sources.empty("Blink"),
        cache_owner="",
        fqbn=VIRTUAL_FQBN,
        chip=chip,
        slot_bytes=slot_bytes,
    )


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "made").mkdir()
    return tmp_path / "made"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_image_is_checked_and_stored_under_its_plain_name(made: Path, out: Path) -> None:
    (made / "Blink.ino.bin").write_bytes(wasm_image())
    facts = collect_image(made, spec(), out)
    assert (facts.version, facts.project) == ("1.2.3", "Blink")
    assert (out / "firmware.bin").read_bytes() == wasm_image()


def test_missing_image_is_named(made: Path, out: Path) -> None:
    with pytest.raises(Invalid, match="produced no firmware") as caught:
        collect_image(made, spec(), out)
    assert caught.value.code == "bad_image"


def test_link_is_not_followed(made: Path, out: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(wasm_image())
    (made / "Blink.ino.bin").symlink_to(tmp_path / "secret")
    with pytest.raises(Invalid) as caught:
        collect_image(made, spec(), out)
    assert caught.value.code == "bad_artifact"
    assert not (out / "firmware.bin").exists()


def test_second_name_of_another_file_is_refused(made: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    os.link(tmp_path / "secret", made / "Blink.ino.elf")
    with pytest.raises(Invalid, match="not an ordinary file"):
        read_file(made / "Blink.ino.elf", max_bytes=100)


def test_pipe_does_not_hang_the_worker(made: Path) -> None:
    os.mkfifo(made / "Blink.ino.bin")
    with pytest.raises(Invalid, match="not an ordinary file"):
        read_file(made / "Blink.ino.bin", max_bytes=100)


def test_folder_is_no_file(made: Path) -> None:
    (made / "Blink.ino.bin").mkdir()
    with pytest.raises(Invalid):
        read_file(made / "Blink.ino.bin", max_bytes=100)


def test_too_large_a_file_is_not_read_to_its_end(made: Path) -> None:
    with (made / "big").open("wb") as file:
        file.truncate(10 * 1024**3)
    with pytest.raises(Invalid, match="larger than 1000 bytes"):
        read_file(made / "big", max_bytes=1000)


def test_image_for_another_chip_is_refused(made: Path, out: Path) -> None:
    (made / "Blink.ino.bin").write_bytes(wasm_image())
    with pytest.raises(Invalid) as caught:
        collect_image(made, spec(chip="esp32"), out)
    assert caught.value.code == "wrong_chip"


def test_image_larger_than_the_slot_is_refused(made: Path, out: Path) -> None:
    (made / "Blink.ino.bin").write_bytes(wasm_image(b"y" * 100))
    with pytest.raises(Invalid) as caught:
        collect_image(made, spec(slot_bytes=50), out)
    assert caught.value.code == "image_too_big"


def test_parts_for_the_initial_flash_are_kept_and_unknown_files_are_not(made: Path, out: Path) -> None:
    for suffix in ("elf", "map", "bootloader.bin", "partitions.bin", "exe"):
        (made / f"Blink.ino.{suffix}").write_bytes(suffix.encode())
    collect_others(made, spec(), out)
    assert {path.name for path in out.iterdir()} == {
        "firmware.elf",
        "firmware.map",
        "bootloader.bin",
        "partitions.bin",
    }


def test_manifest_says_what_was_built_from_what(made: Path, out: Path) -> None:
    (made / "Blink.ino.bin").write_bytes(wasm_image())
    image = collect_image(made, spec(), out)
    facts = write_manifest(
        out,
        spec=spec(),
        image=image,
        versions={"tool": "1.5.1", "core": "1.0.0"},
        libraries=(LibraryUse(name="AirsketchBot", version="0.1.0"),),
        sizes=(SectionSize(name="text", size_bytes=1, max_bytes=2),),
    )
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["board"] == VIRTUAL_FQBN
    assert manifest["versions"] == {"tool": "1.5.1", "core": "1.0.0"}
    assert manifest["image"]["sha256"] == image.sha256
    assert manifest["libraries"] == [{"name": "AirsketchBot", "version": "0.1.0"}]
    assert [file["name"] for file in manifest["files"]] == ["firmware.bin"]
    assert {fact.name for fact in facts} == {"firmware.bin", "manifest.json"}
    assert str(out) not in (out / "manifest.json").read_text()
