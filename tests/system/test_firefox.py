"""The main job in Firefox, from the first page to a rollback, with a virtual bot beside the editor."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.esp_flash import read_nvs
from tests.system.firefox import running_firefox
from tests.system.pages import build, new_sketch, register, type_source
from tests.system.test_first_flash import owner_of_esp_builds
from tools.setup import test_packages as packages_for_tests
from tools.trial.browser import see
from tools.trial.server import Owner, Server, wait_until
from tools.trial.virtual import (
    BLINK_RATE,
    CRASHES,
    FAST,
    FAST_RATE,
    at_home,
    console,
    finished_build,
    new_bot,
    origin_for,
    press_trigger,
    see_led_blink,
    see_rate,
    send,
)

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        packages_for_tests.firefox() is None, reason="there is no Firefox ESR on this machine"
    ),
]

# Older ones let a page's policy against eval hinder the tests themselves.
_FIRST_VERSION = 153
# What an older Firefox does not have, and what this one can be told to do without.
_OLD = {"javascript.options.wasm_js_promise_integration": False, "dom.webserial.enabled": False}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def firefox(playwright: Playwright, downloads: Path) -> Iterator[Browser]:
    with running_firefox(playwright, downloads) as browser:
        yield _drivable(browser)


@pytest.fixture(scope="module")
def old_firefox(playwright: Playwright, downloads: Path) -> Iterator[Browser]:
    with running_firefox(playwright, downloads, _OLD) as browser:
        yield _drivable(browser)


def _drivable(browser: Browser) -> Browser:
    if int(browser.version.split(".")[0]) < _FIRST_VERSION:
        pytest.skip(f"tests can drive Firefox from {_FIRST_VERSION}; this is {browser.version}")
    return browser


def _send(page: Page) -> None:
    page.get_by_role("button", name="Send to bot").click()
    see(page, "Press the trigger button", inside=".ide__timeline")


def test_a_newcomer_sees_a_sketch_blink_and_a_bad_one_go_back(  # noqa: PLR0915 - one story
    server: Server, firefox: Browser
) -> None:
    with firefox.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        register(page, server)
        assert page.evaluate("crossOriginIsolated")
        page.close()
        page, bot = new_bot(context, server.url)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.get_by_role("button", name="Build and flash Blink").click()
        see(page, "Running Blink from slot ota_0", inside=".vboard__state", limit_s=90)
        see_rate(page, BLINK_RATE)

        page.goto(f"{server.url}/sketches")
        new_sketch(page, "Fast")
        page.get_by_label("Send to").select_option(bot)
        see(page, "Running Blink from slot ota_0", inside=".vboard__state")
        type_source(page, FAST)
        build(page)
        _send(page)
        press_trigger(page)
        see(page, "is running this sketch", inside=".ide__timeline")
        see(page, "Running Fast from slot ota_1", inside=".vboard__state")
        see_rate(page, FAST_RATE)

        type_source(page, CRASHES)
        build(page)
        _send(page)
        press_trigger(page)
        see(page, "rolled back", inside=".ide__timeline")
        see(page, "Running Fast from slot ota_1", inside=".vboard__state")
        wait_until(lambda: "in divide(int, int)" in console(page), "the names of the functions that crashed")
        see_rate(page, FAST_RATE)
        # Taking a picture, Playwright tries a style of its own, which the page's policy refuses.
        assert errors == []
        see_led_blink(page)


def test_a_bot_on_a_home_network_fetches_and_blinks(server: Server, firefox: Browser) -> None:
    owner = Owner(server.url).register()
    origin = origin_for(server, "suspending")
    finished_build(owner, "Slow", FAST.replace("100", "500"))
    with at_home(firefox, owner, origin) as context:
        page, bot = new_bot(context, origin)
        see(page, "Running Slow from slot ota_0", inside=".vboard__state")
        send(owner, bot, finished_build(owner, "Fast", FAST))
        press_trigger(page)
        see(page, "is running this sketch", inside=".device-timeline")
        see(page, "Running Fast from slot ota_1", inside=".vboard__state")
        see_rate(page, FAST_RATE)


def test_an_old_firefox_on_a_home_network_says_what_is_missing(server: Server, old_firefox: Browser) -> None:
    owner = Owner(server.url).register()
    origin = origin_for(server, "suspending")
    with at_home(old_firefox, owner, origin) as context:
        page = context.new_page()
        page.goto(f"{origin}/devices/{owner.product_id}/virtual")
        see(page, "need HTTPS or localhost")


def test_an_old_firefox_says_that_it_has_no_serial_ports_and_offers_one_file(
    server: Server, old_firefox: Browser, downloads: Path
) -> None:
    owner = owner_of_esp_builds(server)
    wifi = {"ssid": "home", "password": "sesame open"}
    owner.call("PUT", f"/devices/{owner.product_id}/network", wifi, expect=200)
    with at_home(old_firefox, owner, server.url) as context:
        page = context.new_page()
        page.goto(f"{server.url}/devices/{owner.product_id}/flash")
        see(page, "does not support Web Serial", inside="[data-slot=usb]")
        assert not page.get_by_role("button", name="Connect over USB").is_visible()
        page.get_by_role("button", name="One file").click()
        image = wait_until(lambda: _downloaded(downloads, f"{owner.product_id}.factory.bin"), "the file")
    assert read_nvs(image[0x9000:0xE000])["airsketch"]["product_id"] == owner.product_id


def _downloaded(folder: Path, name: str) -> bytes:
    """What a finished download holds; nothing while it is under way."""
    is_under_way = any(folder.glob("*.part")) or not (folder / name).exists()
    return b"" if is_under_way else (folder / name).read_bytes()
