"""Real children, each with one bad habit."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from compiler_worker.sandbox.process import End, Limits, Listener, Outcome, Stream, run
from compiler_worker.sandbox.procfs import command_line, is_alive

ENV = {"PATH": os.environ["PATH"]}


def shell(
    script: str, limits: Limits | None = None, *, folders: Sequence[Path] = (), **listening: Any
) -> Outcome:
    return run(
        ["/bin/sh", "-c", script],
        env=ENV,
        cwd=Path("/"),
        limits=limits or Limits(),
        listener=Listener(**listening),
        folders=folders,
    )


def wait_for(path: Path) -> int:
    """The process id that a child wrote."""
    deadline = time.monotonic() + 5
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(path.read_text())


def test_output_and_exit_code_are_told() -> None:
    outcome = shell("echo good; echo bad >&2; exit 3")
    assert (outcome.end, outcome.rc, outcome.out, outcome.err) == (End.EXITED, 3, "good", "bad")


def test_end_of_the_output_is_not_lost_when_a_grandchild_holds_it_open() -> None:
    for _ in range(20):
        outcome = shell("sleep 60 & printf 'first\\nlast'; printf 'no end' >&2")
        assert (outcome.end, outcome.out, outcome.err) == (End.EXITED, "first\nlast", "no end")


def test_lines_are_handed_over_while_the_child_runs() -> None:
    seen: list[tuple[float, str]] = []
    shell("echo one; sleep 0.3; printf two", on_line=lambda _, line: seen.append((time.monotonic(), line)))
    assert [line for _, line in seen] == ["one", "two"]
    assert seen[1][0] - seen[0][0] > 0.2


def test_environment_is_only_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRSKETCH_SECRET_KEY", "very secret")
    assert "very secret" not in run(["/usr/bin/env"], env={}, cwd=Path("/"), limits=Limits()).out


def test_stdin_is_empty() -> None:
    assert shell("cat; echo end").out == "end"


def test_time_limit_kills() -> None:
    outcome = shell("sleep 30", Limits(wall_s=0.3))
    assert outcome.end is End.TIMED_OUT
    assert outcome.wall_s < 2


def test_time_limit_holds_for_a_child_that_closed_its_output() -> None:
    assert shell("exec >&- 2>&-; sleep 30", Limits(wall_s=0.3)).end is End.TIMED_OUT


def test_cancel_kills() -> None:
    started = time.monotonic()
    outcome = shell("sleep 30", cancelled=lambda: time.monotonic() > started + 0.2)
    assert outcome.end is End.CANCELLED


@pytest.mark.parametrize("where", ["", " >&2"])
def test_flood_is_stopped_and_what_came_before_is_kept(where: str) -> None:
    outcome = shell(f"yes flood{where}", Limits(wall_s=20, out_bytes=10_000, err_bytes=10_000))
    assert outcome.end is End.FLOODED
    assert 5_000 < len(outcome.out + outcome.err) <= 10_000


def test_line_without_end_is_handed_over_in_pieces() -> None:
    pieces: list[str] = []
    shell("head -c 100000 /dev/zero | tr '\\0' x", on_line=lambda _, line: pieces.append(line))
    assert "".join(pieces) == "x" * 100_000
    assert max(map(len, pieces)) <= 8192


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert shell("printf 'a\\377b\\n'").out == "a\ufffdb"


def test_running_processes_are_told() -> None:
    seen: set[str] = set()
    shell("sleep 0.3; true", on_processes=lambda pids: seen.update(*map(command_line, pids)))
    assert "0.3" in seen


def test_grandchild_in_its_own_process_group_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "loner.py"
    program.write_text(
        "import os, sys, time\n"
        "os.setpgid(0, 0)\n"
        "open(sys.argv[1], 'w').write(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    shell(f"{sys.executable} {program} {tmp_path}/pid & wait", Limits(wall_s=1.0))
    assert not is_alive(wait_for(tmp_path / "pid"))


def test_grandchild_left_behind_is_killed(tmp_path: Path) -> None:
    outcome = shell(f"sleep 60 & echo $! > {tmp_path}/pid", Limits(wall_s=20))
    assert outcome.end is End.EXITED
    assert outcome.wall_s < 5
    assert not is_alive(wait_for(tmp_path / "pid"))


def test_exception_in_a_callback_leaves_no_process(tmp_path: Path) -> None:
    def fail(_stream: Stream, _line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shell(f"echo $$ > {tmp_path}/pid; echo line; sleep 60", on_line=fail)
    assert not is_alive(wait_for(tmp_path / "pid"))


def test_address_space_is_limited() -> None:
    script = "x = bytearray(2 * 1024**3)"
    limits = Limits(address_space_bytes=1024**3)
    outcome = run([sys.executable, "-c", script], env=ENV, cwd=Path("/"), limits=limits)
    assert outcome.rc != 0
    assert "MemoryError" in outcome.err


def test_memory_of_all_processes_together_is_limited() -> None:
    script = (
        "import time\nx = bytearray(100 * 1024**2)\nfor i in range(0, len(x), 4096): x[i] = 1\ntime.sleep(60)"
    )
    limits = Limits(wall_s=30, memory_bytes=150 * 1024**2)
    child = f"{sys.executable} -c '{script}'"
    assert shell(f"{child} & {child} & wait", limits).end is End.OUT_OF_MEMORY


def test_file_size_is_limited(tmp_path: Path) -> None:
    shell(f"head -c 1000000 /dev/zero > {tmp_path}/big", Limits(file_bytes=10_240))
    assert (tmp_path / "big").stat().st_size == 10_240


def test_disk_use_is_limited(tmp_path: Path) -> None:
    script = f"i=0; while :; do i=$((i+1)); head -c 100000 /dev/zero > {tmp_path}/$i; done"
    outcome = shell(script, Limits(wall_s=20, disk_bytes=1_000_000), folders=[tmp_path])
    assert outcome.end is End.DISK_FULL


def test_fork_bomb_is_stopped() -> None:
    outcome = shell("f() { sleep 60.4711 & f; }; f", Limits(wall_s=20, processes=50))
    assert outcome.end is End.TOO_MANY_PROCESSES
    left = [
        process
        for process in psutil.process_iter(["cmdline"])
        if "60.4711" in (process.info["cmdline"] or [])
    ]
    assert left == []
