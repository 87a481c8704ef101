"""The real agent against a real server: a log that is switched on over the air, a key that is handed over."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from app.devices.tables import Device
from app.kernel.database import open_engine
from tools.demo_bot.keys import device_key
from tools.fleet.bot import BotPlan, FleetBot
from tools.fleet.modules import Modules
from tools.trial.server import Owner, Server, wait_until

pytestmark = pytest.mark.system

_SKETCH = """\
unsigned long count = 0;
void setup() { Serial.begin(115200); }
void loop() {
  Serial.print("line ");
  Serial.println(count++);
  delay(200);
}
"""
_POLL_S = 5


@pytest.fixture(scope="module")
def owner(server: Server) -> Owner:
    return Owner(server.url).register()


@pytest.fixture(scope="module")
def bot(server: Server, owner: Owner) -> Iterator[FleetBot]:
    """A bot of the owner that runs a talkative sketch with the real agent."""
    build = owner.compile(owner.new_sketch("Talks", _SKETCH))["build"]
    assert isinstance(build, dict)
    assert owner.ended_build(build["id"])["state"] == "succeeded"
    image = owner.call("GET", f"/builds/{build['id']}/artifacts/firmware.bin", expect=200).content
    engine = open_engine(server.settings().database_url)
    with engine.begin() as connection:
        connection.execute(update(Device).where(Device.id == owner.product_id).values(poll_after_s=_POLL_S))
    engine.dispose()
    plan = BotPlan(
        product_id=owner.product_id,
        key=device_key(server.settings(), owner.product_id),
        server=server.url,
        fault=None,
        start_after_s=0,
    )
    stop, modules = threading.Event(), Modules()
    bot = FleetBot(plan, image, modules, stop)
    thread = threading.Thread(target=bot.live, daemon=True)
    thread.start()
    wait_until(lambda: _device(owner)["last_seen_at"], "the bot's first check-in")
    yield bot
    stop.set()
    thread.join(20)
    modules.stop()


def test_the_wireless_log_is_switched_over_the_air(owner: Owner, bot: FleetBot) -> None:
    path = f"/devices/{owner.product_id}/log"
    assert _device(owner)["sends_log"] is False
    owner.call("PUT", path, {"send": True}, expect=200)
    wait_until(lambda: _device(owner)["sends_log"], "the bot says that it sends its log")
    lines = wait_until(lambda: owner.call("GET", path).json()["lines"], "lines of the sketch")
    assert lines[-1]["text"].startswith("line ")
    owner.call("PUT", path, {"send": False}, expect=200)
    wait_until(lambda: _device(owner)["sends_log"] is False, "the bot says that it sends nothing")


def test_a_new_key_is_handed_over_and_used(server: Server, owner: Owner, bot: FleetBot) -> None:
    before = device_key(server.settings(), owner.product_id)
    owner.call("POST", f"/devices/{owner.product_id}/key", expect=200)
    wait_until(lambda: _device(owner)["credential"] == "current", "the new key in use")
    after = device_key(server.settings(), owner.product_id)
    assert after != before
    seen = _device(owner)["last_seen_at"]
    wait_until(lambda: _device(owner)["last_seen_at"] != seen, "a further call under the new key")
    assert bot.memory.get_text("airsketch", "device_key") == after.hex()
    assert bot.status().boots == 1


def _device(owner: Owner) -> dict[str, Any]:
    found: dict[str, Any] = owner.call("GET", f"/devices/{owner.product_id}", expect=200).json()
    return found
