"""What a person does with a virtual bot, for tests and measurements, and what can be seen of it."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page

from tools.trial.browser import LAN_HOST, see
from tools.trial.server import Owner, Server, wait_until

WAYS = ("shared", "suspending")
FAST = """\
void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
}
void loop() {
  digitalWrite(LED_BUILTIN, HIGH);
  delay(100);
  digitalWrite(LED_BUILTIN, LOW);
  delay(100);
}
"""
CRASHES = """\
__attribute__((noinline)) int divide(int a, int b) {
  if (b == 0) abort();
  return a / b;
}
void setup() {
  Serial.begin(115200);
  Serial.println(divide(1, millis() / 1000000));
}
void loop() {}
"""
# The example Blink, and FAST: how often the LED is switched, per second.
BLINK_RATE = 2
FAST_RATE = 10
_RATE_OVER_MS = 2000
_EDGES_AND_TIME = """() => [Number(document.querySelector(".vboard").dataset.edges), performance.now()]"""


def origin_for(server: Server, way: str) -> str:
    """The address of the server that makes bots wait this way."""
    return server.url if way == "shared" else f"http://{LAN_HOST}:{server.port}"


@contextmanager
def at_home(browser: Browser, owner: Owner, origin: str) -> Iterator[BrowserContext]:
    """A browser that knows nothing but the owner's login."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    for cookie in owner.http.cookies:
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": origin}])
    try:
        yield context
    finally:
        context.close()


def new_bot(context: BrowserContext, origin: str, name: str = "") -> tuple[Page, str]:
    """The page of a new virtual bot and its product id; the newest build, `name`, is flashed by itself."""
    page = context.new_page()
    page.goto(f"{origin}/devices")
    page.get_by_role("button", name="Create virtual bot").click()
    page.wait_for_url("**/virtual")
    see_settled(page)
    if name:
        see(page, f"Running {name}", inside=".vboard__state")
    return page, page.url.split("/")[-2]


def see_settled(page: Page) -> None:
    """Wait until the page of a bot has done what it does by itself."""
    wait_until(
        lambda: _is_shown(page, ".vsetup") or _is_shown(page, ".vflash button:enabled"),
        f"{page.url} at rest",
        limit_s=90,
    )


def finished_build(owner: Owner, name: str, source: str) -> str:
    """The id of a finished build of a new sketch for the virtual board."""
    build = owner.compile(owner.new_sketch(name, source))["build"]
    assert isinstance(build, dict)
    ended = owner.ended_build(build["id"])
    assert ended["state"] == "succeeded", ended
    return str(build["id"])


def flash(page: Page, build_id: str, name: str) -> None:
    """Flash a build over USB; a bot without a sketch gets the newest one when its page opens."""
    see_settled(page)
    if _is_shown(page, ".vsetup"):
        page.reload()
    else:
        choice = f".vflash option[value='{build_id}']"
        wait_until(lambda: page.query_selector(choice), f"build {name} in the list")
        page.select_option(".vflash select", build_id)
        page.get_by_role("button", name="Flash over USB").click()
    see_settled(page)
    see(page, f"{name} · ", inside=".vflash__slots")


def send(owner: Owner, bot: str, build_id: str) -> None:
    """Let a bot fetch a build when it asks next."""
    owner.call("POST", f"/devices/{bot}/send", {"build_id": build_id}, expect=201)


def press_trigger(page: Page) -> None:
    """As short a press as there can be."""
    page.get_by_role("button", name="Trigger", exact=True).press("Space")


def see_rate(page: Page, per_s: float) -> None:
    """Wait until the LED is switched at this rate: never faster, and seldom slower on a busy machine."""
    seen: list[float] = []

    def is_right() -> bool:
        edges, at_ms = page.evaluate(_EDGES_AND_TIME)
        page.wait_for_timeout(_RATE_OVER_MS)
        later_edges, later_ms = page.evaluate(_EDGES_AND_TIME)
        seen.append((later_edges - edges) * 1000 / (later_ms - at_ms))
        return 0.6 * per_s < seen[-1] < 1.2 * per_s

    wait_until(is_right, f"an LED that is switched {per_s} times a second: {seen}")


def see_led_blink(page: Page) -> None:
    """Wait until the screen has shown the LED both on and off."""
    reds: list[int] = []

    def has_blinked() -> bool:
        box = page.locator(".vboard__led").bounding_box()
        assert box is not None
        middle = {
            "x": box["x"] + box["width"] / 2,
            "y": box["y"] + box["height"] / 2,
            "width": 1,
            "height": 1,
        }
        reds.append(_first_red(page.screenshot(clip=middle)))  # type: ignore[arg-type]
        return max(reds) > 200 and min(reds) < 120

    wait_until(has_blinked, f"an LED that is on and off: {reds}", pause_s=0)


def console(page: Page) -> str:
    """What the serial monitor shows."""
    return str(page.evaluate("document.querySelector('.vserial__lines')?.textContent ?? ''"))


def _is_shown(page: Page, selector: str) -> bool:
    found = page.query_selector(selector)
    return found is not None and found.is_visible()


def _first_red(png: bytes) -> int:
    """How red the first pixel is; in the first row every filter leaves it as it is."""
    data, at = b"", 8
    while at < len(png):
        size, kind = struct.unpack_from(">I4s", png, at)
        data += png[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    return zlib.decompress(data)[1]
