"""What several compile workers can build for together."""

from dataclasses import replace

import pytest

from app.toolchain.rules import Board, Catalog, CoreState, CoreStatus, Fqbn
from app.toolchain.union import best_board, union_of

CORE = CoreStatus(core="a:b", state=CoreState.INSTALLED, version="1.0", message="")
BOARD = Board(
    fqbn=Fqbn("a:b:c"),
    name="C",
    core="a:b",
    chip="esp32",
    slot_bytes=1,
    available=True,
    reason="",
    toolchain_key="1",
)
CATALOG = Catalog(boards=(BOARD,), cores=(CORE,), tool_version="1.9")


def with_core(**values: object) -> Catalog:
    return replace(CATALOG, cores=(replace(CORE, **values),))  # type: ignore[arg-type]


def test_no_worker_offers_nothing() -> None:
    assert union_of(()) == Catalog(boards=(), cores=(), tool_version="")
    assert best_board(()) is None


def test_one_worker_is_shown_as_it_is() -> None:
    assert union_of([CATALOG]) == CATALOG


def test_boards_stay_in_the_order_of_their_list() -> None:
    other = replace(BOARD, fqbn=Fqbn("a:b:d"))
    extra = replace(BOARD, fqbn=Fqbn("x:y:z"))
    union = union_of([replace(CATALOG, boards=(other, BOARD)), replace(CATALOG, boards=(extra, BOARD))])
    assert [board.fqbn for board in union.boards] == [other.fqbn, BOARD.fqbn, extra.fqbn]


def test_an_available_board_is_preferred_to_a_newer_one_that_is_not() -> None:
    missing = replace(BOARD, available=False, reason="no", toolchain_key="")
    assert best_board([(missing, "2.0"), (BOARD, "1.0"), (missing, "3.0")]) == BOARD


def test_versions_are_compared_as_numbers() -> None:
    newer = replace(BOARD, toolchain_key="2")
    assert best_board([(newer, "3.0.10"), (BOARD, "3.0.9")]) == newer
    union = union_of([replace(CATALOG, tool_version="1.10"), CATALOG])
    assert union.tool_version == "1.10"


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ((CoreState.MISSING, CoreState.INSTALLED), CoreState.INSTALLED),
        ((CoreState.INSTALLING, CoreState.MISSING), CoreState.INSTALLING),
        ((CoreState.INSTALLED, CoreState.INSTALLING), CoreState.INSTALLED),
    ],
)
def test_a_core_is_as_far_as_on_the_worker_that_is_furthest(
    states: tuple[CoreState, ...], shown: CoreState
) -> None:
    (core,) = union_of([with_core(state=state) for state in states]).cores
    assert core.state is shown


def test_different_versions_are_named_and_equal_ones_are_not() -> None:
    (same,) = union_of([CATALOG, CATALOG]).cores
    assert same.message == ""
    (mixed,) = union_of([with_core(version="2.0"), CATALOG]).cores
    assert (mixed.version, mixed.message) == ("2.0", "Compile workers have different versions: 1.0, 2.0.")
