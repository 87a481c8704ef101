"""Caches are kept per sketch and board, used by one compile at a time, and bounded."""

import os
from pathlib import Path

import pytest

from app.toolchain.rules import VIRTUAL_FQBN, Fqbn
from compiler_worker.arduino.warm_cache import WarmCache

OTHER_BOARD = Fqbn("esp32:esp32:esp32")
INPUTS = ("toolchain 1", "Sketch.ino", "a.cpp")


@pytest.fixture
def cache(tmp_path: Path) -> WarmCache:
    return WarmCache(tmp_path / "warm", max_bytes=1000)


def test_sketch_finds_what_its_last_compile_left(cache: WarmCache) -> None:
    with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as own:
        (own / "object").write_text("x")
    with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as own:
        assert (own / "object").exists()


@pytest.mark.parametrize(
    ("owner", "fqbn"), [("b/1", VIRTUAL_FQBN), ("a/2", VIRTUAL_FQBN), ("a/1", OTHER_BOARD)]
)
def test_nobody_else_finds_it(cache: WarmCache, owner: str, fqbn: Fqbn) -> None:
    with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as own:
        (own / "object").write_text("x")
    with cache.of_sketch(owner, fqbn, INPUTS) as own:
        assert list(own.iterdir()) == []


@pytest.mark.parametrize(
    "inputs",
    [
        ("toolchain 1", "Sketch.ino"),
        ("toolchain 1", "Sketch.ino", "b.cpp"),
        ("toolchain 2", "Sketch.ino", "a.cpp"),
        ("toolchain 1", "Sketch.inoa.cpp"),
    ],
)
def test_other_inputs_find_nothing_of_the_last_compile(cache: WarmCache, inputs: tuple[str, ...]) -> None:
    with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as own:
        (own / "object").write_text("x")
    with cache.of_sketch("a/1", VIRTUAL_FQBN, inputs) as own:
        assert list(own.iterdir()) == []


def test_what_a_broken_compile_left_is_not_used(cache: WarmCache) -> None:
    def break_off() -> None:
        with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as own:
            (own / "object").write_text("half")
            raise BlockingIOError

    with pytest.raises(BlockingIOError):
        break_off()
    with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as own:
        assert list(own.iterdir()) == []


def test_second_compile_at_the_same_time_gets_an_empty_cache(cache: WarmCache) -> None:
    with (
        cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as first,
        cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as second,
    ):
        (first / "object").write_text("x")
        assert first != second
        assert list(second.iterdir()) == []
    assert not second.exists()


def test_cache_can_be_thrown_away_by_its_user(cache: WarmCache) -> None:
    with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as own:
        own.rmdir()
    with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as own:
        assert own.is_dir()


def test_error_in_a_compile_frees_the_cache(cache: WarmCache) -> None:
    with pytest.raises(BlockingIOError), cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as first:
        raise BlockingIOError
    with cache.of_sketch("a/1", VIRTUAL_FQBN, INPUTS) as second:
        assert first == second


def test_core_is_filled_once_and_without_the_empty_sketch(cache: WarmCache) -> None:
    calls: list[Path] = []

    def fill(folder: Path) -> bool:
        calls.append(folder)
        (folder / "cores").mkdir()
        (folder / "sketches").mkdir()
        return True

    for _ in range(2):
        with cache.of_core("key", VIRTUAL_FQBN, fill) as cores:
            assert [path.name for path in cores.iterdir()] == ["cores"]
    assert len(calls) == 1


def test_other_versions_are_another_core(cache: WarmCache) -> None:
    with cache.of_core("old", VIRTUAL_FQBN, lambda _: True) as old:
        pass
    with cache.of_core("new", VIRTUAL_FQBN, lambda _: True) as new:
        assert new != old


def test_core_that_fails_is_tried_again_and_leaves_nothing(cache: WarmCache, tmp_path: Path) -> None:
    def fail(folder: Path) -> bool:
        (folder / "half").write_text("x")
        return False

    with cache.of_core("key", VIRTUAL_FQBN, fail) as cores:
        assert list(cores.iterdir()) == []
    assert list((tmp_path / "warm").rglob("half")) == []
    with cache.of_core("key", VIRTUAL_FQBN, lambda folder: bool((folder / "full").write_text("x"))) as cores:
        assert [path.name for path in cores.iterdir()] == ["full"]


def test_longest_unused_is_pruned_and_one_in_use_is_spared(cache: WarmCache) -> None:
    for age, owner in ((300, "a/used"), (200, "a/old"), (100, "a/new")):
        with cache.of_sketch(owner, VIRTUAL_FQBN, INPUTS) as own:
            (own / "object").write_bytes(b"x" * 400)
        os.utime(own.parent, (1_000_000 - age, 1_000_000 - age))
    with cache.of_sketch("a/used", VIRTUAL_FQBN, INPUTS) as used:
        os.utime(used.parent, (1, 1))
        cache.prune()
        assert (used / "object").exists()
    with cache.of_sketch("a/old", VIRTUAL_FQBN, INPUTS) as old:
        assert not (old / "object").exists()
    with cache.of_sketch("a/new", VIRTUAL_FQBN, INPUTS) as new:
        assert (new / "object").exists()


def test_prune_of_nothing_is_harmless(cache: WarmCache) -> None:
    cache.prune()
