"""The image of the virtual board: its imports, exports, memory, section, sizes and repeatability."""

import json
import re

import pytest
import wasmtime

from tests.device_sketch.conftest import EXAMPLES, PROJECT, VIRTUAL, Compile

VIRTUAL_PLATFORM = PROJECT / "device_sketch" / "hardware" / "airsketch" / "virtual"
EXPORTS = {"memory", "_initialize", "bot_main", "bot_isr", "bot_abi"}
MAXIMUM_PAGES = 32
BROAD_SKETCH = """
#include <HTTPClient.h>
#include <HTTPUpdate.h>
#include <Preferences.h>
#include <WiFi.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>
void setup() {
  std::map<std::string, int> ages{{"bot", 2}};
  std::vector<int> numbers{3, 1, 2};
  std::sort(numbers.begin(), numbers.end());
  std::function<void()> say = [&] { std::cout << ages["bot"] << numbers[0] << std::endl; };
  say();
  FILE *file = fopen("x", "r");
  if (file) fclose(file);
  printf("%f %d", 1.5, (int)std::chrono::system_clock::now().time_since_epoch().count());
  std::random_device device;
  srand(time(nullptr) + device() + rand());
  if (getenv("HOME")) exit(1);
  WiFiClient client;
  httpUpdate.update(client, "http://x/y.bin");
}
void loop() {}
"""


def documented_imports() -> set[str]:
    """The names in the table of HOST_INTERFACE.md."""
    text = (VIRTUAL_PLATFORM / "HOST_INTERFACE.md").read_text(encoding="utf-8")
    table = text.split("## Imports", 1)[1].split("## Custom section", 1)[0]
    return set(re.findall(r"^\| `(\w+)\(", table, re.MULTILINE))


def custom_section(image: bytes, wanted: bytes) -> bytes:
    """The last custom section of this name, found by its length-prefixed name."""
    at = image.rindex(bytes([len(wanted)]) + wanted)
    return image[at + 1 + len(wanted) :]


def test_interface_document_and_header_name_the_same_imports() -> None:
    header = (VIRTUAL_PLATFORM / "cores" / "bot" / "bot_host.h").read_text(encoding="utf-8")
    assert set(re.findall(r'BOT_IMPORT\("(\w+)"\)', header)) == documented_imports()


@pytest.mark.system
@pytest.mark.parametrize("source", [BROAD_SKETCH, "void setup() {}\nvoid loop() { delay(1); }\n"])
def test_image_imports_only_documented_names(compile_text: Compile, source: str) -> None:
    compiled = compile_text(source)
    assert compiled.succeeded, compiled.answer["compiler_err"]
    module = wasmtime.Module(wasmtime.Engine(), compiled.file("bin"))
    assert {wanted.module for wanted in module.imports} == {"bot"}
    assert {wanted.name for wanted in module.imports} <= documented_imports()


@pytest.mark.system
def test_image_exports_its_entries_and_bounds_its_memory(compile_sketch: Compile) -> None:
    module = wasmtime.Module(wasmtime.Engine(), compile_sketch(EXAMPLES / "Blink").file("bin"))
    exports = {export.name: export.type for export in module.exports}
    assert set(exports) == EXPORTS
    memory = exports["memory"]
    assert isinstance(memory, wasmtime.MemoryType)
    assert memory.limits.max == MAXIMUM_PAGES


@pytest.mark.system
def test_image_says_its_project_version_and_abi(compile_sketch: Compile) -> None:
    compiled = compile_sketch(EXAMPLES / "Blink", VIRTUAL, "--build-property", "build.version=1.2.3")
    facts = json.loads(custom_section(compiled.file("bin"), b"bot.app"))
    assert facts == {"abi": 1, "board": "airsketch:virtual:bot", "project": "Blink", "version": "1.2.3"}


@pytest.mark.system
def test_image_has_no_version_unless_its_build_sets_one(compile_sketch: Compile) -> None:
    # The server names an image by its digest; a version inside would make equal sources give other bytes.
    facts = json.loads(custom_section(compile_sketch(EXAMPLES / "Blink").file("bin"), b"bot.app"))
    assert facts["version"] == ""


@pytest.mark.system
def test_version_with_a_quote_is_refused_in_words(compile_sketch: Compile) -> None:
    compiled = compile_sketch(EXAMPLES / "Blink", VIRTUAL, "--build-property", 'build.version=a"b')
    assert not compiled.succeeded
    assert "version has characters that are not allowed" in compiled.answer["compiler_err"]


@pytest.mark.system
def test_build_leaves_image_program_and_map_and_reports_sizes(compile_sketch: Compile) -> None:
    compiled = compile_sketch(EXAMPLES / "Blink")
    sizes = {row["name"]: row for row in compiled.answer["builder_result"]["executable_sections_size"]}
    assert sizes["text"]["size"] == len(compiled.file("bin"))
    assert sizes["text"]["max_size"] == 1_310_720
    assert 0 < sizes["data"]["size"] < sizes["data"]["max_size"]
    assert b"loop" in compiled.file("elf")
    assert b"bot_main" in compiled.file("map")


@pytest.mark.system
def test_global_variables_count_as_memory(compile_text: Compile) -> None:
    def data_bytes(source: str) -> int:
        rows = compile_text(source).answer["builder_result"]["executable_sections_size"]
        return next(int(row["size"]) for row in rows if row["name"] == "data")

    sketch = (
        "char room[{size}];\nvoid setup() {{ Serial.print(room[millis() % {size}]); }}\nvoid loop() {{}}\n"
    )
    assert data_bytes(sketch.format(size=50_000)) - data_bytes(sketch.format(size=10_000)) == 40_000


@pytest.mark.system
def test_same_sources_give_the_same_bytes(compile_sketch: Compile) -> None:
    first = compile_sketch(EXAMPLES / "OtaAware").file("bin")
    second = compile_sketch(EXAMPLES / "OtaAware", VIRTUAL, "--clean").file("bin")
    assert first == second


@pytest.mark.system
def test_sketch_too_big_for_the_slot_is_refused(compile_text: Compile) -> None:
    table = f"const int table[] = {{{','.join(['0x12345678'] * 340_000)}}};\n"
    source = table + "void setup() { Serial.print(table[random(9)]); }\nvoid loop() {}\n"
    compiled = compile_text(source)
    assert not compiled.succeeded
    assert "exceeds available space" in compiled.answer["error"]


@pytest.mark.system
def test_mistake_is_reported_at_its_line(compile_text: Compile) -> None:
    compiled = compile_text("void setup() {\n  int x = ;\n}\nvoid loop() {}\n")
    assert not compiled.succeeded
    assert [(row["severity"], row["line"]) for row in compiled.diagnostics] == [("ERROR", 2)]


@pytest.mark.system
def test_missing_header_is_reported_by_name(compile_text: Compile) -> None:
    compiled = compile_text("#include <Nowhere.h>\nvoid setup() {}\nvoid loop() {}\n")
    assert not compiled.succeeded
    assert any("Nowhere.h" in row["message"] and row["line"] == 1 for row in compiled.diagnostics)


@pytest.mark.system
def test_undefined_function_is_reported_by_the_linker(compile_text: Compile) -> None:
    compiled = compile_text("void missing();\nvoid setup() { missing(); }\nvoid loop() {}\n")
    assert not compiled.succeeded
    assert "undefined symbol: missing()" in compiled.answer["compiler_err"]


@pytest.mark.system
@pytest.mark.parametrize(
    ("call", "words"),
    [
        ('xTaskCreate(nullptr, "t", 1024, nullptr, 1, nullptr)', "has no tasks"),
        ("ESP.deepSleep(1000)", "has no deep sleep"),
        ("esp_deep_sleep_start()", "has no deep sleep"),
        ("timerBegin(1000000)", "has no hardware timers"),
    ],
)
def test_what_the_virtual_bot_lacks_is_said_in_words(compile_text: Compile, call: str, words: str) -> None:
    compiled = compile_text(f"void setup() {{ {call}; }}\nvoid loop() {{}}\n")
    assert not compiled.succeeded
    assert words in compiled.diagnostics[0]["message"]


@pytest.mark.system
@pytest.mark.parametrize("header", ["WebServer.h", "WiFiUdp.h", "BluetoothSerial.h"])
def test_library_that_cannot_work_here_says_why(compile_text: Compile, header: str) -> None:
    compiled = compile_text(f"#include <{header}>\nvoid setup() {{}}\nvoid loop() {{}}\n")
    assert not compiled.succeeded
    assert "choose an ESP32 board for this sketch" in compiled.diagnostics[0]["message"]
