"""arduino-cli from the three places, and the data beside it."""

import hashlib
import tarfile
from pathlib import Path

import pytest

from tests.tools.setup.programs import only_path, put_program
from tools.setup import debian_packages
from tools.setup.debian_packages import Source
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.setup.steps import arduino_cli, arduino_data, arduino_release
from tools.setup.steps.arduino_cli import ArduinoCli
from tools.setup.steps.arduino_data import ArduinoData
from tools.setup.steps.arduino_release import ReleaseUnavailable, archive_for, checksum_in

_NEW = "echo 'arduino-cli  Version: 1.5.1 Commit: abc'"
_OLD = "echo 'arduino-cli  Version: 1.5.0 Commit: abc'"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No internet, no mirror, an empty PATH."""
    only_path(monkeypatch, tmp_path / "path")
    monkeypatch.setattr(arduino_release, "is_reachable", lambda _: False)
    monkeypatch.setattr(arduino_data, "is_reachable", lambda _: False)
    monkeypatch.setattr(debian_packages, "is_available", lambda: False)


def test_one_on_the_path_is_taken(paths: Paths, tmp_path: Path, lines: list[str]) -> None:
    put_program(tmp_path / "path", "arduino-cli", _NEW)
    step = ArduinoCli(paths=paths)
    assert not step.is_done()
    step.do(lines.append)
    assert step.is_done()
    assert not paths.arduino_cli.is_symlink()


def test_old_one_on_the_path_is_refused_with_its_version(
    paths: Paths, tmp_path: Path, lines: list[str]
) -> None:
    put_program(tmp_path / "path", "arduino-cli", _OLD)
    with pytest.raises(SetupError, match=r"1\.5\.0") as caught:
        ArduinoCli(paths=paths).do(lines.append)
    assert "unreachable" in caught.value.missing
    assert "Connect to the internet" in caught.value.remedy


def test_package_is_taken_when_the_release_is_out_of_reach(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    def unpack(package: str, _source: Source, _paths: Paths, *, target: Path, progress: object) -> None:
        put_program(target / "usr" / "bin", package, _NEW)

    monkeypatch.setattr(debian_packages, "is_available", lambda: True)
    monkeypatch.setattr(debian_packages, "newest_source", lambda: Source(uri="http://mirror", suite="sid"))
    monkeypatch.setattr(debian_packages, "unpack_package", unpack)
    step = ArduinoCli(paths=paths)
    step.do(lines.append)
    assert step.is_done()
    assert sorted(path.name for path in paths.tools.iterdir()) == ["bin"]


def test_release_comes_before_the_package(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    def install(target: Path, _: object) -> None:
        put_program(target.parent, target.name, _NEW)

    monkeypatch.setattr(arduino_cli, "install_release", install)
    ArduinoCli(paths=paths).do(lines.append)
    assert ArduinoCli(paths=paths).is_done()


@pytest.mark.parametrize(
    ("system", "machine", "archive"),
    [
        ("Linux", "x86_64", "arduino-cli_1.5.1_Linux_64bit.tar.gz"),
        ("Linux", "aarch64", "arduino-cli_1.5.1_Linux_ARM64.tar.gz"),
        ("Darwin", "arm64", "arduino-cli_1.5.1_macOS_ARM64.tar.gz"),
    ],
)
def test_each_machine_has_its_archive(system: str, machine: str, archive: str) -> None:
    assert archive_for(system, machine) == archive


def test_unknown_machine_has_none() -> None:
    with pytest.raises(ReleaseUnavailable, match="riscv64"):
        archive_for("Linux", "riscv64")


def test_checksum_is_found_by_the_whole_name() -> None:
    digest = "a" * 64
    text = f"SHA-256:{'b' * 64}  x_arduino.tar.gz\nSHA-256:{digest}  arduino.tar.gz\n"
    text += f"MD5:{'c' * 32}  other.tar.gz\n"
    assert checksum_in(text, "arduino.tar.gz") == digest
    with pytest.raises(ReleaseUnavailable, match="no checksum"):
        checksum_in(text, "other.tar.gz")


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive that the internet answers with, to be written; its checksum is the published one."""
    packed = tmp_path / "packed.tar.gz"
    name = archive_for("Linux", "x86_64")

    def checksums(_: str) -> str:
        return f"SHA-256:{hashlib.sha256(packed.read_bytes()).hexdigest()}  {name}\n"

    monkeypatch.setattr(arduino_release, "is_reachable", lambda _: True)
    monkeypatch.setattr(arduino_release, "archive_for", lambda *_: name)
    monkeypatch.setattr(arduino_release, "_text_at", checksums)
    monkeypatch.setattr(arduino_release, "_fetch", lambda _, target: target.write_bytes(packed.read_bytes()))
    return packed


def pack_program(packed: Path, program: Path) -> None:
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(program, "arduino-cli")


def test_release_with_its_checksum_is_kept(tmp_path: Path, released: Path, lines: list[str]) -> None:
    program = put_program(tmp_path / "release", "arduino-cli", _NEW)
    pack_program(released, program)
    target = tmp_path / "arduino-cli"
    arduino_release.install_release(target, lines.append)
    assert target.read_text() == program.read_text()
    assert target.stat().st_mode & 0o777 == 0o755


def test_release_with_another_checksum_is_refused(
    tmp_path: Path, released: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack_program(released, put_program(tmp_path / "release", "arduino-cli", _NEW))
    monkeypatch.setattr(arduino_release, "_fetch", lambda _, target: target.write_bytes(b"cut"))
    target = tmp_path / "arduino-cli"
    with pytest.raises(ReleaseUnavailable, match="checksum"):
        arduino_release.install_release(target, lines.append)
    assert not target.exists()


def test_release_is_unpacked_by_a_python_without_extraction_filters(
    tmp_path: Path, released: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = tarfile.TarFile.extract

    def extract_of_3_11_0(
        self: tarfile.TarFile,
        member: str,
        path: str = "",
        set_attrs: bool = True,
        *,
        numeric_owner: bool = False,
    ) -> None:
        extract(self, member, path, set_attrs, numeric_owner=numeric_owner)

    monkeypatch.setattr(tarfile.TarFile, "extract", extract_of_3_11_0)
    pack_program(released, put_program(tmp_path / "release", "arduino-cli", _NEW))
    arduino_release.install_release(tmp_path / "arduino-cli", lines.append)
    assert (tmp_path / "arduino-cli").is_file()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_release_whose_program_is_no_regular_file_is_refused(
    tmp_path: Path, released: Path, lines: list[str], kind: bytes
) -> None:
    other = put_program(tmp_path / "release", "other", _NEW)
    member = tarfile.TarInfo("arduino-cli")
    member.type, member.linkname = kind, "other"
    with tarfile.open(released, "w:gz") as archive:
        archive.add(other, "other")
        archive.addfile(member)
    with pytest.raises(ReleaseUnavailable, match="not a regular file"):
        arduino_release.install_release(tmp_path / "arduino-cli", lines.append)
    assert not (tmp_path / "arduino-cli").exists()


@pytest.fixture
def first_call(paths: Paths) -> None:
    """An arduino-cli that writes its inventory when it is first called, as the real one does."""
    put_program(
        paths.arduino_cli.parent, "arduino-cli", 'echo "id: 1" > "$ARDUINO_DIRECTORIES_DATA/inventory.yaml"'
    )


@pytest.mark.usefixtures("first_call")
def test_offline_indexes_are_empty_and_ctags_comes_from_the_path(
    paths: Paths, tmp_path: Path, lines: list[str]
) -> None:
    put_program(tmp_path / "path", "arduino-ctags", "echo ctags")
    step = ArduinoData(paths=paths)
    assert not step.is_done()
    step.do(lines.append)
    assert step.is_done()
    # The jail shows this folder read-only, so nothing may be left for arduino-cli to write.
    assert (paths.arduino_data / "inventory.yaml").exists()
    assert (paths.arduino_data / "package_index.json").read_text() == '{"packages": []}'


@pytest.mark.usefixtures("first_call")
def test_an_index_that_is_there_is_kept(paths: Paths, tmp_path: Path, lines: list[str]) -> None:
    put_program(tmp_path / "path", "arduino-ctags", "echo ctags")
    index = paths.arduino_data / "package_index.json"
    index.parent.mkdir(parents=True)
    index.write_text('{"packages": [1]}')
    ArduinoData(paths=paths).do(lines.append)
    assert index.read_text() == '{"packages": [1]}'


def test_missing_ctags_is_reported(paths: Paths, lines: list[str]) -> None:
    with pytest.raises(SetupError, match="ctags"):
        ArduinoData(paths=paths).do(lines.append)
