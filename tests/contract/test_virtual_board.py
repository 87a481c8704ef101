"""Constants of the virtual board that C++, Python, JavaScript and the documents state each for themselves."""

import re
from pathlib import Path

from app.toolchain.rules import VIRTUAL_FQBN

PROJECT = Path(__file__).parents[2]
DEVICE_SKETCH = PROJECT / "device_sketch"
PLATFORM = DEVICE_SKETCH / "hardware" / "airsketch" / "virtual"
CORE = PLATFORM / "cores" / "bot"
PAGE_BYTES = 65_536


def found(pattern: str, path: Path) -> str:
    """The group of a pattern that occurs once in a file."""
    (text,) = re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    return str(text)


def number(pattern: str, path: Path) -> int:
    """The number, perhaps with separators, that a pattern finds once in a file."""
    return int(found(pattern, path).replace("_", "").replace(",", ""))


def image_reader() -> Path:
    """The browser's reader of images."""
    (path,) = (PROJECT / "static" / "js").glob("virtual*/image.js")
    return path


def test_slot_size_is_the_same_everywhere() -> None:
    in_core = number(r"kSlotBytes = (\d+);", CORE / "bot_host.h")
    assert number(r"^bot\.upload\.maximum_size=(\d+)$", PLATFORM / "boards.txt") == in_core
    assert number(r"if it does not fit \(([\d,]+) bytes\)", PLATFORM / "HOST_INTERFACE.md") == in_core
    assert number(r"a slot of ([\d,]+) bytes", DEVICE_SKETCH / "README.md") == in_core
    assert number(r"SLOT_BYTES = ([\d_]+);", image_reader()) == in_core


def test_memory_limit_is_the_same_everywhere() -> None:
    total = number(r"--max-memory=(\d+)", PLATFORM / "platform.txt")
    stack = number(r"-z stack-size=(\d+)", PLATFORM / "platform.txt")
    assert number(r"^bot\.upload\.maximum_data_size=(\d+)$", PLATFORM / "boards.txt") == total - stack
    assert number(r"kMaximumMemoryBytes = (\d+) \* 1024 \* 1024;", CORE / "system" / "Esp.cpp") << 20 == total
    assert number(r"MAX_PAGES = (\d+);", image_reader()) * PAGE_BYTES == total
    assert number(r"2 MiB of memory \((\d+) pages\)", PLATFORM / "HOST_INTERFACE.md") * PAGE_BYTES == total


def test_host_interface_has_one_number() -> None:
    in_core = number(r"kAbiNumber = (\d+);", CORE / "main.cpp")
    assert number(r"ABI_NUMBER = (\d+),", DEVICE_SKETCH / "toolchain" / "bot_image.c") == in_core
    assert number(r"^const ABI = (\d+);", image_reader()) == in_core
    assert number(r"^# Host interface .* ABI (\d+)$", PLATFORM / "HOST_INTERFACE.md") == in_core


def test_board_has_one_name() -> None:
    board = found(r"^(\w+)\.name=", PLATFORM / "boards.txt")
    assert f"{PLATFORM.parent.name}:{PLATFORM.name}:{board}" == VIRTUAL_FQBN
    macro = "ARDUINO_" + found(r"^bot\.build\.board=(\w+)$", PLATFORM / "boards.txt")
    library = DEVICE_SKETCH / "libraries" / "AirsketchBot" / "src"
    for name in ("AirsketchBot.h", "AirsketchBot.cpp", "Agent.h"):
        assert re.search(rf"\b{macro}\b", (library / name).read_text(encoding="utf-8"))
