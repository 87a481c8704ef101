"""Lines of `arduino-cli 1.5.1 compile -v`, recorded."""

# ruff: noqa: E501

from app.domain.builds import LibraryUse, SectionSize, Stage
from compiler_worker.progress import LINES, Summary, is_for_people, stage_of

RECORDED = b"""\
FQBN: airsketch:virtual:bot
Using board 'bot' from platform in folder: /airsketch/device_sketch/hardware/airsketch/virtual

Detecting libraries used...
/airsketch/.tools/zig/zig-g++ c++ -c -target wasm32-wasi -o /dev/null
# 1 "/airsketch/cache/sketches/X/sketch/Blink.ino.cpp.merged"
   Compiling nothing...
Generating function prototypes...
Compiling sketch...
Using previously compiled file: /airsketch/cache/sketches/X/sketch/Blink.ino.cpp.o
Compiling libraries...
Compiling library "AirsketchBot"
Compiling core...
Using precompiled core: /airsketch/cores/cores/y/core.a
Linking everything together...
Using library AirsketchBot at version 0.1.0 in folder: /airsketch/device_sketch/libraries/AirsketchBot
Using library Old in folder: /airsketch/device_sketch/libraries/Old (legacy)
Sketch uses 5946 bytes (0%) of program storage space. Maximum is 1310720 bytes.
Global variables use 832 bytes (0%) of dynamic memory, leaving 2063552 bytes for local variables. Maximum is 2064384 bytes.

Used library Version Path
AirsketchBot 0.1.0   /airsketch/device_sketch/libraries/AirsketchBot
Used platform     Version Path
airsketch:virtual 1.0.0   /airsketch/device_sketch/hardware/airsketch/virtual
"""


def wanted() -> list[str]:
    return [match[0].decode() for match in LINES.finditer(RECORDED)]


def test_stages_are_found_in_their_order() -> None:
    stages = [stage for line in wanted() if (stage := stage_of(line))]
    assert stages == [
        Stage.DETECTING_LIBRARIES,
        Stage.GENERATING_PROTOTYPES,
        Stage.COMPILING_SKETCH,
        Stage.COMPILING_LIBRARIES,
        Stage.COMPILING_CORE,
        Stage.LINKING,
    ]


def test_commands_and_preprocessed_source_are_not_wanted() -> None:
    assert not [line for line in wanted() if line.startswith(("#", "/", "FQBN", "   "))]


def test_summary_tells_sizes_libraries_and_core() -> None:
    summary = Summary()
    for line in wanted():
        summary.read(line)
    assert summary.core_version == "1.0.0"
    assert list(summary.libraries.values()) == [
        LibraryUse(name="AirsketchBot", version="0.1.0"),
        LibraryUse(name="Old", version=""),
    ]
    assert list(summary.sizes.values()) == [
        SectionSize(name="text", size_bytes=5946, max_bytes=1310720),
        SectionSize(name="data", size_bytes=832, max_bytes=2064384),
    ]


def test_last_sizes_count() -> None:
    summary = Summary()
    for size in (1, 5946):
        summary.read(f"Sketch uses {size} bytes (0%) of program storage space. Maximum is 1310720 bytes.")
    assert summary.sizes["text"].size_bytes == 5946


def test_log_shows_stages_and_sizes_only() -> None:
    shown = [line for line in wanted() if is_for_people(line)]
    assert len(shown) == 8
