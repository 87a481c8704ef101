"""Artifacts on disk."""

import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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
    store.publish(build_id, [("firmware.bin", content)])


def test_artifacts_appear_all_at_once(store: DiskArtifactStore) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        for name in ("firmware.bin", "firmware.elf"):
            yield name, b"image"
            assert not store.has_artifacts(ONE)

    store.publish(ONE, files())
    assert store.has_artifacts(ONE)
    assert store.artifact(ONE, "firmware.elf").read() == b"image"


def test_an_artifact_tells_its_size_and_age_and_is_a_file_that_can_be_sent(store: DiskArtifactStore) -> None:
    before = datetime.now(UTC)
    _publish(store, ONE)
    artifact = store.artifact(ONE, "firmware.bin")
    assert artifact.size_bytes == 5
    assert abs(artifact.modified_at - before) < timedelta(minutes=1)
    with artifact.open() as stream:
        stream.seek(2)
        assert stream.read() == b"age"
        assert os.fstat(stream.fileno()).st_size == 5


def test_what_fails_to_be_published_leaves_nothing(store: DiskArtifactStore) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        yield "firmware.bin", b"half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.publish(ONE, files())
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_a_folder_with_the_snapshot_of_an_older_version_does_no_harm(store: DiskArtifactStore) -> None:
    (store.root / ONE / "snapshot").mkdir(parents=True)
    (store.root / ONE / "snapshot" / "Blink.ino").write_bytes(b"")
    _publish(store, ONE)
    store.append_log(ONE, b"log\n")
    store.adopt(TWO, ONE)
    assert store.artifact(TWO, "firmware.bin").read() == b"image"
    store.remove(ONE)
    assert not (store.root / ONE).exists()


def test_what_a_bot_is_given_is_on_the_disk_before_it_appears(
    store: DiskArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda number: synced.add(os.fstat(number).st_ino))
    images = ("firmware.bin", "bootloader.bin", "partitions.bin")
    store.publish(ONE, [(name, b"x") for name in (*images, "firmware.elf")])
    folder = store.root / ONE / "artifacts"
    assert synced == {(folder / name).stat().st_ino for name in images}


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
        store.append_log(BuildId(build_id), b"x")


def test_the_log_grows_and_is_read_from_any_byte(store: DiskArtifactStore) -> None:
    assert store.read_log(ONE, 0, 10) == b""
    assert store.append_log(ONE, b"one\n") == 0
    assert store.append_log(ONE, b"two\n") == 4
    assert store.read_log(ONE, 2, 4) == b"e\ntw"
    assert store.read_log(ONE, 100, 4) == b""


def test_an_adopted_duplicate_shares_the_bytes(store: DiskArtifactStore) -> None:
    _publish(store, ONE)
    store.append_log(ONE, b"log\n")
    store.adopt(TWO, ONE)
    both = [store.root / build_id / "artifacts" / "firmware.bin" for build_id in (ONE, TWO)]
    assert both[0].samefile(both[1])
    store.remove(ONE)
    assert store.artifact(TWO, "firmware.bin").read() == b"image"
    assert store.read_log(TWO, 0, 10) == b"log\n"


def test_a_duplicate_that_is_gone_cannot_be_adopted(store: DiskArtifactStore) -> None:
    with pytest.raises(NotFound):
        store.adopt(TWO, ONE)


def test_a_full_disk_is_said_in_words(store: DiskArtifactStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable) as caught:
        _publish(store, ONE)
    assert caught.value.code == "disk_full"
    assert not store.has_artifacts(ONE)
