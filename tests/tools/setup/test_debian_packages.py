"""The machine's own mirror, read from both notations of apt."""

from pathlib import Path

import pytest

from tools.setup import debian_packages
from tools.setup.commands import CommandFailed
from tools.setup.debian_packages import Source, install_program, newest_source, own_source
from tools.setup.paths import Paths


@pytest.fixture
def release(tmp_path: Path) -> Path:
    path = tmp_path / "os-release"
    path.write_text('ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n')
    return path


def test_paragraph_notation_is_read(tmp_path: Path, release: Path) -> None:
    folder = tmp_path / "apt" / "sources.list.d"
    folder.mkdir(parents=True)
    (folder / "debian.sources").write_text(
        "Types: deb\nURIs: http://security.example/\nSuites: bookworm-security\n\n"
        "Types: deb deb-src\n# a comment\nURIs: http://mirror.example/debian\n"
        "Suites: bookworm bookworm-updates\nComponents: main\nSigned-By: /keys/debian.gpg\n"
    )
    expected = Source(uri="http://mirror.example/debian", suite="bookworm", signed_by="/keys/debian.gpg")
    assert own_source(tmp_path / "apt", release) == expected


def test_one_line_notation_is_read(tmp_path: Path, release: Path) -> None:
    (tmp_path / "sources.list").write_text(
        "# deb http://off.example bookworm main\ndeb-src http://source.example bookworm main\n"
        "deb [arch=amd64 signed-by=/keys/a.gpg] http://mirror.example bookworm main contrib\n"
    )
    expected = Source(uri="http://mirror.example", suite="bookworm", signed_by="/keys/a.gpg")
    assert own_source(tmp_path, release) == expected


def test_newest_packages_come_from_the_same_mirror(tmp_path: Path, release: Path) -> None:
    (tmp_path / "sources.list").write_text("deb http://mirror.example bookworm main\n")
    assert newest_source(tmp_path, release) == Source(uri="http://mirror.example", suite="sid")


def test_machine_without_apt_has_no_mirror(tmp_path: Path) -> None:
    assert own_source(tmp_path, tmp_path / "missing") is None
    assert newest_source(tmp_path, tmp_path / "missing") is None


def test_package_without_the_program_is_named_and_leaves_nothing(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    def unpack(_package: str, _source: Source, _paths: Paths, *, target: Path, progress: object) -> None:
        (target / "usr" / "share").mkdir(parents=True)

    monkeypatch.setattr(debian_packages, "unpack_package", unpack)
    source = Source(uri="http://mirror.example", suite="bookworm")
    with pytest.raises(CommandFailed, match=r"the package bubblewrap of bookworm: .*bwrap"):
        install_program("bubblewrap", "bwrap", source, paths, target=paths.bwrap, progress=lines.append)
    assert [path for path in paths.tools.rglob("*") if path != paths.bwrap.parent] == []
