"""What the machine says, against processes and folders that we made."""

import os
import subprocess
from pathlib import Path

from compiler_worker.sandbox.procfs import descendants, folder_bytes, is_alive, kill, private_bytes, session


def test_processes_of_a_session_and_their_end() -> None:
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    assert session(child.pid) == {child.pid}
    assert child.pid in set(descendants(os.getpid()))
    assert is_alive(child.pid)
    kill(child.pid)
    child.wait()
    assert not is_alive(child.pid)
    kill(child.pid)


def test_zombie_is_not_alive() -> None:
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(child.pid)
    child.wait()


def test_own_memory_is_counted() -> None:
    before = private_bytes(os.getpid())
    block = bytearray(os.urandom(1) * 20_000_000)
    assert private_bytes(os.getpid()) - before > 15_000_000
    del block


def test_vanished_process_uses_nothing() -> None:
    assert private_bytes(2**22 + 1) == 0


def test_folder_is_counted_with_its_subfolders_and_without_links(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a").write_bytes(b"x" * 10)
    (tmp_path / "sub" / "b").write_bytes(b"x" * 5)
    (tmp_path / "loop").symlink_to(tmp_path)
    links = (tmp_path / "loop").lstat().st_size
    assert folder_bytes(tmp_path) == 15 + links


def test_missing_folder_is_empty(tmp_path: Path) -> None:
    assert folder_bytes(tmp_path / "none") == 0
