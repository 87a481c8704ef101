"""Runs the steps of the set-up and says in plain lines how they went."""

import fcntl
import shutil
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tools.setup.errors import SetupError, log_hint, setup_error_of
from tools.setup.paths import Paths
from tools.setup.steps.step import Step

# Measured: 0.9 GB for a whole set-up, and as much again while archives are being unpacked.
_NEEDED_BYTES = 2_000_000_000


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def run_steps(steps: Sequence[Step], paths: Paths) -> None:
    """Do every step that is not done.

    Raises:
        SetupError: a required step cannot be done.
    """
    with _one_at_a_time(paths):
        for number, step in enumerate(steps, start=1):
            _run_step(step, f"[{number}/{len(steps)}] {step.name}", paths)


@contextmanager
def _one_at_a_time(paths: Paths) -> Iterator[None]:
    """Let a second set-up in the same folder wait for the first."""
    try:
        paths.tools.mkdir(parents=True, exist_ok=True)
        lock = (paths.tools / "setup.lock").open("w")
    except OSError as error:
        raise setup_error_of(error, "Starting the set-up") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another set-up is running in this folder; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run_step(step: Step, label: str, paths: Paths) -> None:
    try:
        if step.is_done():
            say(f"{label}: ready")
            return
        _require_space(paths)
        step.do(lambda line: say(f"{label}: {line}"))
    except SetupError as error:
        _give_up(step, label, error)
    except OSError as error:
        _give_up(step, label, setup_error_of(error, step.name))
    except Exception as error:
        _give_up(step, label, _unforeseen(error, paths))
    else:
        say(f"{label}: ready")


def _give_up(step: Step, label: str, error: SetupError) -> None:
    """Stop at a required step; go on after the others with a warning."""
    if step.is_required:
        raise error
    say(f"{label}: Skipped: {error.missing} {error.remedy}")


def _unforeseen(error: Exception, paths: Paths) -> SetupError:
    """An unexpected error as a SetupError, with the traceback in the log instead of on the screen."""
    with paths.setup_log.open("a", encoding="utf-8") as log:
        traceback.print_exception(error, file=log)
    return SetupError(f"The set-up stopped: {error}.", f"Please report it. {log_hint(paths.setup_log)}")


def _require_space(paths: Paths) -> None:
    free = shutil.disk_usage(paths.tools).free
    if free < _NEEDED_BYTES:
        raise SetupError(
            f"Only {free // 1_000_000} MB of disk space are free here.",
            f"The set-up needs {_NEEDED_BYTES // 1_000_000} MB. Free some, then run the command again.",
        )
