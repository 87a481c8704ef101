"""What a sketch prints on an ESP32 reaches the wireless log: the agent for ESP32, linked on this machine."""

import shutil
import subprocess
from pathlib import Path

import pytest

from compiler_worker.arduino.toolchain import AGENT_LINK_FLAGS
from tests.device_sketch.conftest import PROJECT

LIBRARY = PROJECT / "device_sketch" / "libraries" / "AirsketchBot" / "src"
CORE = PROJECT / "device_sketch" / "hardware" / "airsketch" / "virtual" / "cores" / "bot"
IDF = PROJECT / "tests" / "standin_core" / "hardware" / "esp32" / "esp32" / "idf"
SOURCES = sorted((Path(__file__).parent / "serial_on_esp32").glob("*.cpp"))
LIMIT_S = 120
WRITTEN = ["written 0 180", "written 1 12"]

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The bot linked with and without the worker's flags."""
    if not shutil.which("g++"):
        pytest.skip("g++ is missing")
    folder = tmp_path_factory.mktemp("serial")
    # The rest of ESP-IDF is never called.
    rest = ["-no-pie", "-Wl,--unresolved-symbols=ignore-all"]
    includes = [f"-I{path}" for path in (IDF, CORE, LIBRARY)]
    found: dict[bool, Path] = {}
    for wrapped in (True, False):
        found[wrapped] = folder / f"bot{wrapped:d}"
        flags = ["-std=gnu++17", "-DARDUINO_ESP32C3_DEV", *includes, *rest, *([AGENT_LINK_FLAGS] * wrapped)]
        command = ["g++", *flags, *map(str, SOURCES), "-o", str(found[wrapped])]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        assert done.returncode == 0, done.stderr
    return found


def said(program: Path, *arguments: str) -> list[str]:
    """What the bot heard and wrote."""
    command = [str(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=True)
    return done.stdout.splitlines()


def test_lines_printed_to_serial_are_heard_when_the_log_is_on(programs: dict[bool, Path]) -> None:
    assert said(programs[True], "1") == ["heard hello world", f"heard {'x' * 150}", *WRITTEN]


def test_nothing_is_heard_while_the_log_is_off_and_all_is_still_written(programs: dict[bool, Path]) -> None:
    assert said(programs[True]) == WRITTEN


def test_a_build_without_the_flags_writes_as_ever(programs: dict[bool, Path]) -> None:
    assert said(programs[False], "1") == WRITTEN
