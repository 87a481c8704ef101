"""Runs the programs the set-up needs, with their output in a log and a sign of life on the screen."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.setup.errors import SetupError, log_hint

Progress = Callable[[str], None]

_SIGN_OF_LIFE_S = 15
_TAIL_BYTES = 8192
_MESSAGE_CHARS = 240


class CommandFailed(Exception):
    """A program of the set-up failed; the text is the last line of its output."""


def run_logged(
    command: Sequence[str | Path],
    *,
    log: Path,
    progress: Progress,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Run a program to its end and keep what it prints.

    Args:
        command: the program and its arguments.
        log: file to which the output is appended.
        progress: called every 15 seconds while the program runs.
        env: variables added to the environment.
        cwd: folder to run in.
    Raises:
        CommandFailed: the program is missing or ended with an error.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        start = output.tell()
        try:
            child = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
            )
        except OSError as error:
            raise CommandFailed(f"{command[0]}: {error.strerror}") from error
        code = _wait(child, progress)
    if code != 0:
        raise CommandFailed(last_line_of(log, start) or f"{command[0]} ended with code {code}")


def _wait(child: subprocess.Popen[bytes], progress: Progress) -> int:
    """Wait for the end, with a sign of life; the child ends with us."""
    started = time.monotonic()
    try:
        while True:
            try:
                return child.wait(timeout=_SIGN_OF_LIFE_S)
            except subprocess.TimeoutExpired:
                progress(f"still working ({time.monotonic() - started:.0f} s)")
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def last_line_of(log: Path, start: int = 0) -> str:
    """The last line of a log that says something, cut to a length fit for a message.

    Args:
        log: the file.
        start: byte from which to read.
    """
    try:
        with log.open("rb") as stream:
            stream.seek(max(start, log.stat().st_size - _TAIL_BYTES))
            lines = [line.strip() for line in stream.read().decode(errors="replace").splitlines()]
    except OSError:
        return ""
    # npm ends with the name of its own log.
    telling = [line for line in lines if line and "A complete log of this run" not in line]
    return telling[-1][:_MESSAGE_CHARS] if telling else ""


def output_of(command: Sequence[str | Path], limit_s: float = 20) -> str | None:
    """What a program prints on its standard output; None if it cannot be run or fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def command_error(error: CommandFailed, missing: str, remedy: str, log: Path) -> SetupError:
    """The SetupError for a program that failed."""
    return SetupError(f"{missing} ({error})", f"{remedy} {log_hint(log)}")
