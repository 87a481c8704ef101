"""Parts of a virtual bot are drawn as the sketch drives them, and its buzzer is silent until asked."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tools.trial.browser import chromium_path, running_browser, see
from tools.trial.server import Owner, Server, wait_until
from tools.trial.virtual import WAYS, at_home, finished_build, new_bot, origin_for

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

# Each part looks one way before a letter is typed and another way afterwards.
PARTS = """\
#include <Adafruit_NeoPixel.h>
#include <Adafruit_SSD1306.h>
#include <ESP32Servo.h>
Servo arm;
Adafruit_NeoPixel strip(3, 5, NEO_GRB + NEO_KHZ800);
Adafruit_SSD1306 screen(128, 64, &Wire, -1);
void setup() {
  Serial.begin(115200);
  arm.attach(13);
  arm.write(30);
  strip.begin();
  strip.setPixelColor(1, 255, 0, 0);
  strip.show();
  screen.begin(SSD1306_SWITCHCAPVCC, 0x3C);
  screen.clearDisplay();
  screen.fillRect(10, 20, 30, 8, SSD1306_WHITE);
  screen.display();
}
void loop() {
  while (Serial.available() == 0) delay(10);
  Serial.read();
  arm.write(120);
  strip.clear();
  strip.setPixelColor(0, 0, 0, 255);
  strip.setPixelColor(2, 0, 255, 0);
  strip.show();
  screen.clearDisplay();
  screen.drawPixel(127, 63, SSD1306_WHITE);
  screen.display();
}
"""
BEEPS = """\
void setup() {
  Serial.begin(115200);
}
void loop() {
  if (Serial.available() > 0) {
    const int letter = Serial.read();
    if (letter == 'a') tone(25, 440);
    if (letter == 'b') tone(25, 880);
    if (letter == 'q') noTone(25);
    Serial.printf("heard %c\\n", letter);
  }
  delay(10);
}
"""

# Every wave that a page starts, with its pitch, and whether it sounds still.
_LISTEN = """
window.waves = [];
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  const wave = make.call(this);
  const known = {wave, sounds: false};
  window.waves.push(known);
  const [start, stop] = [wave.start, wave.stop];
  wave.start = (...at) => { known.sounds = true; start.apply(wave, at); };
  wave.stop = (...at) => { known.sounds = false; stop.apply(wave, at); };
  return wave;
};
"""
_WAVES = "window.waves.map(({wave, sounds}) => [wave.type, Math.round(wave.frequency.value), sounds])"
# The frame of all shining dots of the display: left, top, right, bottom, and how many there are.
_LIT = """() => {
  const canvas = document.querySelector(".vpart__display");
  if (!canvas) return null;
  const {width, height} = canvas;
  const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
  const lit = [...Array(width * height).keys()].filter((at) => data[4 * at + 2] > 100);
  const [xs, ys] = [lit.map((at) => at % width), lit.map((at) => Math.floor(at / width))];
  return [width, height, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), lit.length];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def owner(server: Server) -> Owner:
    return Owner(server.url).register()


def _type(page: Page, text: str) -> None:
    page.fill(".vserial input", text)
    page.keyboard.press("Enter")


def _horn(page: Page) -> str:
    return str(page.get_attribute(".vpart__horn", "transform"))


def _colours(page: Page) -> list[str]:
    return list(
        page.evaluate(
            "[...document.querySelectorAll('.vpart__strip circle')].map((led) => led.getAttribute('fill'))"
        )
    )


@pytest.mark.parametrize("way", WAYS)
def test_servo_strip_and_display_look_as_the_sketch_says(
    server: Server, browser: Browser, owner: Owner, way: str
) -> None:
    origin = origin_for(server, way)
    dark, red, blue, green = "24 24 24", "255 24 24", "24 24 255", "24 255 24"
    with at_home(browser, owner, origin) as context:
        finished_build(owner, f"Parts_{way}", PARTS)
        page, _ = new_bot(context, origin, f"Parts_{way}")
        see(page, "Servo on GPIO 13: 30°", inside=".vparts")
        see(page, "RGB LEDs on GPIO 5: 1 of 3 lit", inside=".vparts")
        see(page, "Display at I2C address 0x3c", inside=".vparts")
        wait_until(lambda: page.evaluate(_LIT) == [128, 64, 10, 20, 39, 27, 240], "the bar on the display")
        assert _horn(page) == "rotate(30 20 22)"
        assert _colours(page) == [f"rgb({colour})" for colour in (dark, red, dark)]

        _type(page, "x")
        see(page, "Servo on GPIO 13: 120°", inside=".vparts")
        see(page, "RGB LEDs on GPIO 5: 2 of 3 lit", inside=".vparts")
        wait_until(lambda: page.evaluate(_LIT) == [128, 64, 127, 63, 127, 63, 1], "one dot in the corner")
        assert _horn(page) == "rotate(120 20 22)"
        assert _colours(page) == [f"rgb({colour})" for colour in (blue, dark, green)]

        page.get_by_role("button", name="Stop").click()
        wait_until(lambda: page.query_selector(".vpart") is None, "no part without power")


def test_a_buzzer_is_silent_until_a_person_wants_sound(
    server: Server, browser: Browser, owner: Owner
) -> None:
    with at_home(browser, owner, server.url) as context:
        context.add_init_script(_LISTEN)
        finished_build(owner, "Beeps", BEEPS)
        page, _ = new_bot(context, server.url, "Beeps")
        _type(page, "a")
        see(page, "heard a", inside=".vserial__lines")
        assert page.evaluate(_WAVES) == []

        page.get_by_role("switch", name="Sound").check()
        _type(page, "b")
        wait_until(lambda: page.evaluate(_WAVES) == [["square", 880, True]], "a tone")
        _type(page, "q")
        wait_until(lambda: page.evaluate(_WAVES) == [["square", 880, False]], "the end of the tone")
        _type(page, "a")
        wait_until(lambda: page.evaluate(_WAVES)[1:] == [["square", 440, True]], "the next tone")
        page.get_by_role("switch", name="Sound").uncheck()
        wait_until(lambda: page.evaluate(_WAVES)[1:] == [["square", 440, False]], "silence")
