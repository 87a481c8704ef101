"""Why a compile failed, from the output of real tools."""

import pytest

from app.builds.rules import BuildState, FailureReason
from compiler_worker.compile.diagnostics import DiagnosticReader
from compiler_worker.compile.outcomes import of_failed
from compiler_worker.sandbox.process import End, Outcome


def judge(
    output: str = "", end: End = End.EXITED, rc: int = 1
) -> tuple[BuildState, FailureReason | None] | None:
    reader = DiagnosticReader("/airsketch/sketch/Blink")
    for line in output.splitlines():
        reader.read(line)
    result = of_failed(Outcome(end=end, rc=rc, out="", err=output, wall_s=1.0), reader, wall_limit_s=120)
    return (result.state, result.reason) if result else None


def test_exit_code_0_is_no_failure() -> None:
    assert judge(rc=0) is None


@pytest.mark.parametrize(
    ("end", "state", "reason"),
    [
        (End.TIMED_OUT, BuildState.TIMED_OUT, None),
        (End.CANCELLED, BuildState.CANCELLED, None),
        (End.FLOODED, BuildState.FAILED, FailureReason.OUTPUT_FLOOD),
        (End.OUT_OF_MEMORY, BuildState.FAILED, FailureReason.OUT_OF_MEMORY),
        (End.TOO_MANY_PROCESSES, BuildState.FAILED, FailureReason.OUT_OF_MEMORY),
        (End.DISK_FULL, BuildState.FAILED, FailureReason.DISK_FULL),
    ],
)
def test_each_stop_has_its_name(end: End, state: BuildState, reason: FailureReason | None) -> None:
    assert judge(end=end, rc=-9) == (state, reason)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("/airsketch/sketch/Blink/Blink.ino:1:1: error: bad", FailureReason.COMPILE_ERROR),
        ("ld: undefined reference to `f()'", FailureReason.LINK_ERROR),
        ("ld: region `iram0_0_seg' overflowed by 8 bytes", FailureReason.TOO_BIG),
        ("Error during build: signal: file size limit exceeded", FailureReason.TOO_BIG),
        (
            "cc1plus: out of memory allocating 65536 bytes after a total of 1 bytes",
            FailureReason.OUT_OF_MEMORY,
        ),
        ("virtual memory exhausted: Cannot allocate memory", FailureReason.OUT_OF_MEMORY),
        ("LLVM ERROR: out of memory", FailureReason.OUT_OF_MEMORY),
        ("g++: fatal error: Killed signal terminated program cc1plus", FailureReason.OUT_OF_MEMORY),
        ("error: unable to write: No space left on device", FailureReason.DISK_FULL),
        ("Blink.ino:1:1: internal compiler error: Segmentation fault", FailureReason.COMPILE_ERROR),
        ("Error during build: Platform 'esp32:esp32' not found", FailureReason.TOOLCHAIN),
        ("", FailureReason.TOOLCHAIN),
    ],
)
def test_output_of_the_tool_decides(output: str, reason: FailureReason) -> None:
    assert judge(output) == (BuildState.FAILED, reason)


def test_lack_of_memory_counts_more_than_the_errors_it_causes() -> None:
    output = "/airsketch/sketch/Blink/Blink.ino:1:1: error: bad\nLLVM ERROR: out of memory"
    assert judge(output) == (BuildState.FAILED, FailureReason.OUT_OF_MEMORY)
