"""The entry, under an old Python and for a person who asks for the impossible."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.setup.programs import put_program
from tests.tools.supervisor.miniature import ROOT
from tools.setup import entry
from tools.setup.paths import Paths

_PRETEND_OLD = (
    "import runpy, sys; sys.version_info = (3, 9, 2); "
    "runpy.run_module('tools.setup.run', run_name='__main__')"
)


def run_pretending_old(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PRETEND_OLD],
        cwd=ROOT,
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_old_python_is_reported(tmp_path: Path) -> None:
    done = run_pretending_old(tmp_path)
    assert done.returncode == 1
    assert "Python 3.9 is too old" in done.stderr
    assert "Traceback" not in done.stderr


def test_newer_python_of_the_machine_is_used(tmp_path: Path) -> None:
    put_program(tmp_path, "python3.12", 'echo "newer: $*"')
    assert run_pretending_old(tmp_path).stdout == "newer: -m tools.setup.run\n"


def test_taken_port_is_reported_before_the_set_up(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Paths, "from_env", lambda: paths)
    monkeypatch.setenv("PORT", "70000")
    assert entry.main(["run"]) == 1
    assert "PORT is “70000”" in capsys.readouterr().out
    assert not paths.tools.exists()


def test_read_only_folder_is_reported(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(paths.tools))

    monkeypatch.setattr(Paths, "from_env", lambda: paths)
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert entry.main(["setup"]) == 1
    assert f"{paths.tools} cannot be written" in capsys.readouterr().out
