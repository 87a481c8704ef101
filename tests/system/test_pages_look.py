"""Each page in a real browser, light and dark, wide and narrow: axe-core and the console find no error."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.system.pages import log_in
from tools.trial.server import ROOT, Owner, Server, wait_until

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; run `npm ci`"),
]

WRONG = "void setup() {\n  pinMode(2, OUTPUT)\n}\nvoid loop() {}\n"
_RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(({id, help, nodes}) =>
    id + ": " + help + " " + nodes.slice(0, 4).map((node) => node.target.join(" ")).join(", "));
}"""
WIDE = (1440, 900)
PHONE = (390, 844)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page to look at.

    Attributes:
        ready: a selector that is there once the page has drawn what it asked for.
        press: a selector to click before looking; empty for none.
    """

    path: str
    ready: str
    press: str = ""


STRANGERS = [
    Visit(path="/", ready=".hero"),
    Visit(path="/login", ready="form"),
    Visit(path="/register", ready="form"),
    Visit(path="/nothing-here", ready=".sheet--error"),
]
OWNERS = [
    Visit(path="/sketches", ready=".gallery .card"),
    Visit(path="/sketches", ready=".gallery .card", press="[data-action=new]"),
    Visit(path="/devices", ready=".device-list .card"),
    Visit(path="/devices/{bot}", ready=".facts dd"),
    Visit(path="/devices/{bot}/flash", ready="[data-slot=keys] button"),
    Visit(path="/account", ready="form"),
    Visit(path="/sketches/{sketch}", ready=".cm-line", press=".tab:last-of-type"),
    Visit(path="/sketches/{sketch}", ready=".cm-line", press="[data-action=shortcuts]"),
]


@pytest.fixture(scope="module")
def owner(server: Server) -> Owner:
    """An owner with a bot and a sketch whose build has a problem."""
    owner = Owner(server.url).register()
    sketch_id = owner.new_sketch("Looks", WRONG)
    build = owner.compile(sketch_id)["build"]
    assert isinstance(build, dict)
    owner.ended_build(build["id"])
    return owner


def _context(browser: Browser, size: tuple[int, int], colours: str) -> BrowserContext:
    width, height = size
    return browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if colours == "dark" else "light",
        # A fade that is half over has colours nobody chose.
        reduced_motion="reduce",
    )


def _look(page: Page, url: str, visit: Visit) -> list[str]:
    """Open a page, wait until it is drawn, and say what is wrong with it."""
    messages: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The browser reports the page of an unknown address as an error; that is what was asked for.
        if message.type == "error" and "404" not in message.text:
            messages.append(f"console: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: messages.append(f"error: {error}"))
    page.goto(url)
    wait_until(lambda: page.query_selector(visit.ready), f"{visit.ready} on {url}")
    button = page.query_selector(visit.press) if visit.press else None
    if button is not None and button.is_visible():
        button.click()
    page_messages = list(messages)  # axe-core itself tries inline styles, which the policy refuses.
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(_RUN_AXE)
    page.close()
    return page_messages + found


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_pages_for_strangers_are_free_of_errors(
    server: Server, browser: Browser, size: tuple[int, int], colours: str
) -> None:
    with _context(browser, size, colours) as context:
        for visit in STRANGERS:
            assert _look(context.new_page(), server.url + visit.path, visit) == [], visit.path


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_pages_for_owners_are_free_of_errors(
    server: Server, browser: Browser, owner: Owner, size: tuple[int, int], colours: str
) -> None:
    sketch = owner.call("GET", "/sketches").json()["sketches"][0]["id"]
    with _context(browser, size, colours) as context:
        log_in(context, owner)
        for visit in OWNERS:
            path = visit.path.format(bot=owner.product_id, sketch=sketch)
            assert _look(context.new_page(), server.url + path, visit) == [], visit


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_is_wider_than_its_window(
    server: Server, browser: Browser, owner: Owner, size: tuple[int, int]
) -> None:
    sketch = owner.call("GET", "/sketches").json()["sketches"][0]["id"]
    with _context(browser, size, "light") as context:
        page = context.new_page()
        for visit in STRANGERS:
            page.goto(server.url + visit.path)
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], visit.path
        log_in(context, owner)
        for visit in OWNERS:
            page.goto(server.url + visit.path.format(bot=owner.product_id, sketch=sketch))
            wait_until(lambda: page.query_selector(visit.ready), visit.ready)  # noqa: B023
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], visit.path


def test_what_was_typed_without_a_connection_survives_a_reload(
    server: Server, browser: Browser, owner: Owner
) -> None:
    sketch = owner.new_sketch("Offline", "void setup() {}\nvoid loop() {}\n")
    with _context(browser, WIDE, "light") as context:
        log_in(context, owner)
        page = context.new_page()
        page.goto(f"{server.url}/sketches/{sketch}")
        wait_until(lambda: "setup" in _text(page, ".cm-content"), "the editor")
        context.set_offline(offline=True)
        page.click(".cm-content")
        page.keyboard.type("// typed in the dark\n")
        wait_until(lambda: "kept in this browser" in _text(page, ".save-state"), "the word that it is kept")
        context.route("**/files", lambda route: route.abort())
        context.set_offline(offline=False)
        page.reload()
        wait_until(lambda: "typed in the dark" in _text(page, ".cm-content"), "the restored draft")
        context.unroute("**/files")
        wait_until(lambda: "Saved" in _text(page, ".save-state"), "the save after the connection came back")
    files = owner.call("GET", f"/sketches/{sketch}").json()["files"]
    assert "typed in the dark" in files["Offline.ino"]


def test_two_tabs_lose_nothing(server: Server, browser: Browser, owner: Owner) -> None:
    sketch = owner.new_sketch("Tabs", "void setup() {}\nvoid loop() {}\n")
    with _context(browser, WIDE, "light") as context:
        log_in(context, owner)
        page = context.new_page()
        page.goto(f"{server.url}/sketches/{sketch}")
        wait_until(lambda: "setup" in _text(page, ".cm-content"), "the editor")
        context.set_offline(offline=True)
        page.click(".cm-content")
        page.keyboard.press("Control+Home")
        page.keyboard.type("// mine\n")
        owner.save(sketch, {"Tabs.ino": "// theirs\nvoid setup() {}\nvoid loop() {}\n"}, base_revision=2)
        context.set_offline(offline=False)
        wait_until(lambda: "Newer revision on the server" in _text(page, ".save-state"), "the conflict")
        page.get_by_role("button", name="Compare").click()
        wait_until(lambda: "theirs" in _text(page, "dialog"), "both texts side by side")
        page.get_by_role("button", name="Save mine as a copy").click()
        wait_until(lambda: "theirs" in _text(page, ".cm-content"), "their text in the editor")
    sketches = {row["name"]: row["id"] for row in owner.call("GET", "/sketches").json()["sketches"]}
    copy = owner.call("GET", f"/sketches/{sketches['Tabs-mine']}").json()["files"]
    assert copy["Tabs-mine.ino"].startswith("// mine")


def _text(page: Page, selector: str) -> str:
    found = page.evaluate("(at) => document.querySelector(at)?.innerText ?? ''", selector)
    return str(found)
