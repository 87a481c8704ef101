"""Images of the virtual board, run: what a sketch does reaches the host, and the language behaves."""

import hashlib

import pytest

from tests.device_sketch.conftest import EXAMPLES, PROJECT, Compile
from tools.fleet.virtual_host import MICROSECONDS_PER_S, Bot, run

pytestmark = pytest.mark.system

LED = 2
BOOT_BUTTON = 0


HTTP_UPDATE = """
#include <HTTPUpdate.h>
#include <Preferences.h>
#include <WiFi.h>
Preferences memory;
void signIn(HTTPClient *request) {
  request->setAuthorization(memory.getString("product_id").c_str(), memory.getString("device_key").c_str());
}
void setup() {
  memory.begin("airsketch", true);
  WiFi.begin(memory.getString("ssid").c_str(), memory.getString("pass").c_str());
  WiFiClient connection;
  const String link = memory.getString("server") + "/" + memory.getString("product_id") + ".ino.bin";
  httpUpdate.update(connection, link, "", signIn);
}
void loop() {}
"""


def run_text(compile_text: Compile, body: str, bot: Bot | None = None, before: str = "") -> list[str]:
    """The lines that a setup() with this body prints."""
    compiled = compile_text(f"{before}\nvoid setup() {{ {body} }}\nvoid loop() {{}}\n")
    assert compiled.succeeded, compiled.answer["compiler_err"]
    return run(compiled.file("bin"), bot or Bot(run_us=10_000)).console.splitlines()


def test_blink_toggles_the_led_every_half_second(compile_sketch: Compile) -> None:
    bot = run(compile_sketch(EXAMPLES / "Blink").file("bin"), Bot(run_us=2.2 * MICROSECONDS_PER_S))
    assert [level for _, pin, level in bot.pin_events if pin == LED] == [1, 0, 1, 0, 1]
    half_seconds = [round(moment / 500_000) for moment, _, _ in bot.pin_events]
    assert half_seconds == [0, 1, 2, 3, 4]
    assert bot.confirmed


def test_serial_answers_what_a_person_types(compile_sketch: Compile) -> None:
    bot = Bot(serial_in=bytearray(b"21\nhello bot\n"))
    run(compile_sketch(EXAMPLES / "SerialEcho").file("bin"), bot)
    assert bot.console.splitlines() == ["Hello! Type something.", "Twice 21 is 42", "You said: HELLO BOT"]


def test_fade_writes_every_brightness(compile_sketch: Compile) -> None:
    bot = run(compile_sketch(EXAMPLES / "Fade").file("bin"), Bot(run_us=1.2 * MICROSECONDS_PER_S))
    assert (LED, 255, 8) in bot.pwm
    assert bot.pwm[:3] == [(LED, 0, 8), (LED, 5, 8), (LED, 10, 8)]


def test_interrupt_counts_presses_during_a_delay(compile_sketch: Compile) -> None:
    bot = Bot(pressed={100_000: BOOT_BUTTON, 200_000: BOOT_BUTTON, 900_000: BOOT_BUTTON})
    run(compile_sketch(EXAMPLES / "Interrupt").file("bin"), bot)
    assert bot.console.split("\n")[:2] == ["Pressed 2 times", "Pressed 3 times"]


def test_counter_remembers_over_a_restart(compile_sketch: Compile) -> None:
    image = compile_sketch(EXAMPLES / "Counter").file("bin")
    first = run(image, Bot())
    second = run(image, Bot(nvs=first.nvs))
    assert (first.console, second.console) == (
        "This bot was started 1 times.\n",
        "This bot was started 2 times.\n",
    )


def test_scan_lists_networks_with_their_signal(compile_sketch: Compile) -> None:
    bot = Bot(networks="-40\t6\t3\tat home\n-71\t11\t0\tcafé\n", run_us=MICROSECONDS_PER_S)
    run(compile_sketch(EXAMPLES / "WiFiScan").file("bin"), bot)
    assert bot.console.splitlines()[1:3] == [
        " -40 dBm  channel  6  locked  at home",
        " -71 dBm  channel 11  open    café",
    ]


def test_http_update_fetches_the_static_link_and_restarts(compile_text: Compile) -> None:
    link = "http://10.0.0.1:8000/bot_001.ino.bin"
    image = compile_text(HTTP_UPDATE).file("bin")
    stored = {"ssid": "home", "pass": "secret", "server": "http://10.0.0.1:8000", "product_id": "bot_001"}
    bot = Bot(answers={link: image}, levels={BOOT_BUTTON: 0})
    # Preferences keeps a text behind one byte that tells its type.
    stored["device_key"] = "ab"
    bot.nvs = {("airsketch", key): b"\x08" + value.encode() for key, value in stored.items()}
    run(image, bot)
    assert bot.end == "restart 3"
    assert bytes(bot.slot) == image
    (request,) = bot.requests
    assert request.startswith(f"GET {link}\n")
    assert "Authorization: Basic Ym90XzAwMTphYg==\n" in request
    assert f"x-ESP32-sketch-sha256: {'ab' * 32}\n" in request


def test_polling_the_clock_gives_the_host_a_rest(compile_text: Compile) -> None:
    bot = Bot(run_us=MICROSECONDS_PER_S)
    run_text(compile_text, "while (millis() < 100000) {}", bot)
    assert bot.end == "time is over"


def test_text_type_keeps_the_language_of_sketches(compile_text: Compile) -> None:
    body = """
    String s = "a"; s += 5; s += 'c'; Serial.println("x" + s + 1.5 + String(255, HEX));
    Serial.println(s.indexOf("5c") + 10 * s.lastIndexOf('a'));
    String t = "  one two one  "; t.trim(); t.replace("one", "three"); Serial.println("[" + t + "]");
    Serial.println(t.substring(6, 9) + t.length() + t.startsWith("three") + t.endsWith("two"));
    Serial.println(String("42abc").toInt() + String("-1.5").toFloat());
    t += t; Serial.println(t); t.remove(3); t.toUpperCase(); Serial.println(t);
    Serial.println(String("abc") == "abc" && String("a") < "b" && String("ABC").equalsIgnoreCase("abc"));
    """
    assert run_text(compile_text, body) == [
        "xa5c1.50ff",
        "1",
        "[three two three]",
        "two1510",
        "40.50",
        "three two threethree two three",
        "THR",
        "1",
    ]


def test_numbers_print_as_sketches_expect(compile_text: Compile) -> None:
    body = """
    Serial.println(255, HEX); Serial.println(-7); Serial.println(5, BIN); Serial.println(3.14159, 3);
    Serial.println(-0.005); Serial.println(1e10); Serial.println(99.999); Serial.println((uint8_t)65);
    Serial.println('A');
    Serial.println(1.0 / 0.0); Serial.println(4294967295UL); Serial.println(-9223372036854775807LL);
    Serial.printf("%5.2f|%-4d|%s\\n", 2.5, 7, "end"); Serial.println(IPAddress(192, 168, 1, 20));
    """
    assert run_text(compile_text, body) == [
        *("FF", "-7", "101", "3.142", "-0.01", "10000000000.00", "100.00", "65", "A", "inf", "4294967295"),
        *("-9223372036854775807", " 2.50|7   |end", "192.168.1.20"),
    ]


def test_arithmetic_helpers(compile_text: Compile) -> None:
    body = """
    Serial.println(map(512, 0, 1023, 0, 255)); Serial.println(constrain(12, 0, 10));
    Serial.println(max(1, 2.5)); Serial.println(abs(-1.5)); Serial.println(min(3u, 2u));
    Serial.println(bitRead(5, 2)); Serial.println(sq(3));
    randomSeed(7); long a = random(1000); randomSeed(7);
    Serial.println(a == random(1000) && random(5, 6) == 5);
    """
    assert run_text(compile_text, body) == ["127", "10", "2.50", "1.50", "2", "1", "9", "1"]


def test_numbers_are_read_from_the_console(compile_text: Compile) -> None:
    bot = Bot(serial_in=bytearray(b"go -12, 3.5 end\nrest"), run_us=4 * MICROSECONDS_PER_S)
    body = "Serial.println(Serial.parseInt()); Serial.println(Serial.parseFloat());"
    body += "Serial.println(Serial.find('\\n')); Serial.println(Serial.readString());"
    assert run_text(compile_text, body, bot) == ["-12", "3.50", "1", "rest"]


def test_preferences_keep_every_type_apart(compile_text: Compile) -> None:
    body = """
    Preferences p; p.begin("test"); p.putInt("i", -5); p.putString("s", "text"); p.putBool("b", true);
    p.putFloat("f", 1.25f); uint8_t raw[3] = {1, 2, 3}; p.putBytes("r", raw, 3);
    p.putULong64("u", 1ULL << 40);
    Serial.println(p.getInt("i")); Serial.println(p.getString("s")); Serial.println(p.getBool("b"));
    Serial.println(p.getFloat("f")); Serial.println(p.getBytes("r", raw, 3));
    Serial.println(p.getULong64("u")); Serial.println(p.getUInt("i", 77)); Serial.println(p.isKey("none"));
    Serial.println(p.putInt("a name too long here", 1));
    """
    before = "#include <Preferences.h>"
    expected = ["-5", "text", "1", "1.25", "3", "1099511627776", "77", "0", "0"]
    assert run_text(compile_text, body, before=before) == expected


def test_old_names_for_numbers_and_flash_texts_work(compile_text: Compile) -> None:
    body = """
    char out[40]; Serial.println(itoa(-42, out, 10)); Serial.println(ultoa(255, out, 16));
    Serial.println(String("[") + dtostrf(3.14159, 7, 2, out) + dtostrf(2, -4, 1, out) + "]");
    strcpy_P(out, stored); Serial.println(out); Serial.println(F("flash"));
    log_e("code %d", 5); log_i("not shown");
    """
    before = 'const char stored[] PROGMEM = "kept";'
    assert run_text(compile_text, body, before=before) == [
        *("-42", "ff", "[   3.142.0 ]", "kept", "flash", "[E] code 5"),
    ]


def test_library_of_every_build_tells_the_facts_of_the_bot(compile_text: Compile) -> None:
    body = """
    Serial.println(AirsketchBot::version()); Serial.println(AirsketchBot::isVirtual());
    Serial.println(AirsketchBot::toString(AirsketchBot::state()));
    """
    properties = PROJECT / "device_sketch" / "libraries" / "AirsketchBot" / "library.properties"
    version = properties.read_text(encoding="utf-8").split("version=")[1].split()[0]
    assert run_text(compile_text, body, before="#include <AirsketchBot.h>") == [version, "1", "manual"]


def test_tickers_run_during_a_delay(compile_text: Compile) -> None:
    before = """
    #include <Ticker.h>
    Ticker often, later, never;
    void tick() { Serial.println("tick"); }
    void once(int number) { Serial.println(number); }
    """
    body = """
    often.attach(0.1, tick); later.once_ms(250, once, 7); never.attach_ms(10, tick); never.detach();
    delay(350); often.detach(); delay(500); Serial.println("end");
    """
    lines = run_text(compile_text, body, Bot(run_us=MICROSECONDS_PER_S), before)
    assert lines == ["tick", "tick", "7", "tick", "end"]


def test_servo_writes_the_pulse_of_its_angle(compile_text: Compile) -> None:
    bot = Bot(run_us=10_000)
    body = "arm.attach(4); arm.write(0); arm.write(180); arm.write(90); Serial.println(arm.read());"
    assert run_text(compile_text, body, bot, "#include <ESP32Servo.h>\nServo arm;") == ["90"]
    widths_us = [round(duty * 20_000 / 65_535) for _, duty, _ in bot.pwm]
    assert widths_us == [544, 2400, 1472]


def test_eeprom_keeps_bytes_after_commit(compile_text: Compile) -> None:
    body = """
    EEPROM.begin(16); Serial.println(EEPROM.read(0));
    EEPROM.write(0, 7); EEPROM.put(4, 123456L); EEPROM.commit();
    """
    bot = Bot(run_us=10_000)
    assert run_text(compile_text, body, bot, "#include <EEPROM.h>") == ["255"]
    again = "EEPROM.begin(16); long n = 0; Serial.println(EEPROM.read(0) + EEPROM.get(4, n));"
    assert run_text(compile_text, again, Bot(nvs=bot.nvs), "#include <EEPROM.h>") == ["123463"]


def test_buses_link_and_say_that_nothing_is_connected(compile_text: Compile) -> None:
    body = """
    Wire.begin(); Wire.beginTransmission(0x3c); Serial.println(Wire.endTransmission());
    SPI.begin(); Serial.println(SPI.transfer(5));
    """
    assert run_text(compile_text, body, before="#include <SPI.h>\n#include <Wire.h>") == ["2", "0"]


def test_digests_agree_with_python(compile_text: Compile) -> None:
    body = """
    static char text[1000]; memset(text, 'a', sizeof text); uint8_t out[32];
    for (int size : {0, 3, 55, 56, 64, 119, 1000}) {
      mbedtls_sha256((const unsigned char *)text, size, out, 0);
      for (uint8_t b : out) Serial.printf("%02x", b);
      MD5Builder md5; md5.begin(); md5.add((uint8_t *)text, size); md5.calculate();
      Serial.println(" " + md5.toString());
    }"""
    before = '#include <MD5Builder.h>\n#include "mbedtls/sha256.h"'
    texts = [b"a" * size for size in (0, 3, 55, 56, 64, 119, 1000)]
    expected = [f"{hashlib.sha256(text).hexdigest()} {hashlib.md5(text).hexdigest()}" for text in texts]
    assert run_text(compile_text, body, before=before) == expected


def test_printf_of_the_c_library_reaches_the_console(compile_text: Compile) -> None:
    assert run_text(compile_text, 'printf("%d and %.1f\\n", 1, 2.5);') == ["1 and 2.5"]


def test_crash_names_the_function_of_the_sketch(compile_text: Compile) -> None:
    bot = Bot()
    run_text(compile_text, "abort();", bot, before="#include <stdlib.h>")
    assert bot.end.startswith("crash: ")
    assert "setup()" in bot.end


def test_update_can_be_held_back_for_judgement(compile_text: Compile) -> None:
    bot = Bot(run_us=10_000)
    run_text(compile_text, "", bot, before='extern "C" bool verifyRollbackLater() { return true; }')
    assert not bot.confirmed
