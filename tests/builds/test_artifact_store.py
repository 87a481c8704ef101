"""Artifacts on disk."""

import errno
import os
from pathlib import Path

import pytest

from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildId
from app.kernel.errors import NotFound, Unavailable

ONE = BuildId("1" * 32)
TWO = BuildId("2" * 32)


@pytest.fixture
def store(tmp_path: Path) -> DiskArtifactStore:
    return DiskArtifactStore(tmp_path / "builds")


def _publish(store: DiskArtifactStore, build_id: BuildId, content: bytes = b"image") -> None:
    output = store.new_output(build_id)
    (output / "firmware.bin").write_bytes(content)
    assert not store.has_artifacts(build_id)
    store.publish(build_id, output)


def test_artifacts_appear_all_at_once(store: DiskArtifactStore) -> None:
    _publish(store, ONE)
    assert store.has_artifacts(ONE)
    assert store.artifact(ONE, "firmware.bin").read_bytes() == b"image"


def test_what_a_bot_is_given_is_on_the_disk_before_it_appears(
    store: DiskArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.fstat(number).st_ino))
    output = store.new_output(ONE)
    for name in ("firmware.bin", "bootloader.bin", "partitions.bin", "firmware.elf"):
        (output / name).write_bytes(b"x")
    store.publish(ONE, output)
    files = {store.artifact(ONE, name).stat().st_ino: name for name in ("firmware.bin", "bootloader.bin")}
    assert {files.get(number, "partitions.bin") for number in synced} == {
        "firmware.bin",
        "bootloader.bin",
        "partitions.bin",
    }
    assert store.artifact(ONE, "firmware.elf").stat().st_ino not in synced


@pytest.mark.parametrize(
    "name", ["../build.log", "/etc/passwd", "", ".", "nothing.bin", "snapshot", "a/b.bin"]
)
def test_only_artifacts_can_be_named(store: DiskArtifactStore, name: str) -> None:
    _publish(store, ONE)
    store.append_log(ONE, b"x")
    with pytest.raises(NotFound):
        store.artifact(ONE, name)


@pytest.mark.parametrize("build_id", ["", "..", "1" * 31, "1" * 32 + "/..", "G" * 32])
def test_only_build_ids_name_folders(store: DiskArtifactStore, build_id: str) -> None:
    with pytest.raises(NotFound):
        store.folder(BuildId(build_id))


def test_a_snapshot_keeps_its_folders(store: DiskArtifactStore) -> None:
    folder = store.put_snapshot(ONE, {"A.ino": b"1", "src/b.h": b"2"})
    assert (folder / "src" / "b.h").read_bytes() == b"2"


def test_the_log_grows_and_is_read_from_any_byte(store: DiskArtifactStore) -> None:
    assert store.read_log(ONE, 0, 10) == b""
    assert store.append_log(ONE, b"one\n") == 0
    assert store.append_log(ONE, b"two\n") == 4
    assert store.read_log(ONE, 2, 4) == b"e\ntw"
    assert store.read_log(ONE, 100, 4) == b""


def test_an_adopted_twin_shares_the_bytes(store: DiskArtifactStore) -> None:
    _publish(store, ONE)
    store.append_log(ONE, b"log\n")
    store.adopt(TWO, ONE)
    assert store.artifact(TWO, "firmware.bin").samefile(store.artifact(ONE, "firmware.bin"))
    store.remove(ONE)
    assert store.artifact(TWO, "firmware.bin").read_bytes() == b"image"
    assert store.read_log(TWO, 0, 10) == b"log\n"


def test_a_twin_that_is_gone_cannot_be_adopted(store: DiskArtifactStore) -> None:
    with pytest.raises(NotFound):
        store.adopt(TWO, ONE)


def test_a_full_disk_is_said_in_words(store: DiskArtifactStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Unavailable) as caught:
        store.put_snapshot(ONE, {"A.ino": b""})
    assert caught.value.code == "no_room"
    assert not store.folder(ONE).exists()
