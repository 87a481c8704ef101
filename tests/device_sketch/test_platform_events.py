"""What the platform calls by itself: functions for Wi-Fi events and for serial input."""

import pytest

from tests.device_sketch.conftest import Compile
from tools.fleet.virtual_host import Bot, Imports, run

pytestmark = pytest.mark.system

START, STOP, CONNECTED, DISCONNECTED, GOT_IP, SCAN_DONE = 3, 4, 5, 6, 8, 2


class ShakyImports(Imports):
    """A network that is joined after 0.2 s and lost after 1 s."""

    def wifi_status(self) -> int:
        if self._bot.now_us < 200_000:
            return 6
        return 3 if self._bot.now_us < 1_000_000 else 5


def printed(
    compile_text: Compile, source: str, bot: Bot | None = None, imports_type: type[Imports] = Imports
) -> list[str]:
    """The lines that this sketch prints."""
    compiled = compile_text(source)
    assert compiled.succeeded, compiled.answer["compiler_err"]
    assert compiled.diagnostics == []
    return run(compiled.file("bin"), bot or Bot(run_us=2_000_000), imports_type).console.splitlines()


def test_connection_tells_its_events_in_order(compile_text: Compile) -> None:
    source = """
    #include <WiFi.h>
    void told(WiFiEvent_t event) { Serial.println(event); }
    void joined(WiFiEvent_t event, WiFiEventInfo_t info) {
      Serial.printf("%d %s\\n", event, IPAddress(info.got_ip.ip_info.ip.addr).toString().c_str());
    }
    void lost(arduino_event_t *event) { Serial.println(event->event_info.wifi_sta_disconnected.reason); }
    void setup() {
      WiFi.onEvent(told);
      WiFi.onEvent(joined, ARDUINO_EVENT_WIFI_STA_GOT_IP);
      WiFi.onEvent(lost, ARDUINO_EVENT_WIFI_STA_DISCONNECTED);
      WiFi.begin("home", "secret password");
      delay(1500);
      WiFi.scanNetworks();
      WiFi.mode(WIFI_OFF);
    }
    void loop() {}
    """
    lines = printed(compile_text, source, imports_type=ShakyImports)
    assert lines == [
        *(str(START), str(CONNECTED), str(GOT_IP), f"{GOT_IP} 10.0.0.7"),
        *(str(DISCONNECTED), "200", str(SCAN_DONE), str(STOP)),
    ]


def test_waiting_for_the_status_tells_events_too(compile_text: Compile) -> None:
    source = """
    #include <WiFi.h>
    int count = 0;
    void setup() {
      const auto number = WiFi.onEvent([](WiFiEvent_t) { count++; Serial.println(WiFi.status()); });
      WiFi.begin("home", "secret password");
      while (WiFi.status() != WL_CONNECTED) {}
      WiFi.removeEvent(number);
      WiFi.disconnect(true);
      Serial.printf("count %d\\n", count);
    }
    void loop() {}
    """
    assert printed(compile_text, source) == ["3", "3", "3", "count 3"]


def test_listener_may_remove_itself(compile_text: Compile) -> None:
    source = """
    #include <WiFi.h>
    wifi_event_id_t number;
    void setup() {
      String text = "once";
      number = WiFi.onEvent([text](WiFiEvent_t) { WiFi.removeEvent(number); Serial.println(text); });
      WiFi.begin("home", "secret password");
      delay(500);
      Serial.println("end");
    }
    void loop() {}
    """
    assert printed(compile_text, source) == ["once", "end"]


def test_serial_event_is_called_while_input_waits(compile_text: Compile) -> None:
    source = """
    String line;
    void serialEvent() { line += (char)Serial.read(); }
    void setup() {}
    void loop() { if (line.length() == 3) { Serial.println(line); line = ""; } }
    """
    bot = Bot(serial_in=bytearray(b"onetwo"), run_us=20_000)
    assert printed(compile_text, source, bot) == ["one", "two"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("BLEDevice.h", "has no Bluetooth"),
        ("NimBLEDevice.h", "has no Bluetooth"),
        ("ESPmDNS.h", "has no UDP"),
        ("AsyncTCP.h", "has no raw TCP"),
        ("esp_now.h", "has no ESP-NOW"),
        ("ArduinoOTA.h", "updates come by the agent"),
        ("SD.h", "use LittleFS"),
        ("SPIFFS.h", "use LittleFS"),
    ],
)
def test_library_that_cannot_work_here_names_the_limit(
    compile_text: Compile, header: str, words: str
) -> None:
    compiled = compile_text(f"#include <{header}>\nvoid setup() {{}}\nvoid loop() {{}}\n")
    assert not compiled.succeeded
    assert words in compiled.diagnostics[0]["message"]
