"""Parts that are plugged into the virtual bot: what the host is told to draw."""

import pytest

from tests.device_sketch.conftest import Compile
from tools.fleet.virtual_host import Bot, run

pytestmark = pytest.mark.system

SERVO, PIXELS, DISPLAY = 1, 2, 3
WIDTH, HEAD_BYTES = 128, 4


def looks_of(compile_text: Compile, before: str, body: str) -> tuple[list[tuple[int, int, bytes]], list[str]]:
    """What a setup() with this body shows and prints."""
    compiled = compile_text(f"{before}\nvoid setup() {{ {body} }}\nvoid loop() {{}}\n")
    assert compiled.succeeded, compiled.answer["compiler_err"]
    assert compiled.diagnostics == []
    bot = run(compiled.file("bin"), Bot(run_us=10_000))
    return bot.looks, bot.console.splitlines()


def test_servo_shows_its_pulse_and_angle(compile_text: Compile) -> None:
    body = "arm.attach(4); arm.write(0); arm.write(180); arm.detach();"
    looks, _ = looks_of(compile_text, "#include <ESP32Servo.h>\nServo arm;", body)
    numbers = [(kind, pin, int.from_bytes(look[:2], "little"), look[2]) for kind, pin, look in looks]
    assert numbers == [(SERVO, 4, 544, 0), (SERVO, 4, 2400, 180), (SERVO, 4, 0, 180)]


def test_strip_shows_its_colours_at_its_brightness(compile_text: Compile) -> None:
    body = """
    strip.begin(); strip.setPixelColor(0, 255, 128, 0);
    strip.setPixelColor(1, strip.Color(1, 2, 3)); strip.show();
    strip.setBrightness(127); strip.show(); Serial.println(strip.getPixelColor(0), HEX);
    strip.fill(strip.ColorHSV(21845)); strip.clear(); strip.fill(0x0000FF, 1);
    strip.setBrightness(255); strip.show();
    """
    before = "#include <Adafruit_NeoPixel.h>\nAdafruit_NeoPixel strip(2, 6, NEO_GRB + NEO_KHZ800);"
    looks, lines = looks_of(compile_text, before, body)
    assert [(kind, pin) for kind, pin, _ in looks] == [(PIXELS, 6)] * 3
    assert [look.hex(" ", 4) for _, _, look in looks] == [
        "ff800000 01020300",
        "7f400000 00010100",
        "00000000 0000ff00",
    ]
    assert lines == ["FF8000"]


def test_colour_wheel_goes_from_red_over_green_and_blue(compile_text: Compile) -> None:
    body = """
    for (long hue : {0, 10923, 21845, 32768, 43691, 54613, 65535})
      Serial.println(Adafruit_NeoPixel::ColorHSV(hue), HEX);
    Serial.println(Adafruit_NeoPixel::ColorHSV(0, 0), HEX);
    Serial.println(Adafruit_NeoPixel::ColorHSV(0, 255, 0), HEX);
    Serial.println(Adafruit_NeoPixel::gamma8(128));
    """
    _, lines = looks_of(compile_text, "#include <Adafruit_NeoPixel.h>", body)
    assert lines == ["FF0000", "FFFF00", "FF00", "FFFF", "FF", "FF00FF", "FF0000", "FFFFFF", "0", "42"]


def dots(look: bytes) -> list[str]:
    """The lines of a display, `#` for each dot that shines."""
    rows = range(look[1])
    memory = look[HEAD_BYTES:]
    return [
        "".join("#" if memory[x + y // 8 * WIDTH] >> y % 8 & 1 else "." for x in range(WIDTH)) for y in rows
    ]


SCREEN = "#include <Adafruit_SSD1306.h>\nAdafruit_SSD1306 screen(128, 32, &Wire, -1);"


def test_display_shows_what_was_drawn_when_told_to(compile_text: Compile) -> None:
    body = """
    Serial.println(screen.begin(SSD1306_SWITCHCAPVCC, 0x3C)); screen.setTextColor(SSD1306_WHITE);
    screen.print("Hi"); screen.drawRect(20, 0, 4, 3, SSD1306_WHITE); screen.display();
    screen.clearDisplay(); screen.invertDisplay(true); screen.display();
    """
    looks, lines = looks_of(compile_text, SCREEN, body)
    assert lines == ["1"]
    assert [(kind, address, look[:HEAD_BYTES].hex()) for kind, address, look in looks] == [
        (DISPLAY, 0x3C, "80200100"),
        (DISPLAY, 0x3C, "80200100"),
        (DISPLAY, 0x3C, "80200300"),
        (DISPLAY, 0x3C, "80200300"),
    ]
    assert [row[:25] for row in dots(looks[1][2])[:8]] == [
        "#...#...#...........####.",
        "#...#...............#..#.",
        "#...#..##...........####.",
        "#####...#................",
        "#...#...#................",
        "#...#...#................",
        "#...#..###...............",
        ".........................",
    ]
    assert dots(looks[2][2]) == dots(looks[1][2])
    assert "#" not in "".join(dots(looks[3][2]))


def test_shapes_are_whole_and_stay_inside(compile_text: Compile) -> None:
    body = """
    screen.begin(SSD1306_SWITCHCAPVCC, 0x3C);
    screen.fillTriangle(0, 0, 4, 0, 0, 4, WHITE); screen.drawCircle(10, 3, 3, WHITE);
    screen.fillCircle(20, 3, 2, WHITE);
    screen.drawRoundRect(25, 0, 7, 6, 2, WHITE); screen.drawLine(34, 0, 38, 2, WHITE);
    screen.drawLine(-9, 31, 500, 31, WHITE); screen.fillRect(120, 25, 99, 2, WHITE);
    screen.setRotation(2); screen.drawPixel(0, 2, WHITE);
    Serial.println(screen.getPixel(0, 2)); screen.display();
    """
    looks, lines = looks_of(compile_text, SCREEN, body)
    assert lines == ["1"]
    picture = dots(looks[-1][2])
    assert [row[:40] for row in picture[:7]] == [
        "#####....###..............#####...#.....",
        "####....#...#......###...#.....#...##...",
        "###....#.....#....#####..#.....#.....##.",
        "##.....#.....#....#####..#.....#........",
        "#......#.....#....#####..#.....#........",
        "........#...#......###....#####.........",
        ".........###............................",
    ]
    assert picture[31] == "#" * WIDTH
    assert picture[25] == "." * 120 + "#" * 8
    assert picture[29] == "." * 127 + "#"


def test_text_wraps_and_tells_its_bounds(compile_text: Compile) -> None:
    body = """
    screen.begin(); screen.setTextSize(2); screen.print("12345678901");
    Serial.printf("%d %d\\n", screen.getCursorX(), screen.getCursorY());
    int16_t x, y; uint16_t w, h; screen.getTextBounds("abc\\nd", 3, 4, &x, &y, &w, &h);
    Serial.printf("%d %d %d %d\\n", x, y, w, h);
    """
    _, lines = looks_of(compile_text, SCREEN, body)
    assert lines == ["12 16", "0 4 39 32"]


def test_moving_text_of_the_chip_is_refused_in_words(compile_text: Compile) -> None:
    compiled = compile_text(f"{SCREEN}\nvoid setup() {{ screen.startscrollleft(0, 3); }}\nvoid loop() {{}}\n")
    assert not compiled.succeeded
    assert "does not scroll by itself" in compiled.diagnostics[0]["message"]
