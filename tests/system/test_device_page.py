"""The page of one bot in a real browser: what the bot says of itself, and what its owner makes it do."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.kernel.database import make_sessions, open_engine
from tests.esp_flash import esp_build
from tests.system.pages import log_in
from tools.demo_bot.bot import DemoBot
from tools.demo_bot.keys import device_key
from tools.trial.browser import see
from tools.trial.server import Owner, Server, wait_until

pytestmark = pytest.mark.system

_SKETCH = "void setup() {{}}\nvoid loop() {{}}\n// {}\n"


@pytest.fixture
def owner(server: Server) -> Owner:
    """A new owner with a bot of the same name."""
    return Owner(server.url).register()


@pytest.fixture
def bot(server: Server, owner: Owner) -> DemoBot:
    """The owner's bot; it has called once."""
    bot = DemoBot(owner.url, owner.product_id, device_key(server.settings(), owner.product_id))
    bot.check_in("boot")
    return bot


@pytest.fixture
def context(browser: Browser, owner: Owner) -> Iterator[BrowserContext]:
    """A browser in which the owner is logged in."""
    with browser.new_context() as context:
        log_in(context, owner)
        yield context


def open_page(context: BrowserContext, owner: Owner) -> Page:
    page = context.new_page()
    page.goto(f"{owner.url}/devices/{owner.product_id}")
    see(page, "Last seen", inside="[data-slot=facts]")
    return page


def test_a_network_that_failed_is_told_until_a_newer_one_works(
    context: BrowserContext, owner: Owner, bot: DemoBot
) -> None:
    wifi = {"ssid": "a secret place", "password": "sesame open"}
    owner.call("PUT", f"/devices/{owner.product_id}/network", wifi, expect=200)
    page = open_page(context, owner)
    see(page, "waiting for the bot", inside="[data-slot=wifi]")
    orders = bot.check_in(
        "poll", network_failed_revision=1, network_trouble="wrong_password", network_revision=0
    )
    assert orders["network"] is None
    see(page, "wrong password. It stays on the old one.", inside="[data-slot=wifi]")
    see(page, "Enter the password again.", inside="[data-slot=wifi]")
    assert "a secret place" not in page.content()
    bot.check_in("poll", network_revision=1)
    see(page, "in use by the bot", inside="[data-slot=wifi]")
    assert "Enter the password again." not in page.inner_text("[data-slot=wifi]")


def test_a_new_key_is_seen_on_its_way_into_use(context: BrowserContext, owner: Owner, bot: DemoBot) -> None:
    page = open_page(context, owner)
    see(page, "in use", inside="[data-slot=keys]")
    page.get_by_role("button", name="New key").click()
    assert "at its next check-in" in page.get_by_role("dialog").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="New key").click()
    see(page, "new key pending", inside="[data-slot=keys]")
    assert page.get_by_role("button", name="New key").is_disabled()
    before = bot.wire.key
    bot.check_in("poll")
    assert bot.wire.key != before
    see(page, "new key pending", inside="[data-slot=keys]")
    bot.check_in("poll")
    see(page, "In use since", inside="[data-slot=keys]")
    assert page.get_by_role("button", name="New key").is_enabled()


def test_the_log_is_switched_on_from_the_page_and_read_live(
    context: BrowserContext, owner: Owner, bot: DemoBot
) -> None:
    page = open_page(context, owner)
    switch = page.get_by_role("switch", name="Stream serial output")
    see(page, "Off.", inside="[data-slot=log]")
    switch.click()
    see(page, "The bot starts sending at its next check-in.", inside="[data-slot=log]")
    assert bot.check_in("poll")["log"] is True
    bot.check_in("poll")
    see(page, "On.", inside="[data-slot=log]")
    see(page, "Nothing printed yet.", inside="[data-slot=log]")
    bot.log("first")
    bot.wire.post("/device/v1/log", {"lines": ["<b>second</b>"], "dropped": 3})
    see(page, "first", inside="[data-slot=log] pre")
    see(page, "<b>second</b>", inside="[data-slot=log] pre")
    see(page, "3 lines were lost", inside="[data-slot=log]")
    page.reload()
    see(page, "<b>second</b>", inside="[data-slot=log] pre")
    see(page, "3 lines were lost", inside="[data-slot=log]")
    assert page.inner_text("[data-slot=log] pre").count("first") == 1
    wait_until(switch.is_checked, "the switch as it was left")


def test_sending_what_the_bot_already_runs_is_reported(
    context: BrowserContext, owner: Owner, bot: DemoBot
) -> None:
    sketch = owner.new_sketch("Same", _SKETCH.format("same"))
    build = owner.compile(sketch)["build"]
    assert isinstance(build, dict)
    assert owner.ended_build(build["id"])["state"] == "succeeded"
    send = f"/devices/{owner.product_id}/send"
    owner.call("POST", send, {"build_id": build["id"]}, expect=201)
    bot.press_button()
    page = open_page(context, owner)
    see(page, "is running this sketch", inside="[data-slot=timeline]")
    again = owner.call("POST", send, {"build_id": build["id"]}, expect=201)
    assert again.json()["already_running"] is True
    see(page, "already runs this firmware", inside="[data-slot=timeline]")
    bot.check_in("poll")
    see(page, "is running this sketch", inside="[data-slot=timeline]")


def test_a_double_press_is_seen_as_the_reason_of_the_update(
    context: BrowserContext, owner: Owner, bot: DemoBot
) -> None:
    for version in ("good", "bad"):
        sketch = owner.new_sketch(version.title(), _SKETCH.format(version))
        build = owner.compile(sketch)["build"]
        assert isinstance(build, dict)
        assert owner.ended_build(build["id"])["state"] == "succeeded"
        body = {"build_id": build["id"]}
        owner.call("POST", f"/devices/{owner.product_id}/send", body, expect=201)
        bot.press_button()
    page = open_page(context, owner)
    see(page, "is running this sketch", inside="[data-slot=timeline]")
    bot.press_button_twice()
    see(page, "double press", inside="[data-slot=timeline]")
    see(page, "Rollback requested with a double press: back to Good", inside="[data-slot=timeline]")
    see(page, "Rollback requested at the bot", inside="[data-slot=history]")


def test_a_bot_whose_key_is_in_a_file_cannot_be_taken_to_the_screen(
    context: BrowserContext, server: Server, owner: Owner
) -> None:
    page = open_page(context, owner)
    assert page.get_by_role("link", name="Simulate in this browser").is_visible()
    settings = server.settings()
    engine = open_engine(settings.database_url)
    with make_sessions(engine)() as session:
        account = session.scalars(select(Account).where(Account.login_name == owner.product_id)).one()
        build_id = esp_build(session, DiskArtifactStore(settings.builds_dir), account).id
    engine.dispose()
    base = f"/devices/{owner.product_id}"
    owner.call("PUT", f"{base}/network", {"ssid": "home", "password": "sesame open"}, expect=200)
    owner.call("POST", f"{base}/usb-flash/{build_id}/factory", {"server": owner.url}, expect=200)
    see(page, "new key in a file", inside="[data-slot=keys]")
    page.reload()
    see(page, "new key in a file", inside="[data-slot=keys]")
    assert not page.get_by_role("link", name="Simulate in this browser").is_visible()
    answer = owner.call("POST", f"/virtual-bots/{owner.product_id}/key")
    assert (answer.status_code, answer.json()["code"]) == (409, "flash_waits")
    page.get_by_role("button", name="New key").click()
    assert "The file you made becomes invalid" in page.get_by_role("dialog").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="New key").click()
    see(page, "new key pending", inside="[data-slot=keys]")
    page.reload()
    wait_until(page.get_by_role("link", name="Simulate in this browser").is_visible, "the way to the screen")
