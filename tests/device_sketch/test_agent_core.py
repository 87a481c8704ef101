"""The agent's portable part, compiled for this machine with sanitizers, and what it shares with others."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.http.device.messages import CheckInBody
from app.updates.rules import UpdateError
from tests.device_sketch.conftest import PROJECT

LIBRARY = PROJECT / "device_sketch" / "libraries" / "AirsketchBot"
VIRTUAL_CORE = PROJECT / "device_sketch" / "hardware" / "airsketch" / "virtual" / "cores" / "bot"
PUBLIC_HEADERS = ("AirsketchBot.h", "OtaError.h")
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


def error_numbers_of_the_bot() -> dict[str, int]:
    """The error table of the library: code to number."""
    text = (LIBRARY / "src" / "OtaError.h").read_text(encoding="utf-8")
    numbers = dict(re.findall(r"(k\w+) = (\d+),", text))
    codes = dict(re.findall(r"case OtaError::(k\w+):\s+return \"(\w+)\";", text))
    codes["kOther"] = "other"
    return {codes[name]: int(number) for name, number in numbers.items() if name != "kNone"}


def test_bot_and_server_know_the_same_errors() -> None:
    assert set(error_numbers_of_the_bot()) == {str(error) for error in UpdateError}


def test_error_numbers_are_documented_and_never_change() -> None:
    text = (PROJECT / "docs" / "DEVICE_API.md").read_text(encoding="utf-8")
    documented = {
        code: int(number) for number, code in re.findall(r"^\| (\d{1,2}) \| `(\w+)` \|", text, re.MULTILINE)
    }
    assert documented == error_numbers_of_the_bot()
    assert list(documented.values()) == list(range(1, len(documented) + 1))


def test_a_check_in_has_the_fields_that_the_server_reads() -> None:
    text = (LIBRARY / "src" / "core" / "CheckIn.h").read_text(encoding="utf-8")
    assert set(re.findall(r'\\"(\w+)\\":', text)) == set(CheckInBody.model_fields)


def test_the_version_of_the_library_is_the_same_everywhere() -> None:
    properties = (LIBRARY / "library.properties").read_text(encoding="utf-8")
    (version,) = re.findall(r"^version=(.+)$", properties, re.MULTILINE)
    assert f'return "{version}";' in (LIBRARY / "src" / "AirsketchBot.h").read_text(encoding="utf-8")


def test_editors_highlight_every_public_name() -> None:
    text = "".join((LIBRARY / "src" / name).read_text(encoding="utf-8") for name in PUBLIC_HEADERS)
    functions = re.findall(r"^\w[\w *]*[ *](\w+)\(", text, re.MULTILINE)
    types = re.findall(r"^(?:enum class|struct) (\w+)", text, re.MULTILINE)
    values = re.findall(r"^  (k\w+) = \d+,", text, re.MULTILINE)
    lines = (LIBRARY / "keywords.txt").read_text(encoding="utf-8").splitlines()
    kinds = {"KEYWORD1": {"AirsketchBot", *types}, "KEYWORD2": set(functions), "LITERAL1": set(values)}
    for kind, names in kinds.items():
        assert {line.split("\t")[0] for line in lines if line.endswith(f"\t{kind}")} == names


def test_library_compiles_as_one_file() -> None:
    # arduino-cli compiles and scans every source file of a library again for each sketch.
    assert [path.name for path in (LIBRARY / "src").rglob("*.c*")] == ["AirsketchBot.cpp"]


def test_core_knows_neither_board_nor_platform() -> None:
    for path in (LIBRARY / "src" / "core").iterdir():
        for name in re.findall(r"#include [<\"]([^>\"]+)[>\"]", path.read_text(encoding="utf-8")):
            assert not re.search(r"Arduino\.h|bot_host|esp_|freertos|platform/(esp32|virtual)", name), (
                path.name
            )


def test_a_change_of_the_agent_changes_the_virtual_core() -> None:
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
