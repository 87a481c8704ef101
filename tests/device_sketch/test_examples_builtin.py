"""The examples that every Arduino IDE carries, groups 01 to 05, compiled and run on the virtual bot.

They come from Debian's package `arduino`, fetched into a temporary folder; no copy is kept.
`builtin_examples.json` says of each that it runs, or why it does not.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.device_sketch.conftest import VIRTUAL, Compile
from tools.fleet.virtual_host import MICROSECONDS_PER_S, Bot, run

pytestmark = pytest.mark.system

LIST = Path(__file__).with_name("builtin_examples.json")
EXPECTED: dict[str, str] = json.loads(LIST.read_text(encoding="utf-8"))
RUNS = "runs"
PACKAGE = "arduino"
EXAMPLES_IN_PACKAGE = Path("usr", "share", "doc", "arduino", "examples")
GROUPS = "0[1-5].*/*/*.ino"
DOWNLOAD_LIMIT_S = 60


@pytest.fixture(scope="session")
def builtin_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the package that holds the groups."""
    folder = tmp_path_factory.mktemp("builtin")
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        pytest.skip("the built-in examples of Arduino come from Debian's package, and there is no apt here")
    try:
        fetch(folder)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"Debian's package `{PACKAGE}` with the built-in examples could not be fetched: {error}")
    return folder / EXAMPLES_IN_PACKAGE


def fetch(folder: Path) -> None:
    """Unpack the package into a folder, installing nothing."""
    # Without a user of its own apt needs no right to the folder.
    download = ["apt-get", "-o", "APT::Sandbox::User=root", "download", PACKAGE]
    subprocess.run(download, cwd=folder, check=True, capture_output=True, timeout=DOWNLOAD_LIMIT_S)
    (package,) = folder.glob("*.deb")
    unpack = ["dpkg-deb", "--extract", str(package), str(folder)]
    subprocess.run(unpack, check=True, capture_output=True, timeout=DOWNLOAD_LIMIT_S)


def test_list_names_every_example_of_the_groups(builtin_examples: Path) -> None:
    sketches = builtin_examples.glob(GROUPS)
    assert sorted(str(path.parent.relative_to(builtin_examples)) for path in sketches) == sorted(EXPECTED)


@pytest.mark.parametrize(("name", "state"), EXPECTED.items())
def test_builtin_example_runs_unless_the_list_says_why_not(
    builtin_examples: Path, compile_sketch: Compile, name: str, state: str
) -> None:
    compiled = compile_sketch(builtin_examples / name, VIRTUAL)
    if state != RUNS:
        assert not compiled.succeeded
        return
    assert compiled.succeeded, compiled.answer["compiler_err"]
    assert compiled.diagnostics == []
    bot = Bot(run_us=0.5 * MICROSECONDS_PER_S, serial_in=bytearray(b"12,34,56\n"))
    assert run(compiled.file("bin"), bot).end == "time is over"


def test_typed_line_reaches_the_example_that_waits_for_it(
    builtin_examples: Path, compile_sketch: Compile
) -> None:
    compiled = compile_sketch(builtin_examples / "04.Communication" / "SerialEvent")
    bot = Bot(run_us=0.5 * MICROSECONDS_PER_S, serial_in=bytearray(b"hello\n"))
    assert run(compiled.file("bin"), bot).console.splitlines()[0] == "hello"
