"""Why a compile failed, from how the tool exited and what it printed."""

import re

from app.builds.rules import BuildResult, BuildState, FailureReason, Severity
from compiler_worker.compile.diagnostics import DiagnosticReader
from compiler_worker.sandbox.process import End, Outcome

_OUT_OF_MEMORY = re.compile(
    r"out of memory|OutOfMemory|[Cc]annot allocate memory|memory exhausted|bad_alloc"
    r"|Killed signal|signal: killed"
)
_DISK_FULL = re.compile(r"No space left on device|NoSpaceLeft")
# No file of a sketch that fits a bot comes near the limit.
_HUGE_FILE = re.compile(r"File too large|FileTooBig|[Ff]ile size limit exceeded")
_CRASHED = re.compile(
    r"internal compiler error|PLEASE submit a bug report|[Ss]egmentation fault|Stack dump:|signal: aborted"
)
_TOO_LONG = (
    "The compiler was stopped after {:.0f} seconds. Look for templates, constants or includes that never end."
)
_TOO_MUCH_MEMORY = "The compiler exceeded its memory limit."
_STOPS: dict[End, tuple[FailureReason, str]] = {
    End.FLOODED: (FailureReason.OUTPUT_FLOOD, "The compiler printed too much output and was stopped."),
    End.DISK_FULL: (FailureReason.DISK_FULL, "The compile exceeded its disk limit."),
    End.TOO_MANY_PROCESSES: (FailureReason.OUT_OF_MEMORY, "The compile started too many processes."),
    End.OUT_OF_MEMORY: (FailureReason.OUT_OF_MEMORY, _TOO_MUCH_MEMORY),
}


def failed(reason: FailureReason, message: str) -> BuildResult:
    """The result of a failed build."""
    return BuildResult(state=BuildState.FAILED, reason=reason, message=message)


def of_failed(outcome: Outcome, messages: DiagnosticReader, *, wall_limit_s: float) -> BuildResult | None:
    """How a compile failed; None if arduino-cli reported success."""
    if outcome.end is End.CANCELLED:
        return BuildResult(state=BuildState.CANCELLED, message="Stopped.")
    if outcome.end is End.TIMED_OUT:
        return BuildResult(state=BuildState.TIMED_OUT, message=_TOO_LONG.format(wall_limit_s))
    if outcome.end in _STOPS:
        return failed(*_STOPS[outcome.end])
    return None if outcome.rc == 0 else _of_exit(outcome.err, messages)


def _of_exit(output: str, messages: DiagnosticReader) -> BuildResult:
    """The tool exited with an error; causes are tried from the deepest one up."""
    if _OUT_OF_MEMORY.search(output):
        return failed(FailureReason.OUT_OF_MEMORY, _TOO_MUCH_MEMORY)
    if _DISK_FULL.search(output):
        return failed(FailureReason.DISK_FULL, "The compile ran out of disk space.")
    if messages.too_big or _HUGE_FILE.search(output):
        return failed(
            FailureReason.TOO_BIG, "The sketch is too big for this board: it needs more flash or memory."
        )
    if messages.link_failed:
        return failed(
            FailureReason.LINK_ERROR, "Linker error: a name is undefined or defined twice. See Problems."
        )
    if any(found.severity is Severity.ERROR for found in messages.result()):
        return failed(FailureReason.COMPILE_ERROR, "The sketch has errors. See Problems.")
    if _CRASHED.search(output):
        return failed(FailureReason.COMPILE_ERROR, "The compiler crashed on this sketch.")
    return failed(FailureReason.TOOLCHAIN, "The compiler failed. Contact the server administrator.")
