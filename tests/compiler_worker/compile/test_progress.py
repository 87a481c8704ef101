"""Command lines of real builds (arduino-cli 1.5.1, zig 0.17; Espressif's GCC), recorded and shortened."""

import pytest

from app.builds.rules import SectionSize, Stage
from compiler_worker.compile.progress import Sizes, is_later, stage_of, title_of

BUILD = "/airsketch/cache/sketches/2EE81C70C651512C68D2BEBA62D4FC38"


@pytest.mark.parametrize(
    ("command", "stage"),
    [
        (f"zig-g++ c++ -c -E -CC {BUILD}/sketch/a.ino.cpp.merged -o /dev/null", Stage.DETECTING_LIBRARIES),
        (f"zig-g++ c++ -E {BUILD}/sketch/a.cpp -o /tmp/7/sketch_merged.cpp", Stage.GENERATING_PROTOTYPES),
        ("ctags -u --line-directives /tmp/7/sketch_merged.cpp", Stage.GENERATING_PROTOTYPES),
        (f"zig-g++ c++ -c {BUILD}/sketch/a.ino.cpp -o {BUILD}/sketch/a.ino.cpp.o", Stage.COMPILING_SKETCH),
        (f"g++ -I{BUILD}/sketch -c /lib/x.cpp -o {BUILD}/libraries/X/x.cpp.o", Stage.COMPILING_LIBRARIES),
        (f"g++ -c /core/main.cpp -o {BUILD}/core/main.cpp.o", Stage.COMPILING_CORE),
        (f"wasm-ld -o {BUILD}/a.ino.elf {BUILD}/sketch/a.ino.cpp.o {BUILD}/libraries/X/x.o", Stage.LINKING),
        (f"bot-image pack {BUILD}/a.ino.elf {BUILD}/a.ino.bin", Stage.LINKING),
        ("arduino-cli compile --fqbn a:b:c /airsketch/sketch/core", None),
        ("", None),
    ],
)  # fmt: skip
def test_command_tells_its_stage(command: str, stage: Stage | None) -> None:
    assert stage_of(command.split()) == stage


def test_stages_have_an_order() -> None:
    assert is_later(Stage.LINKING, Stage.COMPILING_SKETCH)
    assert not is_later(Stage.COMPILING_SKETCH, Stage.LINKING)
    assert not is_later(Stage.LINKING, Stage.LINKING)


def test_only_stages_of_the_tool_have_a_line_in_the_log() -> None:
    assert title_of(Stage.LINKING) == "Linking everything together..."
    assert title_of(Stage.STORING) == ""


def test_last_sizes_count() -> None:
    sizes = Sizes()
    for size in (1, 5946):
        sizes.read(f"Sketch uses {size} bytes (0%) of program storage space. Maximum is 1310720 bytes.")
    sizes.read(
        "Global variables use 832 bytes (0%) of dynamic memory, leaving 2063552 bytes for local "
        "variables. Maximum is 2064384 bytes."
    )
    assert list(sizes.found.values()) == [
        SectionSize(name="text", size_bytes=5946, max_bytes=1310720),
        SectionSize(name="data", size_bytes=832, max_bytes=2064384),
    ]
