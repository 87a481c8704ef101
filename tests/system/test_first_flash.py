"""The page of the first flash over USB in a real browser, with a bot that exists in its memory alone.

The fake takes the place of the library that speaks with a chip's loader; everything around it is real.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.kernel.database import make_sessions, open_engine
from tests.esp_flash import esp_build, read_nvs
from tests.fakes import START
from tests.system.pages import log_in
from tools.demo_bot.bot import DemoBot
from tools.trial.browser import see
from tools.trial.server import Owner, Server, wait_until

pytestmark = pytest.mark.system

FAKE_TOOL = (Path(__file__).parent / "fake_esptool.js").read_text()
_FAKE_SERIAL = """
window.fakeBot = {chip: "%s", silent: %s, written: [], deeds: []};
const words = new TextEncoder();
const port = {
  async open() {
    this.readable = new ReadableStream({start: (stream) => { window.fakeBot.stream = stream; }});
  },
  async close() {},
  async setSignals() {},
};
window.fakeBot.say = (text) => window.fakeBot.stream.enqueue(words.encode(text));
Object.defineProperty(navigator, "serial", {value: {
  requestPort: async () => { if (%s) throw new DOMException("none", "NotFoundError"); return port; },
}});
"""
_NO_SERIAL = 'Object.defineProperty(navigator, "serial", {value: undefined});'


def owner_of_esp_builds(server: Server) -> Owner:
    """An owner with a finished build for an ESP32-C3 and an older one for an ESP32-C6."""
    owner = Owner(server.url).register()
    settings = server.settings()
    engine = open_engine(settings.database_url)
    with make_sessions(engine)() as session:
        account = session.scalars(select(Account).where(Account.login_name == owner.product_id)).one()
        store = DiskArtifactStore(settings.builds_dir)
        esp_build(session, store, account)
        esp_build(session, store, account, chip_id=13, finished_at=START - timedelta(days=1))
    engine.dispose()
    return owner


@pytest.fixture(scope="module")
def owner(server: Server) -> Owner:
    return owner_of_esp_builds(server)


@pytest.fixture
def context(browser: Browser, owner: Owner) -> Iterator[BrowserContext]:
    """A browser in which the owner is logged in."""
    with browser.new_context(accept_downloads=True) as context:
        context.route(
            "**/vendor/esptool.js",
            lambda route: route.fulfill(body=FAKE_TOOL, content_type="text/javascript"),
        )
        log_in(context, owner)
        yield context


def open_page(
    context: BrowserContext,
    owner: Owner,
    *,
    script: str = "",
    chip: str = "ESP32-C3",
    silent: bool = False,
    no_choice: bool = False,
) -> Page:
    flags = [str(flag).lower() for flag in (silent, no_choice)]
    context.add_init_script(script or _FAKE_SERIAL % (chip, *flags))
    page = context.new_page()
    page.goto(f"{owner.url}/devices/{owner.product_id}/flash")
    see(page, "firmware.bin", inside="[data-slot=plan]")
    return page


def set_wifi(owner: Owner) -> None:
    wifi = {"ssid": "home", "password": "sesame open"}
    owner.call("PUT", f"/devices/{owner.product_id}/network", wifi, expect=200)


def test_without_a_network_there_is_nothing_to_write(
    context: BrowserContext, server: Server, owner: Owner
) -> None:
    page = open_page(context, owner)
    see(page, "set up Wi-Fi", inside="[data-slot=usb]")
    assert page.get_by_role("button", name="Connect over USB").is_disabled()
    assert page.get_by_role("button", name="One file").is_disabled()
    page.fill("[name=ssid]", "home")
    page.fill("[name=wifi-password]", "sesame open")
    page.get_by_role("button", name="Save").click()
    see(page, "choose its port", inside="[data-slot=usb]")
    assert page.get_by_role("button", name="Connect over USB").is_enabled()


def test_a_browser_without_web_serial_says_so_and_offers_files(context: BrowserContext, owner: Owner) -> None:
    set_wifi(owner)
    page = open_page(context, owner, script=_NO_SERIAL)
    see(page, "does not support Web Serial", inside="[data-slot=usb]")
    see(page, "esptool --chip esp32c3 --baud 460800 write-flash 0x0", inside="[data-slot=download]")
    assert not page.get_by_role("button", name="Connect over USB").is_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="One file").click()
    assert waiting.value.suggested_filename == f"{owner.product_id}.factory.bin"
    image = Path(waiting.value.path()).read_bytes()
    assert read_nvs(image[0x9000:0xE000])["airsketch"]["product_id"] == owner.product_id


@pytest.mark.parametrize(
    ("bot", "text"),
    [
        ({"no_choice": True}, "No port was chosen"),
        ({"silent": True}, "Hold its BOOT button"),
        ({"chip": "ESP32-S3"}, "This is an ESP32-S3; the build is for an ESP32-C3"),
    ],
    ids=["no port", "silent", "wrong chip"],
)
def test_the_reason_a_flash_fails_is_shown(
    context: BrowserContext, owner: Owner, bot: dict[str, object], text: str
) -> None:
    set_wifi(owner)
    page = open_page(context, owner, **bot)  # type: ignore[arg-type]
    see(page, "choose its port", inside="[data-slot=usb]")
    page.get_by_role("button", name="Connect over USB").click()
    see(page, text, inside="[data-slot=usb]")
    assert not page.get_by_role("button", name="Write to bot").is_visible()
    assert page.evaluate("window.fakeBot.written.length") == 0


def test_a_bot_is_written_speaks_and_calls(context: BrowserContext, owner: Owner) -> None:
    set_wifi(owner)
    page = open_page(context, owner)
    see(page, "choose its port", inside="[data-slot=usb]")
    page.get_by_text("Button, LED and log").click()
    page.get_by_label("Status LED on GPIO").fill("8")
    page.get_by_label("Stream serial output").check()
    page.get_by_role("button", name="Connect over USB").click()
    see(page, "matches the build", inside="[data-slot=usb]")
    page.get_by_role("button", name="Write to bot").click()
    see(page, "Done. The bot is restarting.", inside="[data-slot=usb]")
    see(page, "Waiting for the bot's first check-in", inside="[data-slot=monitor]")
    written = {address: bytes(data) for address, data in page.evaluate("window.fakeBot.written")}
    assert set(written) == {0x0, 0x8000, 0x9000, 0xE000, 0x10000}
    assert "hard_reset" in page.evaluate("window.fakeBot.deeds")
    assert page.evaluate("window.fakeBot.eraseAll") is False
    wait_until(lambda: page.evaluate("Boolean(window.fakeBot.stream)"), "the port is open again")
    page.evaluate("""window.fakeBot.say("I am a bot.\\nJoin")""")
    page.evaluate("""window.fakeBot.say("ing Wi-Fi\\n")""")
    see(page, "Joining Wi-Fi", inside="[data-slot=monitor]")
    memory = read_nvs(written[0x9000])["airsketch"]
    assert (memory["led_pin"], memory["log"], memory.get("trig_pin")) == ("8", "1", None)
    bot = DemoBot(owner.url, memory["product_id"], bytes.fromhex(memory["device_key"]))
    bot.check_in("boot")
    see(page, "It is ready for over-the-air updates", inside="[data-slot=monitor]")


def test_a_build_for_another_chip_is_not_written_to_the_bot_on_the_port(
    context: BrowserContext, server: Server, owner: Owner
) -> None:
    set_wifi(owner)
    page = open_page(context, owner)
    see(page, "choose its port", inside="[data-slot=usb]")
    page.get_by_role("button", name="Connect over USB").click()
    see(page, "matches the build", inside="[data-slot=usb]")
    page.get_by_label("Build", exact=True).select_option(index=1)
    see(page, "This is an ESP32-C3; the build is for an ESP32-C6", inside="[data-slot=usb]")
    assert not page.get_by_role("button", name="Write to bot").is_visible()


def test_a_key_is_renewed_and_revoked_after_a_question(context: BrowserContext, owner: Owner) -> None:
    base = f"{owner.url}/devices/{owner.product_id}"
    for address, button, text, credential in (
        (base, "New key", "new key pending", "renewed"),
        (f"{base}/flash", "Revoke", "revoked", "revoked"),
    ):
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name=button).click()
        page.get_by_role("dialog").get_by_role("button", name=button).click()
        see(page, text, inside="[data-slot=keys]")
        device = owner.call("GET", f"/devices/{owner.product_id}").json()
        assert device["credential"] == credential


def test_the_real_library_loads_under_the_policy_of_the_page(browser: Browser, owner: Owner) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{owner.url}/login")
        names = page.evaluate("import('/static/vendor/esptool.js').then((tool) => Object.keys(tool).sort())")
        assert names == ["ESPLoader", "Transport", "md5"]
