"""The virtual bot in a real browser: the whole loop, both ways of waiting, attempts to break out."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.system.pages import build, type_source
from tools.trial.browser import chromium_path, running_browser, see
from tools.trial.server import ROOT, Owner, Server, wait_until
from tools.trial.virtual import (
    BLINK_RATE,
    CRASHES,
    FAST,
    FAST_RATE,
    WAYS,
    at_home,
    console,
    finished_build,
    flash,
    new_bot,
    origin_for,
    press_trigger,
    see_led_blink,
    see_rate,
    send,
)

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

_RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(({id, help, nodes}) => [id, help, nodes.map(({target}) => target.join(" "))]);
}"""

SLOW = FAST.replace("100", "500")
HANGS = """\
struct Stuck {
  Stuck() {
    for (volatile int forever = 1; forever;) {
    }
  }
} stuck;
void setup() {}
void loop() {}
"""
REMEMBERS = """\
#include <Preferences.h>
volatile int hits = 0;
void hit() {
  hits = hits + 1;
}
void setup() {
  Serial.begin(115200);
  pinMode(4, INPUT_PULLUP);
  attachInterrupt(4, hit, FALLING);
  Preferences memory;
  memory.begin("test");
  memory.putInt("starts", memory.getInt("starts") + 1);
  Serial.printf("start %d\\n", memory.getInt("starts"));
}
int told = 0;
void loop() {
  if (told != hits) Serial.printf("hit %d\\n", told = hits);
  if (Serial.available()) Serial.println("got " + Serial.readStringUntil('\\n'));
  if (analogRead(34) > 4000) Serial.println("full");
  delay(20);
}
"""
BREAKS_OUT = """\
#include <HTTPClient.h>
#include <WiFi.h>
void ask(const String& address) {
  HTTPClient http;
  http.begin(address);
  Serial.printf("[%s] %d\\n", address.c_str(), http.GET());
}
void setup() {
  Serial.begin(115200);
  WiFi.begin("Airsketch");
  WiFi.waitForConnectResult();
  const String server = "SERVER";
  ask(server + "/api/v1/me");
  ask(server + "/api/v1/../../api/v1/sketches");
  ask(server + "/device/v1/%2e%2e/%2e%2e/api/v1/me");
  ask(server + "/bot_somebody.ino.bin");
  ask("http://example.com/device/v1/check-in");
  ask("http://user@127.0.0.1/device/v1/check-in");
  ask(server + "/device/v1/hop");
  ask(server + "/OWN.ino.bin");
  Serial.println("that was all");
}
void loop() {
  delay(1000);
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def owner(server: Server) -> Owner:
    """An owner without builds, so that nothing of another test is flashed first."""
    return Owner(server.url).register()


@pytest.mark.parametrize("way", WAYS)
def test_a_newcomer_without_a_board_sees_the_whole_loop(
    server: Server, browser: Browser, owner: Owner, way: str
) -> None:
    origin = origin_for(server, way)
    with at_home(browser, owner, origin) as context:
        page, bot = new_bot(context, origin)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        assert page.evaluate("crossOriginIsolated") == (way == "shared")
        page.get_by_role("button", name="Build and flash Blink").click()
        see(page, "Running Blink from slot ota_0", inside=".vboard__state", limit_s=90)
        see_rate(page, BLINK_RATE)

        send(owner, bot, finished_build(owner, "Fast", FAST))
        press_trigger(page)
        see(page, "is running this sketch", inside=".device-timeline")
        see(page, "Running Fast from slot ota_1", inside=".vboard__state")
        # The server knows as soon as it has answered, the bot when it has read the answer.
        wait_until(lambda: "not confirmed" not in page.inner_text(".vboard__state"), "the bot's own yes")
        see_rate(page, FAST_RATE)
        see_led_blink(page)

        send(owner, bot, finished_build(owner, "Bad", CRASHES))
        press_trigger(page)
        see(page, "rolled back", inside=".device-timeline")
        see(page, "Running Fast from slot ota_1", inside=".vboard__state")
        see(page, "in divide(int, int)", inside=".vserial__lines")
        see_rate(page, FAST_RATE)
        device = owner.call("GET", f"/devices/{bot}").json()
        assert (device["boot"], device["update_status"]) == ("rolled_back", "error")
        assert errors == []


def test_the_first_bot_of_an_account_runs_beside_the_editor(
    server: Server, browser: Browser, owner: Owner
) -> None:
    sketch = owner.new_sketch("Beside", FAST)
    with at_home(browser, owner, server.url) as context:
        page = context.new_page()
        page.goto(f"{server.url}/sketches/{sketch}")
        page.wait_for_selector("[data-action=compile]:enabled")
        page.click("[data-action=compile]")
        see(page, "Not sent to a bot yet", inside=".ide__timeline", limit_s=60)
        page.get_by_role("button", name="Simulate in this browser").click()
        see(page, "Running Beside from slot ota_0", inside=".vboard__state")
        see_rate(page, FAST_RATE)
        type_source(page, SLOW)
        build(page)
        see(page, "Not sent to a bot yet", inside=".ide__timeline")
        page.get_by_role("button", name="Send to bot").click()
        see(page, "Press the trigger button", inside=".ide__timeline")
        press_trigger(page)
        see(page, "is running this sketch", inside=".ide__timeline")
        see_rate(page, BLINK_RATE)
        page.reload()
        see(page, "Running Beside from slot ota_1", inside=".vboard__state")


@pytest.mark.parametrize("way", WAYS)
def test_a_sketch_reaches_nothing_but_its_own_bots_endpoints(
    server: Server, browser: Browser, owner: Owner, way: str
) -> None:
    origin = origin_for(server, way)
    with at_home(browser, owner, origin) as context:
        hops: list[str] = []

        def hop(route: Route) -> None:
            hops.append(route.request.url)
            route.fulfill(status=302, headers={"Location": f"{origin}/api/v1/me"})

        context.route("**/device/v1/hop", hop)
        page, bot = new_bot(context, origin)
        source = BREAKS_OUT.replace("SERVER", origin).replace("OWN", bot)
        build = finished_build(owner, f"Thief_{way}", source)
        flash(page, build, f"Thief_{way}")
        see(page, "that was all", inside=".vserial__lines")
        codes = dict(line[1:].split("] ") for line in console(page).splitlines() if line.startswith("[http"))
        own = codes.pop(f"{origin}/{bot}.ino.bin")
        hopped = codes.pop(f"{origin}/device/v1/hop")
        assert set(codes.values()) == {"-1"}
        assert len(codes) == 6
        assert len(hops) == 1
        # Followed by no second request, and told as a lost connection.
        assert hopped == "-5"
        # The page's own login would open this link: the bot came without it.
        assert own == "401"


def test_an_image_that_asks_for_more_is_refused(server: Server, browser: Browser, owner: Owner) -> None:
    header = b"\0asm\1\0\0\0"
    foreign_import = header + b"\x02\x0c\x01\x03env\x04peek\x00\x00"
    too_much_memory = header + b"\x05\x03\x01\x00\x21"
    with at_home(browser, owner, server.url) as context:
        finished_build(owner, "Plain", FAST)
        page, _ = new_bot(context, server.url, "Plain")
        for image, words in (
            (foreign_import, "env.peek"),
            (too_much_memory, "more than 2 MiB"),
            (b"<html>", "not a WebAssembly module"),
        ):
            context.unroute_all()
            context.route("**/artifacts/firmware.bin", _serve(image))
            page.get_by_role("button", name="Flash over USB").click()
            see(page, words, inside=".vflash")
        see(page, "Running Plain", inside=".vboard__state")


def _serve(body: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body)


def test_what_a_bot_knows_survives_a_reload_and_a_person_can_work_its_pins(
    server: Server, browser: Browser, owner: Owner
) -> None:
    with at_home(browser, owner, server.url) as context:
        finished_build(owner, "Remembers", REMEMBERS)
        page, _ = new_bot(context, server.url, "Remembers")
        see(page, "start", inside=".vserial__lines")
        wait_until(
            lambda: page.get_attribute(".vboard", "data-saved") == "true", "all that the bot knows kept"
        )
        starts = _last_start(page)
        page.reload()
        wait_until(lambda: _last_start(page) > starts, f"a start after start {starts}")
        page.get_by_role("button", name="Press the button on GPIO 4").click()
        see(page, "hit 1", inside=".vserial__lines")
        page.fill(".vserial input", "hello")
        page.keyboard.press("Enter")
        see(page, "got hello", inside=".vserial__lines")
        page.get_by_role("slider", name="Voltage on GPIO 34").focus()
        page.keyboard.press("End")
        see(page, "full", inside=".vserial__lines")
        page.get_by_role("button", name="Stop").click()
        see(page, "Off", inside=".vboard__state")
        starts = _last_start(page)
        page.get_by_role("button", name="Start").click()
        wait_until(lambda: _last_start(page) > starts, f"a start after start {starts}")


def _last_start(page: Page) -> int:
    """The number of the last start that the sketch printed; 0 if it has printed none."""
    return int((["0", *re.findall(r"^start (\d+)$", console(page), re.MULTILINE)])[-1])


def test_a_sketch_that_never_yields_is_stopped_and_taken_back(
    server: Server, browser: Browser, owner: Owner
) -> None:
    with at_home(browser, owner, server.url) as context:
        finished_build(owner, "Sound", FAST)
        page, bot = new_bot(context, server.url, "Sound")
        hangs = finished_build(owner, "Stuck", HANGS)
        send(owner, bot, hangs)
        press_trigger(page)
        see(page, "the watchdog restarts the bot", inside=".vserial__lines", limit_s=40)
        see(page, "Running Sound from slot ota_0", inside=".vboard__state")
        see(page, "rolled back", inside=".device-timeline")
        flash(page, hangs, "Stuck")
        page.get_by_role("button", name="Stop").click()
        see(page, "Off", inside=".vboard__state")


def test_a_bot_that_crashes_again_and_again_is_healed_over_the_air(
    server: Server, browser: Browser, owner: Owner
) -> None:
    with at_home(browser, owner, server.url) as context:
        healed = finished_build(owner, "Healed", FAST)
        finished_build(owner, "Crashes", CRASHES)
        page, bot = new_bot(context, server.url)
        see(page, "Rescue mode: Crashes failed", inside=".vboard__state")
        wait_until(
            lambda: owner.call("GET", f"/devices/{bot}").json()["boot"] == "rescue",
            "the server's word of the rescue",
        )
        send(owner, bot, healed)
        press_trigger(page)
        see(page, "is running this sketch", inside=".device-timeline")
        see(page, "Running Healed from slot ota_1", inside=".vboard__state")


def test_a_bot_moves_to_another_browser_and_runs_in_one_tab_only(
    server: Server, browser: Browser, owner: Owner
) -> None:
    with at_home(browser, owner, server.url) as old, at_home(browser, owner, server.url) as new:
        finished_build(owner, "Mover", FAST)
        page, bot = new_bot(old, server.url, "Mover")
        second = old.new_page()
        second.goto(page.url)
        see(second, "Running Mover", inside=".vboard__state")
        see(page, "Off", inside=".vboard__state")

        there = new.new_page()
        there.goto(page.url)
        see(there, "This bot runs in another browser")
        there.get_by_role("button", name="Move to this browser").click()
        see(there, "Running Mover", inside=".vboard__state")
        send(owner, bot, finished_build(owner, "Arrived", SLOW))
        press_trigger(there)
        see(there, "is running this sketch", inside=".device-timeline")


def test_many_bots_run_side_by_side_and_stop_together(server: Server, browser: Browser, owner: Owner) -> None:
    with at_home(browser, owner, server.url) as context:
        finished_build(owner, "Many", FAST)
        page = context.new_page()
        page.goto(f"{server.url}/virtual-bots")
        for count in range(1, 4):
            page.get_by_role("button", name="Add virtual bot").click()
            wait_until(lambda: _states(page).count("Running Many from slot ota_0") == count, "one more")  # noqa: B023
        page.reload()
        wait_until(lambda: _states(page) == ["Off"] * 3, "the three, kept")
        page.get_by_role("button", name="Start all").click()
        wait_until(lambda: _states(page) == ["Running Many from slot ota_0"] * 3, "the three")
        page.get_by_role("button", name="Stop all").click()
        wait_until(lambda: _states(page) == ["Off"] * 3, "the three, off")


def _states(page: Page) -> list[str]:
    return list(
        page.evaluate("[...document.querySelectorAll('.vcard .card__meta')].map((line) => line.innerText)")
    )


def test_a_browser_with_neither_way_says_what_is_missing(
    server: Server, browser: Browser, owner: Owner
) -> None:
    origin = origin_for(server, "suspending")
    with at_home(browser, owner, origin) as context:
        context.add_init_script("delete WebAssembly.Suspending; delete WebAssembly.promising;")
        page = context.new_page()
        page.goto(f"{origin}/devices/{owner.product_id}/virtual")
        see(page, "need HTTPS or localhost")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; run `npm ci`")
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_of_a_bot_is_free_of_errors(
    server: Server, browser: Browser, owner: Owner, width: int, colours: str
) -> None:
    with at_home(browser, owner, server.url) as context:
        finished_build(owner, "Looks", REMEMBERS)
        page, _ = new_bot(context, server.url, "Looks")
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        see(page, "GPIO 34")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert _faults(page) == []
        page.goto(f"{server.url}/virtual-bots")
        wait_until(lambda: page.query_selector(".vcard"), "the bots")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert _faults(page) == []


def _faults(page: Page) -> list[list[str]]:
    page.evaluate(AXE.read_text("utf-8"))
    found: list[list[str]] = page.evaluate(_RUN_AXE)
    return found
