"""Node.js, and the bundles made with it."""

import os
from pathlib import Path

import pytest

from tests.tools.setup.programs import only_path, put_program
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.setup.steps.browser_parts import BrowserParts
from tools.setup.steps.node import Node, node_bin

_SYSTEM_PATH = os.environ["PATH"]
_NPM = """test $1 = --version && echo 10 && exit
mkdir -p static/vendor
touch static/vendor/codemirror.js static/vendor/esptool.js static/vendor/hashes.js static/vendor/socket.io.js
echo $1 >> calls"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the PATH, empty."""
    only_path(monkeypatch, tmp_path / "path")
    return tmp_path / "path"


def test_new_node_with_npm_is_used(paths: Paths, machine: Path) -> None:
    put_program(machine, "node", "echo v20.1.0")
    put_program(machine, "npm", "echo 10.0.0")
    assert node_bin(paths) == machine


@pytest.mark.parametrize("version", ["v18.19.0", "nonsense"])
def test_old_node_is_not_used(paths: Paths, machine: Path, version: str) -> None:
    put_program(machine, "node", f"echo {version}")
    put_program(machine, "npm", "echo 10.0.0")
    assert node_bin(paths) is None


def test_node_without_npm_is_not_used(paths: Paths, machine: Path) -> None:
    put_program(machine, "node", "echo v20.1.0")
    assert not Node(paths=paths).is_done()


def test_own_node_is_the_second_choice(paths: Paths, machine: Path) -> None:
    put_program(paths.node_folder / "bin", "node", "echo v24.0.0")
    assert node_bin(paths) == paths.node_folder / "bin"
    assert machine.is_dir()


def test_node_that_cannot_be_fetched_is_reported(paths: Paths, machine: Path, lines: list[str]) -> None:
    put_program(paths.venv / "bin", "python", "echo no network; exit 1")
    with pytest.raises(SetupError, match="no network") as caught:
        Node(paths=paths).do(lines.append)
    assert "brew install node" in caught.value.remedy
    assert machine.is_dir()


def test_parts_are_made_once_and_again_when_the_lock_changes(
    paths: Paths, machine: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setenv("PATH", f"{machine}{os.pathsep}{_SYSTEM_PATH}")
    put_program(machine, "node", "echo v20.1.0")
    put_program(machine, "npm", _NPM)
    step = BrowserParts(paths=paths)
    (paths.root / "package-lock.json").write_text("{}")
    step.do(lines.append)
    assert step.is_done()
    assert (paths.root / "calls").read_text().split() == ["ci", "run"]
    (paths.root / "package-lock.json").write_text('{"new": 1}')
    assert not step.is_done()


def test_parts_for_the_page_alone_do_not_satisfy_the_checks(
    paths: Paths, machine: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setenv("PATH", f"{machine}{os.pathsep}{_SYSTEM_PATH}")
    put_program(machine, "node", "echo v20.1.0")
    put_program(machine, "npm", _NPM)
    BrowserParts(paths=paths).do(lines.append)
    assert not BrowserParts(paths=paths, with_checks=True).is_done()
    BrowserParts(paths=paths, with_checks=True).do(lines.append)
    assert BrowserParts(paths=paths).is_done()


def test_npm_that_fails_is_reported_with_its_words(
    paths: Paths, machine: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setenv("PATH", f"{machine}{os.pathsep}{_SYSTEM_PATH}")
    put_program(machine, "node", "echo v20.1.0")
    put_program(machine, "npm", "test $1 = --version && echo 10 && exit 0; echo registry is away; exit 1")
    with pytest.raises(SetupError, match="registry is away"):
        BrowserParts(paths=paths).do(lines.append)
    assert not BrowserParts(paths=paths).is_done()
