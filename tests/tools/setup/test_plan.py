"""The order of steps, and what is said when one cannot be done."""

import errno
from dataclasses import dataclass, field

import pytest

from tools.setup.commands import Progress
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
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


def test_done_step_is_not_done_again(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    step = FakeStep(paths=paths, done=True)
    run_steps([step], paths)
    assert step.calls == []
    assert "[1/1] Fake part: ready" in capsys.readouterr().out


def test_step_tells_its_progress(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    run_steps([FakeStep(paths=paths)], paths)
    assert capsys.readouterr().out.splitlines() == ["[1/1] Fake part: working", "[1/1] Fake part: ready"]


def test_required_step_that_fails_stops_the_rest(paths: Paths) -> None:
    last = FakeStep(paths=paths)
    with pytest.raises(SetupError, match="gone"):
        run_steps([FakeStep(paths=paths, error=SetupError("It is gone.", "Bring it.")), last], paths)
    assert last.calls == []


def test_optional_step_that_fails_is_reported_and_passed(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    last = FakeStep(paths=paths)
    run_steps(
        [FakeStep(paths=paths, required=False, error=SetupError("It is gone.", "Bring it.")), last], paths
    )
    assert "Skipped: It is gone. Bring it." in capsys.readouterr().out
    assert last.calls == ["do"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
    ],
)
def test_error_of_the_system_becomes_plain_words(paths: Paths, number: int, words: str) -> None:
    with pytest.raises(SetupError, match=words):
        run_steps([FakeStep(paths=paths, error=OSError(number, "said by the kernel"))], paths)


def test_fault_of_ours_leaves_its_traceback_in_the_log(paths: Paths) -> None:
    with pytest.raises(SetupError, match="The set-up stopped: impossible"):
        run_steps([FakeStep(paths=paths, error=RuntimeError("impossible"))], paths)
    assert "Traceback" in paths.setup_log.read_text()
