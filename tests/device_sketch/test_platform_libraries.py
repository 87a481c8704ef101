"""Libraries written for the ESP32, or for any board, work when they use only what the platform has."""

from pathlib import Path

import pytest

from tests.device_sketch.conftest import VIRTUAL, Compile
from tools.fleet.virtual_host import MICROSECONDS_PER_S, Bot, Imports, run

pytestmark = pytest.mark.system

LIBRARIES = Path(__file__).with_name("fixture_libraries")
BUTTON = 4
JSON_SKETCH = """
#include <ShortJson.h>
void setup() {
  shortjson::Document<8> document;
  document["count"] = 3; document["on"] = true; document["ratio"] = 0.5f; document[F("name")] = "a \\"bot\\"";
  document["word"] = std::string("std"); document["count"] = uint8_t(200);
  document.writeTo(Serial); Serial.println();
  Serial.println(document.readFrom(Serial));
  Serial.println(document["n"].as<int>() + 1); Serial.println(document["t"].as<String>());
  Serial.println(document["f"].as<double>(), 1); Serial.println(document["none"] | 7);
  const bool on = document["b"]; Serial.println(on);
}
void loop() {}
"""
BUTTON_SKETCH = """
#include <PushButton.h>
PushButton button;
void setup() { button.attach(4); button.interval(20); }
void loop() {
  if (!button.update()) return;
  Serial.printf("%lu %s\\n", millis() / 10, button.fell() ? "down" : "up");
}
"""


class BouncingImports(Imports):
    """A button that bounces for 10 ms when it is pressed at 0.1 s and when it is let go at 0.5 s."""

    def dread(self, pin: int) -> int:
        assert pin == BUTTON
        moment_ms = int(self._bot.now_us / 1000)
        for edge_ms in (100, 500):
            if edge_ms <= moment_ms < edge_ms + 10:
                return moment_ms % 2
        return 0 if 100 <= moment_ms < 500 else 1


def printed(compile_text: Compile, source: str, bot: Bot, imports_type: type[Imports] = Imports) -> list[str]:
    """The lines of a sketch that is built with the libraries of this test."""
    compiled = compile_text(source, VIRTUAL, "--libraries", str(LIBRARIES))
    assert compiled.succeeded, compiled.answer["compiler_err"]
    assert compiled.diagnostics == []
    return run(compiled.file("bin"), bot, imports_type).console.splitlines()


def test_header_only_library_for_any_board_works(compile_text: Compile) -> None:
    bot = Bot(run_us=2 * MICROSECONDS_PER_S, serial_in=bytearray(b'{"n":41,"t":"text","f":2.5,"b":true}'))
    assert printed(compile_text, JSON_SKETCH, bot) == [
        r'{"count":200,"on":true,"ratio":0.500,"name":"a \"bot\"","word":"std"}',
        *("1", "42", "text", "2.5", "7", "1"),
    ]


def test_button_library_for_the_esp32_works(compile_text: Compile) -> None:
    bot = Bot(run_us=MICROSECONDS_PER_S)
    assert printed(compile_text, BUTTON_SKETCH, bot, BouncingImports) == ["13 down", "52 up"]


def test_small_helpers_of_the_standard_library_need_no_header(compile_text: Compile) -> None:
    source = """
    void setup() {
      String a = "a", b = std::move(a);
      int low = 3, high = 9;
      std::swap(low, high);
      Serial.printf("%s %d %d %d %.1f\\n", b.c_str(), low, std::min(low, high), std::max(1, 2),
                    std::abs(-1.5));
      Serial.println(min(2, 3L) + max(1, 2.5));
    }
    void loop() {}
    """
    assert printed(compile_text, source, Bot(run_us=10_000)) == ["a 9 3 2 1.5", "4.50"]
