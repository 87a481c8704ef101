"""The order of steps, and what is said when one cannot be done."""

import errno
from dataclasses import dataclass, field

import pytest

from tools.setup.commands import Progress
from tools.setup.errors import Problem
from tools.setup.paths import Places
from tools.setup.plan import run_steps
from tools.setup.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeStep(Step):
    done: bool = False
    required: bool = True
    error: Exception | None = None
    calls: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return "Fake part"

    @property
    def is_required(self) -> bool:
        return self.required

    def is_done(self) -> bool:
        return self.done

    def do(self, progress: Progress) -> None:
        self.calls.append("do")
        if self.error:
            raise self.error
        progress("working")


def test_done_step_is_not_done_again(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    step = FakeStep(places=places, done=True)
    run_steps([step], places)
    assert step.calls == []
    assert "[1/1] Fake part: ready" in capsys.readouterr().out


def test_step_tells_its_progress(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    run_steps([FakeStep(places=places)], places)
    assert capsys.readouterr().out.splitlines() == ["[1/1] Fake part: working", "[1/1] Fake part: ready"]


def test_required_step_that_fails_stops_the_rest(places: Places) -> None:
    last = FakeStep(places=places)
    with pytest.raises(Problem, match="gone"):
        run_steps([FakeStep(places=places, error=Problem("It is gone.", "Bring it.")), last], places)
    assert last.calls == []


def test_optional_step_that_fails_is_told_and_passed(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    last = FakeStep(places=places)
    run_steps(
        [FakeStep(places=places, required=False, error=Problem("It is gone.", "Bring it.")), last], places
    )
    assert "WITHOUT IT - It is gone. Bring it." in capsys.readouterr().out
    assert last.calls == ["do"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
    ],
)
def test_error_of_the_system_becomes_plain_words(places: Places, number: int, words: str) -> None:
    with pytest.raises(Problem, match=words):
        run_steps([FakeStep(places=places, error=OSError(number, "said by the kernel"))], places)


def test_fault_of_ours_leaves_its_traceback_in_the_log(places: Places) -> None:
    with pytest.raises(Problem, match="The set-up stopped: impossible"):
        run_steps([FakeStep(places=places, error=RuntimeError("impossible"))], places)
    assert "Traceback" in places.setup_log.read_text()
