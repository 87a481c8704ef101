"""Builds: states, the name of a result, the estimate."""

import pytest

from app.builds import rules as builds
from app.builds.rules import BuildEvent, BuildState
from app.kernel.errors import IllegalTransition
from app.toolchain.rules import Fqbn

FQBN = Fqbn("airsketch:virtual:bot")


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        (BuildState.QUEUED, BuildEvent.START, BuildState.RUNNING),
        (BuildState.QUEUED, BuildEvent.CANCEL, BuildState.CANCELLED),
        (BuildState.QUEUED, BuildEvent.SUCCEED, BuildState.SUCCEEDED),
        (BuildState.RUNNING, BuildEvent.SUCCEED, BuildState.SUCCEEDED),
        (BuildState.RUNNING, BuildEvent.FAIL, BuildState.FAILED),
        (BuildState.RUNNING, BuildEvent.TIME_OUT, BuildState.TIMED_OUT),
        (BuildState.RUNNING, BuildEvent.CANCEL, BuildState.CANCELLED),
        (BuildState.RUNNING, BuildEvent.LOSE, BuildState.LOST),
    ],
)
def test_a_legal_event_moves_the_state(state: BuildState, event: BuildEvent, after: BuildState) -> None:
    assert builds.advance(state, event) is after


@pytest.mark.parametrize("state", sorted(builds.END_STATES))
@pytest.mark.parametrize("event", list(BuildEvent))
def test_an_end_state_takes_no_event(state: BuildState, event: BuildEvent) -> None:
    with pytest.raises(IllegalTransition):
        builds.advance(state, event)


def test_a_queued_build_cannot_fail_before_it_runs() -> None:
    with pytest.raises(IllegalTransition) as caught:
        builds.advance(BuildState.QUEUED, BuildEvent.FAIL)
    assert caught.value.code == "illegal_transition"


def test_sources_are_exactly_the_states_that_take_the_event() -> None:
    assert builds.sources_of(BuildEvent.CANCEL) == {BuildState.QUEUED, BuildState.RUNNING}
    assert builds.sources_of(BuildEvent.START) == {BuildState.QUEUED}


def test_every_part_of_the_cache_key_counts() -> None:
    base = {"sources_digest": "a", "fqbn": FQBN, "toolchain_key": "t"}
    keys = {
        builds.cache_key(**base),  # type: ignore[arg-type]
        builds.cache_key(**{**base, "sources_digest": "b"}),  # type: ignore[arg-type]
        builds.cache_key(**{**base, "fqbn": Fqbn("a:b:c")}),  # type: ignore[arg-type]
        builds.cache_key(**{**base, "toolchain_key": "u"}),  # type: ignore[arg-type]
    }
    assert len(keys) == 4


def test_there_is_no_estimate_without_history() -> None:
    assert builds.estimate_wait_s([], position=1, workers=1) is None


def test_the_estimate_grows_with_the_place_and_shrinks_with_workers() -> None:
    history = [2.0, 2.0, 9.0]
    assert builds.estimate_wait_s(history, position=1, workers=1) == pytest.approx(3.0)
    assert builds.estimate_wait_s(history, position=4, workers=1) == pytest.approx(9.0)
    assert builds.estimate_wait_s(history, position=4, workers=2) == pytest.approx(5.0)
