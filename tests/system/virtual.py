"""What a person does with a virtual bot, for tests and measurements."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.system.browser import chromium_path, see
from tests.system.server import Owner, Server, wait_until

WAYS = ("shared", "suspending")
# Not localhost and without TLS: what a page on a home network looks like to a browser.
_LAN_HOST = "lamp.test"
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def browser_that_knows_the_lan() -> Iterator[Browser]:
    """Chromium that finds this machine by another name too."""
    rule = f"--host-resolver-rules=MAP {_LAN_HOST} 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*_ARGUMENTS, rule])
        try:
            yield browser
        finally:
            browser.close()


def origin_for(server: Server, way: str) -> str:
    """The address of the server that makes bots wait this way."""
    return server.url if way == "shared" else f"http://{_LAN_HOST}:{server.port}"


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


def finished_build(owner: Owner, name: str, source: str) -> str:
    """The id of a finished build of a new sketch for the virtual board."""
    build = owner.compile(owner.new_sketch(name, source))["build"]
    assert isinstance(build, dict)
    ended = owner.ended_build(build["id"])
    assert ended["state"] == "succeeded", ended
    return str(build["id"])


def new_bot(context: BrowserContext, origin: str, name: str) -> tuple[Page, str]:
    """The page of a new virtual bot and its product id; the newest build, `name`, is flashed by itself."""
    page = context.new_page()
    page.goto(f"{origin}/devices")
    page.get_by_role("button", name="Give me a virtual bot").click()
    page.wait_for_url("**/virtual")
    see(page, f"Runs {name}", inside=".vboard__state")
    return page, page.url.split("/")[-2]


def flash(page: Page, build_id: str, name: str) -> None:
    """Flash a build by wire that was finished since the page was loaded."""
    choice = f".vflash option[value='{build_id}']"
    wait_until(lambda: page.query_selector(choice), "the build in the list")
    page.select_option(".vflash select", build_id)
    page.get_by_role("button", name="Flash by wire").click()
    see(page, f"Runs {name}", inside=".vboard__state")


def console(page: Page) -> str:
    """What the serial monitor shows."""
    return str(page.evaluate("document.querySelector('.vserial__lines').innerText"))
