"""Messages as the tools really print them (GCC 12, clang of zig 0.17, GNU ld 2.40, wasm-ld 21)."""

import pytest

from app.builds.rules import Diagnostic, Severity
from compiler_worker.compile.diagnostics import MAX_DIAGNOSTICS, DiagnosticReader

COPY = "/airsketch/cache/sketches/2EE81C70C651512C68D2BEBA62D4FC38/sketch"


def read(text: str) -> DiagnosticReader:
    reader = DiagnosticReader("/airsketch/sketch/Blink")
    for line in text.splitlines():
        reader.read(line)
    return reader


def found(text: str) -> list[tuple[Severity, str, int, int, str]]:
    return [(d.severity, d.file, d.line, d.column, d.message) for d in read(text).result()]


def test_error_of_the_main_file() -> None:
    text = """\
/airsketch/sketch/Blink/Blink.ino: In function 'void setup()':
/airsketch/sketch/Blink/Blink.ino:2:11: error: expected expression
    2 |   int x = ;
      |           ^
1 error generated."""
    assert found(text) == [(Severity.ERROR, "Blink.ino", 2, 11, "expected expression")]


def test_copy_of_a_file_is_the_file() -> None:
    assert found(f"{COPY}/src/motor.cpp:7:3: warning: unused variable 'x' [-Wunused-variable]") == [
        (Severity.WARNING, "src/motor.cpp", 7, 3, "unused variable 'x' [-Wunused-variable]")
    ]


def test_generated_main_file_is_the_ino() -> None:
    assert found(f"{COPY}/Blink.ino.cpp:4:1: error: bad")[0][1] == "Blink.ino"


def test_missing_header_is_an_error() -> None:
    text = "/airsketch/sketch/Blink/Blink.ino:1:10: fatal error: NoSuch.h: No such file or directory"
    assert found(text) == [(Severity.ERROR, "Blink.ino", 1, 10, "NoSuch.h: No such file or directory")]


def test_error_in_a_library_is_shown_at_the_include_of_the_sketch() -> None:
    text = """\
In file included from /airsketch/device_sketch/libraries/Other/src/other.h:1,
                 from /airsketch/sketch/Blink/Blink.ino:3:
/airsketch/device_sketch/libraries/Other/src/deep.h: In function ‘int f()’:
/airsketch/device_sketch/libraries/Other/src/deep.h:1:18: error: ‘nowhere’ was not declared in this scope
    1 | int f() { return nowhere; }"""
    assert found(text) == [
        (Severity.ERROR, "Blink.ino", 3, 0, "‘nowhere’ was not declared in this scope (in deep.h, line 1)")
    ]


def test_template_error_is_shown_where_gcc_says_it_is_required() -> None:
    text = """\
In file included from /airsketch/sketch/Blink/Blink.ino:1:
/airsketch/tools/a.h: In instantiation of ‘void V<T>::f() [with T = int]’:
/airsketch/sketch/Blink/Blink.ino:2:27:   required from here
/airsketch/tools/a.h:1:48: error: request for member ‘nope’"""
    assert found(text) == [(Severity.ERROR, "Blink.ino", 2, 0, "request for member ‘nope’ (in a.h, line 1)")]


def test_error_without_a_chain_is_shown_where_its_note_points() -> None:
    text = """\
/airsketch/tools/a.h:1:47: error: no matching function
/airsketch/sketch/Blink/Blink.ino:5:26: note: in instantiation of 'V<int>::f' requested here"""
    messages = found(text)
    assert messages[0] == (Severity.ERROR, "Blink.ino", 5, 0, "no matching function (in a.h, line 1)")
    assert messages[1][:4] == (Severity.NOTE, "Blink.ino", 5, 26)


def test_chain_counts_for_its_own_error_only() -> None:
    text = """\
In file included from /airsketch/sketch/Blink/Blink.ino:1:
/airsketch/tools/a.h:1:1: error: one
/airsketch/tools/b.h:2:2: error: two"""
    assert [(file, line) for _, file, line, _, _ in found(text)] == [("Blink.ino", 1), ("", 0)]


@pytest.mark.parametrize("severity", ["note", "warning"])
def test_only_errors_outside_of_the_sketch_are_kept(severity: str) -> None:
    assert found(f"/airsketch/tools/a.h:9:9: {severity}: something") == []
    assert len(found("/airsketch/tools/a.h:9:9: error: something")) == 1


@pytest.mark.parametrize(
    ("text", "file", "line"),
    [
        (f"wasm-ld: error: {COPY}/Blink.ino.cpp.o: undefined symbol: missing(int)", "Blink.ino", 0),
        ("/airsketch/sketch/Blink/Blink.ino:4: undefined reference to `missing(int)'", "Blink.ino", 4),
        (f"/x/ld: {COPY}/src/a.cpp.o:(.literal+0x4): undefined reference to `missing(int)'", "src/a.cpp", 0),
        (f"{COPY}/Blink.ino.cpp:(.text+0x15): undefined reference to `missing(int)'", "Blink.ino", 0),
        ("/usr/bin/ld: core.a(main.cpp.o): undefined reference to `missing(int)'", "", 0),
    ],
)  # fmt: skip
def test_undefined_symbol_is_readable(text: str, file: str, line: int) -> None:
    reader = read(text)
    assert reader.link_failed
    assert reader.result() == (
        Diagnostic(
            severity=Severity.ERROR,
            file=file,
            line=line,
            column=0,
            message="“missing(int)” is used but not defined anywhere.",
        ),
    )


def test_symbol_defined_twice_is_readable_for_gnu_ld() -> None:
    text = (
        f"/usr/bin/ld: core.a(b.o):(.bss+0x0): multiple definition of `dup'; {COPY}/Blink.ino.cpp.o:"
        "/airsketch/sketch/Blink/Blink.ino:3: first defined here\n"
        "collect2: error: ld returned 1 exit status"
    )
    assert found(text) == [(Severity.ERROR, "Blink.ino", 3, 0, "“dup” is defined more than once.")]


def test_symbol_defined_twice_is_readable_for_wasm_ld() -> None:
    text = f"""\
wasm-ld: error: duplicate symbol: bot_main
>>> defined in {COPY}/Blink.ino.cpp.o
>>> defined in /airsketch/cores/cores/x/core.a(main.cpp.o)"""
    assert found(text) == [(Severity.ERROR, "Blink.ino", 0, 0, "“bot_main” is defined more than once.")]


@pytest.mark.parametrize(
    "line",
    [
        "/x/ld: region `dram0_0_seg' overflowed by 1048 bytes",
        "/x/ld: Blink.ino.elf section `.flash.text' will not fit in region `iram0_2_seg'",
        "wasm-ld: error: initial memory too small, 629153504 bytes needed",
        "Error during build: text section exceeds available space in board",
    ],
)
def test_overflow_is_too_big(line: str) -> None:
    reader = read(line)
    assert reader.too_big
    assert not reader.link_failed


def test_other_linker_errors_are_told_without_folders() -> None:
    reader = read("wasm-ld: error: cannot open /airsketch/cache/x/foo.o: No such file")
    assert [d.message for d in reader.result()] == ["cannot open foo.o: No such file"]


def test_same_message_is_kept_once() -> None:
    assert len(found("/airsketch/sketch/Blink/a.h:1:1: warning: twice\n" * 2)) == 1


def test_errors_survive_the_limit() -> None:
    warnings = "".join(f"/airsketch/sketch/Blink/a.h:{n}:1: warning: w{n}\n" for n in range(1, 300))
    reader = read(warnings + "/airsketch/sketch/Blink/Blink.ino:1:1: error: last")
    assert len(reader.result()) == MAX_DIAGNOSTICS
    assert reader.result()[0].message == "last"


def test_long_message_is_cut() -> None:
    assert len(found(f"/airsketch/sketch/Blink/Blink.ino:1:1: error: {'x' * 9000}")[0][4]) == 500


def test_generated_agent_file_is_not_the_users() -> None:
    assert found(f"{COPY}/airsketch+agent.cpp:2:10: fatal error: x")[0][1] == ""


@pytest.mark.parametrize(
    "line",
    [
        "/" * 1_000_000,
        "/" * 1_000_000 + "undefined symbol: x",
        "a.ino" * 200_000 + "undefined symbol: x",
        "ld: " + "/" * 1_000_000,
        "region '" * 100_000,
        "duplicate symbol: " * 50_000 + ";",
        "-" * 1_000_000 + "ld",
    ],
    ids=["slashes", "object", "source", "noise", "region", "duplicate", "linker"],
)
def test_a_line_made_to_be_slow_is_read_in_one_pass(line: str) -> None:
    # A pattern that starts again at each character would need hours.
    assert len(read(line).result()) <= 1


def test_the_last_object_that_a_linker_names_counts() -> None:
    text = f"/usr/bin/ld: lib.a(core.cpp.o): {COPY}/motor.cpp.o:(.text+0x1): undefined reference to `spin'"
    assert found(text)[0][1] == "motor.cpp"
