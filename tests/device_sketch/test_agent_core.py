"""The agent's portable half, compiled for this machine with sanitizers, and its error table."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.updates.rules import UpdateError
from tests.device_sketch.conftest import PROJECT

LIBRARY = PROJECT / "device_sketch" / "libraries" / "AirsketchBot"
VIRTUAL_CORE = PROJECT / "device_sketch" / "hardware" / "airsketch" / "virtual" / "cores" / "bot"
BUILD_LIMIT_S = 300
RUN_LIMIT_S = 300


@pytest.mark.system
def test_core_passes_its_own_tests_under_sanitizers(tmp_path: Path) -> None:
    if not shutil.which("cmake") or not Path("/usr/include/doctest/doctest.h").exists():
        pytest.skip("cmake or doctest is missing (Debian packages cmake, g++, doctest-dev)")
    source = LIBRARY / "extras" / "tests"
    for command in (["cmake", "-S", str(source), "-B", "."], ["cmake", "--build", ".", "-j", "2"]):
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=BUILD_LIMIT_S, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run(
        [tmp_path / "agent_tests"], capture_output=True, text=True, timeout=RUN_LIMIT_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def numbers_of_the_bot() -> dict[str, int]:
    """The error table of the library: word to number."""
    text = (LIBRARY / "src" / "OtaError.h").read_text(encoding="utf-8")
    numbers = dict(re.findall(r"(k\w+) = (\d+),", text))
    words = dict(re.findall(r"case OtaError::(k\w+):\s+return \"(\w+)\";", text))
    words["kOther"] = "other"
    return {words[name]: int(number) for name, number in numbers.items() if name != "kNone"}


def test_bot_and_server_know_the_same_errors() -> None:
    assert set(numbers_of_the_bot()) == {str(error) for error in UpdateError}


def test_error_numbers_are_documented_and_never_change() -> None:
    text = (PROJECT / "docs" / "DEVICE_API.md").read_text(encoding="utf-8")
    documented = {
        word: int(number) for number, word in re.findall(r"^\| (\d{1,2}) \| `(\w+)` \|", text, re.MULTILINE)
    }
    assert documented == numbers_of_the_bot()
    assert list(documented.values()) == list(range(1, len(documented) + 1))


def test_library_compiles_as_one_file() -> None:
    # arduino-cli compiles and scans every source file of a library for each sketch anew.
    assert [path.name for path in (LIBRARY / "src").rglob("*.c*")] == ["AirsketchBot.cpp"]


def test_core_knows_neither_board_nor_platform() -> None:
    for path in (LIBRARY / "src" / "core").iterdir():
        for name in re.findall(r"#include [<\"]([^>\"]+)[>\"]", path.read_text(encoding="utf-8")):
            assert not re.search(r"Arduino\.h|bot_host|esp_|freertos|platform/(esp32|virtual)", name), (
                path.name
            )


def test_core_of_the_virtual_board_knows_which_agent_it_carries() -> None:
    # arduino-cli compiles a cached core again only when a file of the platform is newer, so each change of
    # the agent must change a file there: write the digest that this test expects into agent_digest.h.
    digest = hashlib.sha256()
    for path in sorted((LIBRARY / "src").rglob("*.h")):
        digest.update(path.relative_to(LIBRARY).as_posix().encode() + b"\0" + path.read_bytes())
    written = VIRTUAL_CORE / "agent_digest.h"
    assert digest.hexdigest() in written.read_text(encoding="utf-8")


@pytest.mark.system
def test_agent_for_esp32_is_sound_in_the_language_of_core_2(tmp_path: Path) -> None:
    # Core 2.0.17 compiles with gnu++11, core 3 with gnu++2b; the stand-in's declarations play ESP-IDF.
    compiler = PROJECT / ".tools" / "zig" / "zig-g++"
    if not compiler.exists():
        pytest.skip(".tools/zig is missing; `make test` puts it in place")
    standin = PROJECT / "tests" / "standin_core" / "hardware" / "esp32" / "esp32" / "idf"
    for language in ("gnu++11", "gnu++2b"):
        flags = f"-c -target riscv32-linux-musl -std={language} -fno-rtti -Wall -Wextra -Werror"
        command = [
            str(compiler),
            "c++",
            *flags.split(),
            "-DARDUINO_ESP32C3_DEV",
            f"-I{standin}",
            f"-I{VIRTUAL_CORE}",
        ]
        done = subprocess.run(
            [*command, str(LIBRARY / "src" / "AirsketchBot.cpp"), "-o", str(tmp_path / "agent.o")],
            env={
                "ZIG_GLOBAL_CACHE_DIR": str(tmp_path),
                "ZIG_LOCAL_CACHE_DIR": str(tmp_path),
                "HOME": str(tmp_path),
            },
            capture_output=True,
            text=True,
            timeout=BUILD_LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
