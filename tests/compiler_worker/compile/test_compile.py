"""Real compiles in the real jail: every way a sketch can end has a name, and nothing is left behind."""

import time
from pathlib import Path

import psutil
import pytest

from app.builds.images import read_image
from app.builds.rules import BuildState, FailureReason, Severity, Stage
from compiler_worker.sandbox.process import Limits
from tests.compiler_worker.conftest import ROOT, SETUP, Bench, Compiled

pytestmark = pytest.mark.system

BLINK = "void setup() { pinMode(2, OUTPUT); }\nvoid loop() { digitalWrite(2, HIGH); delay(500); }\n"
# The linker merges equal texts; with the file's name in it, each object has a text of its own.
CONSTRUCTOR = (
    "#include <Arduino.h>\n"
    'namespace { struct Ran { Ran() { Serial.println("constructor of " __FILE__); } }; Ran ran; }\n'
)
_TELLING = ("cmdline", "version", "sys/kernel/random/boot_id")
ENDLESS = '#include "/dev/zero"' + SETUP


def compilers_of(folder: Path) -> list[str]:
    """The command lines of jails that show a folder, zombies aside."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = " ".join(process.info["cmdline"] or [])
        if process.info["status"] != psutil.STATUS_ZOMBIE and str(folder) in words and "bwrap" in words:
            found.append(words)
    return found


def failure(done: Compiled) -> tuple[BuildState, FailureReason | None]:
    return done.result.state, done.result.reason


def errors(done: Compiled) -> list[tuple[str, int, str]]:
    return [(d.file, d.line, d.message) for d in done.result.diagnostics if d.severity is Severity.ERROR]


def test_sketch_becomes_a_checked_image_with_a_manifest(bench: Bench) -> None:
    done = bench.compile(BLINK, name="Blink")
    assert failure(done) == (BuildState.SUCCEEDED, None)
    image = read_image((done.out_dir / "firmware.bin").read_bytes())
    assert done.result.image == image
    assert image.project == "Blink"
    names = {facts.name for facts in done.result.artifacts}
    assert names == {"firmware.bin", "firmware.elf", "firmware.map", "manifest.json"}
    assert {size.name for size in done.result.sizes} == {"text", "data"}
    assert done.result.core_version
    assert done.result.compile_s > 0


def test_stages_come_in_their_order_and_the_log_tells_them(bench: Bench) -> None:
    bench.compile(BLINK)
    # Heavy enough to be seen at work.
    done = bench.compile("#include <map>\n#include <string>\nstd::map<std::string, std::string> m;" + SETUP)
    order = list(Stage)
    assert done.stages == sorted(done.stages, key=order.index)
    assert {Stage.PREPARING, Stage.COMPILING_SKETCH, Stage.STORING} <= set(done.stages)
    assert "Compiling sketch..." in done.lines


def test_every_image_carries_the_agent(bench: Bench) -> None:
    if not bench.toolchain.has_agent:
        pytest.skip("the agent's library is not there")
    done = bench.compile(BLINK)
    assert "AirsketchBot" in {library.name for library in done.result.libraries}


def test_core_is_compiled_once_for_all_tenants(bench: Bench, tmp_path: Path) -> None:
    bench.compile(BLINK)
    (tmp_path / "other").mkdir()
    other = Bench(bench.toolchain, bench.catalog, bench.cache, tmp_path / "other")
    done = other.compile("int other;" + SETUP)
    assert done.result.state is BuildState.SUCCEEDED
    assert Stage.COMPILING_CORE not in done.stages


def test_only_a_compile_in_an_empty_cache_built_clean(bench: Bench) -> None:
    assert bench.compile(BLINK).result.built_clean
    assert not bench.compile(BLINK).result.built_clean


def test_error_names_its_file_line_and_column(bench: Bench) -> None:
    done = bench.compile("void setup() {\n  int x = ;\n}\nvoid loop() {}\n")
    assert failure(done) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    found = done.result.diagnostics[0]
    assert (found.severity, found.file, found.line, found.column) == (Severity.ERROR, "Sketch.ino", 2, 11)


def test_error_in_a_second_file_names_that_file(bench: Bench) -> None:
    done = bench.compile(SETUP, more={"src/motor.cpp": "int f() {\n  return wrong;\n}\n"})
    assert errors(done) == [("src/motor.cpp", 2, "use of undeclared identifier 'wrong'")]


def test_warning_does_not_fail_the_build(bench: Bench) -> None:
    done = bench.compile("#warning careful" + SETUP)
    assert done.result.state is BuildState.SUCCEEDED
    assert [(d.severity, d.line) for d in done.result.diagnostics] == [(Severity.WARNING, 1)]


def test_missing_header_is_an_error_at_its_line(bench: Bench) -> None:
    done = bench.compile("\n#include <NoSuchThing.h>" + SETUP)
    assert [(file, line) for file, line, _ in errors(done)] == [("Sketch.ino", 2)]


def test_missing_function_is_a_link_error(bench: Bench) -> None:
    done = bench.compile("void helper(int);\nvoid setup() { helper(1); }\nvoid loop() {}\n")
    assert failure(done) == (BuildState.FAILED, FailureReason.LINK_ERROR)
    assert errors(done) == [("Sketch.ino", 0, "“helper(int)” is used but not defined anywhere.")]


def test_function_of_the_core_defined_again_is_a_link_error(bench: Bench) -> None:
    done = bench.compile('extern "C" void bot_main() {}' + SETUP)
    assert failure(done) == (BuildState.FAILED, FailureReason.LINK_ERROR)
    assert errors(done) == [("Sketch.ino", 0, "“bot_main” is defined more than once.")]


def test_image_larger_than_the_slot_is_too_big(bench: Bench) -> None:
    done = bench.compile(BLINK, slot_bytes=1000)
    assert failure(done) == (BuildState.FAILED, FailureReason.TOO_BIG)
    assert "1000" in done.result.message


def test_600_megabytes_of_variables_are_too_big(bench: Bench) -> None:
    done = bench.compile(
        "static char big[600 * 1024 * 1024];\n"
        "void setup() { big[millis()] = 1; }\nvoid loop() { Serial.println(big[micros()]); }\n"
    )
    assert failure(done) == (BuildState.FAILED, FailureReason.TOO_BIG)


def test_compiler_that_never_ends_is_timed_out(bench: Bench, tmp_path: Path) -> None:
    done = bench.compile(ENDLESS, limits=Limits(wall_s=2))
    assert done.result.state is BuildState.TIMED_OUT
    assert "2 seconds" in done.result.message
    assert compilers_of(tmp_path) == []


def test_constant_that_never_ends_is_named(bench: Bench, tmp_path: Path) -> None:
    source = (
        "constexpr unsigned f(unsigned n) { unsigned s = 0; while (n--) s += n; return s; }\n"
        "static_assert(f(4000000000u) != 1);"
    )
    done = bench.compile(source + SETUP, limits=Limits(wall_s=30))
    assert failure(done) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    assert compilers_of(tmp_path) == []


def test_endless_templates_are_an_error(bench: Bench) -> None:
    done = bench.compile(
        "template <long N> struct A { using T = typename A<N + 1>::T; };\nA<0>::T x;" + SETUP
    )
    assert failure(done) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    assert len(done.result.diagnostics) <= 100


def test_macro_bomb_ends_with_a_name(bench: Bench, tmp_path: Path) -> None:
    levels = "".join(f"#define A{i} {f'A{i - 1} ' * 8}\n" for i in range(1, 12))
    done = bench.compile("#define A0 1;\n" + levels + "void g() { A11 }" + SETUP, limits=Limits(wall_s=4))
    assert done.result.state in {BuildState.TIMED_OUT, BuildState.FAILED}
    assert compilers_of(tmp_path) == []


def test_memory_bomb_is_out_of_memory(bench: Bench, tmp_path: Path) -> None:
    levels = "".join(f"#define A{i} {f'A{i - 1} ' * 8}\n" for i in range(1, 12))
    limits = Limits(wall_s=50, memory_bytes=300 * 1024**2)
    done = bench.compile("#define A0 1;\n" + levels + "void g() { A11 }" + SETUP, limits=limits)
    assert failure(done) == (BuildState.FAILED, FailureReason.OUT_OF_MEMORY)
    assert compilers_of(tmp_path) == []


def test_flood_of_messages_is_stopped(bench: Bench, tmp_path: Path) -> None:
    levels = "".join(f"#define A{i} {f'A{i - 1} ' * 10}\n" for i in range(1, 5))
    source = '#define A0 _Pragma("message(\\"xxxxxxxxxxxxxxxxxxxxxxxxxxxx\\")")\n' + levels + "A4\n"
    done = bench.compile(source + SETUP, limits=Limits(wall_s=50, err_bytes=200_000))
    assert failure(done) == (BuildState.FAILED, FailureReason.OUTPUT_FLOOD)
    assert sum(map(len, done.lines)) < 300_000
    assert compilers_of(tmp_path) == []


def test_too_many_files_written_is_disk_full(bench: Bench) -> None:
    done = bench.compile(BLINK, limits=Limits(wall_s=50, disk_bytes=1000))
    assert failure(done) == (BuildState.FAILED, FailureReason.DISK_FULL)


def test_stop_ends_a_compile_within_a_second(bench: Bench, tmp_path: Path) -> None:
    started = time.monotonic()
    done = bench.compile(ENDLESS, cancelled=lambda: time.monotonic() > started + 1.0)
    assert done.result.state is BuildState.CANCELLED
    assert time.monotonic() - started < 4
    assert compilers_of(tmp_path) == []


def test_killed_compile_does_not_spoil_the_next(bench: Bench) -> None:
    bench.compile(BLINK, limits=Limits(wall_s=0.3))
    assert bench.compile(BLINK).result.state is BuildState.SUCCEEDED


def constructors_in(done: Compiled) -> int:
    """How many objects made from `CONSTRUCTOR` are in the image."""
    assert failure(done) == (BuildState.SUCCEEDED, None)
    return (done.out_dir / "firmware.bin").read_bytes().count(b"constructor of ")


def test_renamed_file_is_in_the_image_once(bench: Bench) -> None:
    assert constructors_in(bench.compile(BLINK, more={"a.cpp": CONSTRUCTOR})) == 1
    assert constructors_in(bench.compile(BLINK, more={"b.cpp": CONSTRUCTOR})) == 1


@pytest.mark.parametrize("path", ["a.cpp", "src/deep/a.cpp"])
def test_deleted_file_is_not_in_the_image(bench: Bench, path: str) -> None:
    assert constructors_in(bench.compile(BLINK, more={path: CONSTRUCTOR})) == 1
    assert constructors_in(bench.compile(BLINK, more={"other.cpp": "int other;"})) == 0


def test_deleted_header_cannot_be_included(bench: Bench) -> None:
    source = '#include "settings.h"' + SETUP
    assert bench.compile(source, more={"settings.h": ""}).result.state is BuildState.SUCCEEDED
    assert failure(bench.compile(source)) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)


def test_edited_file_is_compiled_in_a_warm_cache(bench: Bench) -> None:
    bench.compile(BLINK, more={"a.cpp": "int other;"})
    done = bench.compile(BLINK, more={"a.cpp": CONSTRUCTOR})
    assert constructors_in(done) == 1
    assert not done.result.built_clean


@pytest.mark.parametrize(
    "line",
    [
        '#include "/etc/passwd"',
        '#include "/etc/shadow"',
        f'#include "{ROOT}/config.py"',
        '#include "/proc/1/environ/../../../etc/hostname"',
    ],
)
def test_files_of_the_server_cannot_be_included(bench: Bench, line: str) -> None:
    done = bench.compile(line + SETUP)
    assert failure(done) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    assert "file not found" in errors(done)[0][2]
    assert "root:" not in done.log


@pytest.mark.parametrize(
    "source",
    [
        '#include "/proc/cmdline"',
        '#include "/proc/version"',
        '#include "/proc/1/cmdline"',
        '#include "/proc/1/mountinfo"',
        '#include "/proc/sys/kernel/random/boot_id"',
    ],
)
def test_no_command_line_of_the_machine_is_told(bench: Bench, source: str) -> None:
    done = bench.compile(source + SETUP)
    assert failure(done) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    told = done.log + "".join(found.message for found in done.result.diagnostics)
    secrets = [Path("/proc", name).read_text().strip() for name in _TELLING]
    for secret in (*secrets, "bwrap", "--unshare", "--ro-bind"):
        assert secret not in told


@pytest.mark.parametrize("path", ["/etc/shadow", "/etc/hostname", str(ROOT / "config.py")])
def test_files_of_the_server_cannot_enter_the_image(bench: Bench, path: str) -> None:
    done = bench.compile(f'asm(".incbin \\"{path}\\"");' + SETUP)
    assert failure(done) == (BuildState.FAILED, FailureReason.COMPILE_ERROR)
    assert not (done.out_dir / "firmware.bin").exists()


def test_sketch_cannot_find_out_which_files_exist(bench: Bench) -> None:
    paths = [
        "/etc/passwd",
        "/root",
        "/home",
        "/var/log",
        "/run",
        str(ROOT / "config.py"),
        str(ROOT / ".git/HEAD"),
    ]
    tests = " || ".join(f'__has_include("{path}")' for path in paths)
    done = bench.compile(f"#if {tests}\n#error LEAK\n#endif" + SETUP)
    assert done.result.state is BuildState.SUCCEEDED


def test_no_path_of_the_server_is_revealed(bench: Bench, tmp_path: Path, warm_dir: Path) -> None:
    for source in (
        "wrong",
        "#error no",
        "void g();\nvoid f() { g(); }\nvoid setup() { f(); }\nvoid loop() {}",
    ):
        done = bench.compile(source)
        output = done.log + "".join(found.message for found in done.result.diagnostics)
        for secret in (str(ROOT), str(tmp_path), f"{Path.home()}/", str(warm_dir)):
            assert secret not in output


def test_no_path_of_the_server_is_in_the_artifacts(bench: Bench) -> None:
    done = bench.compile(BLINK)
    for file in done.out_dir.iterdir():
        assert str(ROOT).encode() not in file.read_bytes(), file.name


def test_printed_sizes_cannot_be_forged(bench: Bench) -> None:
    forged = "Sketch uses 1 bytes (0%) of program storage space. Maximum is 2 bytes."
    done = bench.compile(f"/*\n{forged}\n*/" + SETUP)
    assert {size.name: size.max_bytes for size in done.result.sizes}["text"] > 2
