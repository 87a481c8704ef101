"""Whom a sketch on a virtual bot may ask: what its owner allowed, never more, whatever a server answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tools.trial.browser import chromium_path, running_browser, see
from tools.trial.server import Owner, Server, wait_until
from tools.trial.virtual import WAYS, at_home, console, finished_build, flash, new_bot, origin_for

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

ASKS = """\
#include <HTTPClient.h>
#include <WiFi.h>
void ask(const String& address) {
  HTTPClient http;
  http.begin(address);
  const int status = http.GET();
  Serial.printf("[%s] %d %s\\n", address.c_str(), status, status > 0 ? http.getString().c_str() : "");
}
void setup() {
  Serial.begin(115200);
  WiFi.begin("Airsketch");
  WiFi.waitForConnectResult();
  for (const char* address : {ADDRESSES}) ask(address);
  Serial.println("that was all");
}
void loop() {
  delay(1000);
}
"""


@dataclass
class Elsewhere:
    """Another server that lets every page read its answers; remembers who asked what."""

    url: str = ""
    hops: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Such a server on a free port."""
    here = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append((self.path, self.headers["Cookie"]))
            hop = here.hops.get(self.path)
            self.send_response(302 if hop else 200)
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"] or "*")
            self.send_header("Access-Control-Allow-Credentials", "true")
            self.send_header("Content-Length", "5")
            if hop:
                self.send_header("Location", hop)
            self.end_headers()
            self.wfile.write(b"sunny")

        def do_OPTIONS(self) -> None:
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"] or "*")
            self.send_header("Access-Control-Allow-Headers", "*")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    here.url = f"http://127.0.0.1:{serving.server_port}"
    try:
        yield here
    finally:
        serving.shutdown()
        serving.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def owner(server: Server) -> Owner:
    return Owner(server.url).register()


def _answers(page: Page) -> dict[str, str]:
    """What each address gave in the newest run of `ASKS`."""
    lines = [line for line in console(page).splitlines() if line.startswith("[http")]
    return {address: answer.strip() for address, answer in (line[1:].split("] ") for line in lines)}


def _allow(page: Page, text: str, origin: str) -> None:
    page.get_by_role("textbox", name="Allow another server").fill(text)
    # The new list counts from the next load on, which the page does by itself.
    with page.expect_event("load"):
        page.get_by_role("button", name="Allow", exact=True).click()
    see(page, origin, inside=".vorigins__list")
    see(page, "Running", inside=".vboard__state")


def _source(addresses: list[str]) -> str:
    return ASKS.replace("ADDRESSES", ", ".join(f'"{address}"' for address in addresses))


@pytest.mark.parametrize("way", WAYS)
def test_a_sketch_reaches_what_the_owner_allowed_and_no_trick_leads_further(
    server: Server, browser: Browser, owner: Owner, way: str
) -> None:
    origin = origin_for(server, way)
    with elsewhere() as friend, elsewhere() as stranger, at_home(browser, owner, origin) as context:
        friend.hops = {
            "/home": f"{origin}/api/v1/me",
            "/device": f"{origin}/device/v1/check-in",
            "/away": f"{stranger.url}/x",
            "/round": f"{friend.url}/hello",
        }
        allowed = f"{friend.url}/hello?in=here"
        hops = [f"{friend.url}{path}" for path in friend.hops]
        refused = [
            f"{stranger.url}/x",
            friend.url.replace("127.0.0.1", "localhost") + "/hello",
            friend.url.replace("http://", "http://user@") + "/hello",
            f"{origin}/api/v1/me",
            f"{origin}/device/v1/check-in?{friend.url}",
        ]
        finished_build(owner, f"Asks_{way}", _source([allowed, *hops, *refused]))
        page, _ = new_bot(context, origin, f"Asks_{way}")
        see(page, "that was all", inside=".vserial__lines")
        assert set(_answers(page).values()) == {"-1"}
        assert (friend.asked, stranger.asked) == ([], [])

        _allow(page, f"{friend.url}/some/path", friend.url)
        see(page, "that was all", inside=".vserial__lines")
        answers = _answers(page)
        assert answers.pop(allowed) == "200 sunny"
        assert {answers.pop(address) for address in hops} == {"-5"}
        assert set(answers.values()) == {"-1"}
        assert len(answers) == len(refused)
        # The login of this page is kept for the very host of the friend, whatever the port.
        assert friend.asked == [(address.removeprefix(friend.url), None) for address in (allowed, *hops)]
        assert stranger.asked == []


def test_the_page_itself_cannot_ask_more_than_its_owner_allowed(
    server: Server, browser: Browser, owner: Owner
) -> None:
    ask = "(url) => fetch(url).then((answer) => answer.text(), () => 'refused')"
    with elsewhere() as friend, elsewhere() as stranger, at_home(browser, owner, server.url) as context:
        finished_build(owner, "Asks_nobody", _source(["http://example.com"]))
        page, bot = new_bot(context, server.url, "Asks_nobody")
        assert page.evaluate(ask, friend.url) == "refused"
        _allow(page, friend.url, friend.url)
        assert page.evaluate(ask, friend.url) == "sunny"
        assert page.evaluate(ask, stranger.url) == "refused"
        page.goto(f"{server.url}/devices/{bot}")
        assert page.evaluate(ask, friend.url) == "refused"
        page.go_back()
        with page.expect_event("load"):
            page.get_by_role("button", name=f"Remove {friend.url}").click()
        see(page, "None: the bot", inside=".vorigins")
        assert page.evaluate(ask, friend.url) == "refused"


def test_a_list_stays_with_its_bot_and_what_is_wrong_is_said_beside_the_field(
    server: Server, browser: Browser, owner: Owner
) -> None:
    with elsewhere() as friend, at_home(browser, owner, server.url) as context:
        build = finished_build(owner, "Asks_friend", _source([f"{friend.url}/hello"]))
        first, _ = new_bot(context, server.url, "Asks_friend")
        _allow(first, friend.url, friend.url)
        see(first, "200 sunny", inside=".vserial__lines")
        # The same sketch on another bot brings no list along.
        second, _ = new_bot(context, server.url, "Asks_friend")
        see(second, f"[{friend.url}/hello] -1", inside=".vserial__lines")
        for text, words in (
            ("ftp://example.org", "Enter an address"),
            (server.url, "This server cannot be allowed"),
            ("http://[::1]:8000", "Enter an address"),
        ):
            second.get_by_role("textbox", name="Allow another server").fill(text)
            second.get_by_role("button", name="Allow", exact=True).click()
            see(second, words, inside=".vorigins")
        flash(second, build, "Asks_friend")
        wait_until(lambda: console(second).count("that was all") == 2, "the second run")
        assert len(friend.asked) == 1
