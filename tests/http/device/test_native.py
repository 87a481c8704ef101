"""Native protocol v1 from check-in to confirmation."""

import hashlib

import pytest

from app.devices.rules import NetworkError, WifiSettings
from app.devices.tables import Device
from app.events.names import EventName
from app.runtime import Runtime
from app.updates.rules import UpdateState
from tests.factories import actor_of, reread
from tests.http.device.conftest import IMAGE, Bot, World
from tools.demo_bot.unseal import unseal


def test_a_quiet_check_in_has_nothing_to_do(bot: Bot) -> None:
    answer = bot.check_in()
    assert answer.status_code == 200
    assert answer.data == b'{"poll_after_s":60,"update":null,"network":null}'
    assert bot.is_signed(answer)


def test_a_counter_serves_once(bot: Bot) -> None:
    assert bot.check_in().status_code == 200
    for older in (0, 1):
        bot.counter -= 1 + older
        answer = bot.check_in()
        assert (answer.status_code, answer.json["code"]) == (409, "replayed")
        assert bot.is_signed(answer)


def test_the_whole_way_of_an_update(world: World, bot: Bot) -> None:
    row, release = world.send()
    offer = bot.check_in().json["update"]
    assert offer == {
        "update_id": row.id,
        "release": "Blink",
        "version": "r1",
        "size_bytes": len(IMAGE),
        "sha256": hashlib.sha256(IMAGE).hexdigest(),
        "url": f"/device/v1/firmware/{row.id}",
    }
    answer = bot.call("GET", offer["url"])
    assert answer.data == IMAGE
    assert world.state(row) is UpdateState.DOWNLOADING
    for state in ("installing", "restarting"):
        answer = bot.report(row.id, state=state)
        assert (answer.status_code, answer.json) == (200, {"state": state})
        assert bot.is_signed(answer)
    assert bot.check_in(image_digest=release.image_digest, trigger="boot").json["update"] is None
    assert world.state(row) is UpdateState.CONFIRMED
    states = [str(body["state"]) for body in world.events.bodies(EventName.UPDATE_CHANGED)]
    assert list(dict.fromkeys(states)) == [
        "armed",
        "offered",
        "downloading",
        "installing",
        "restarting",
        "confirmed",
    ]


def test_firmware_has_the_headers_a_bot_needs(world: World, bot: Bot) -> None:
    row, release = world.send()
    answer = bot.fetch(row.id)
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(len(IMAGE))
    assert answer.headers["ETag"] == f'"{release.sha256}"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_an_interrupted_download_resumes(world: World, bot: Bot) -> None:
    row, _ = world.send()
    answer = bot.fetch(row.id, Range="bytes=150000-")
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes 150000-{len(IMAGE) - 1}/{len(IMAGE)}"
    assert answer.headers["Content-Length"] == str(len(IMAGE) - 150000)
    assert answer.data == IMAGE[150000:]
    assert world.state(row) is UpdateState.DOWNLOADING
    assert row.bytes_done == len(IMAGE)


@pytest.mark.parametrize("span", [f"bytes={len(IMAGE)}-", "bytes=0-1,5-6"])
def test_a_range_past_the_end_and_several_ranges_are_refused(world: World, bot: Bot, span: str) -> None:
    row, _ = world.send()
    answer = bot.fetch(row.id, Range=span)
    assert (answer.status_code, answer.json["code"]) == (416, "bad_range")
    assert bot.is_signed(answer)


def test_a_bot_that_has_the_image_is_told_so(world: World, bot: Bot) -> None:
    row, release = world.send()
    answer = bot.fetch(row.id, If_None_Match=f'"{release.sha256}"')
    assert (answer.status_code, answer.data) == (304, b"")
    assert world.state(row) is UpdateState.ARMED, "nothing was fetched"


def test_firmware_is_for_the_updates_own_bot_while_it_is_open(world: World, bot: Bot, stranger: Bot) -> None:
    row, _ = world.send()
    for call in (stranger.fetch(row.id), stranger.report(row.id, state="failed")):
        assert (call.status_code, call.json["code"]) == (404, "no_such_update")
    assert bot.report(row.id, state="failed", error="connection").status_code == 200
    for call in (bot.fetch(row.id), bot.report(row.id, state="failed")):
        assert (call.status_code, call.json["code"]) == (410, "update_closed")
        assert bot.is_signed(call)


def test_a_missing_image_is_a_server_error(world: World, bot: Bot) -> None:
    row, _ = world.send()
    world.services.artifacts.remove(world.build.id)
    assert bot.fetch(row.id).status_code == 503


def set_network(world: World, services: Runtime) -> None:
    wifi = WifiSettings(ssid="home", password="sesame open")
    services.devices.set_network(actor_of(world.account), world.device.id, wifi)


def test_a_new_network_travels_sealed(world: World, services: Runtime, bot: Bot) -> None:
    set_network(world, services)
    answer = bot.check_in()
    network = answer.json["network"]
    assert b"sesame" not in answer.data
    opened = [
        unseal(bot.key, label=label, revision=1, nonce=bot.nonce, sealed=network[label])
        for label in ("ssid", "password")
    ]
    assert (network["revision"], opened) == (1, ["home", "sesame open"])
    assert bot.check_in(network_revision=1).json["network"] is None


def test_lines_of_the_sketch_are_kept(world: World, services: Runtime, bot: Bot) -> None:
    answer = bot.say("/device/v1/log", {"lines": ["hello", "bot"], "dropped": 3})
    assert answer.status_code == 204
    assert bot.is_signed(answer)
    kept = services.device_logs.read(actor_of(world.account), world.device.id)
    assert ([line["text"] for line in kept["lines"]], kept["dropped"]) == (["hello", "bot"], 3)
    assert world.events.bodies(EventName.DEVICE_LOG) == [kept]


def test_a_bot_is_told_to_send_its_log_while_it_does_not(world: World, bot: Bot) -> None:
    world.device.wants_log = True
    world.session.commit()
    assert bot.check_in(log=False).json["log"] is True
    assert "log" not in bot.check_in(log=True).json


def test_a_network_that_failed_is_not_offered_again_unasked(
    world: World, services: Runtime, bot: Bot
) -> None:
    set_network(world, services)
    assert bot.check_in().json["network"]["revision"] == 1
    failed = {"network_failed_revision": 1, "network_trouble": "captive_portal"}
    assert bot.check_in(trigger="poll", **failed).json["network"] is None
    assert reread(world.session, world.device).network_error is NetworkError.CAPTIVE_PORTAL
    assert bot.check_in(trigger="button").json["network"]["revision"] == 1, "a person asked"


def test_a_double_press_leads_back_to_the_last_good_image(world: World, bot: Bot) -> None:
    row, release = world.send()
    assert bot.check_in().json["update"]["update_id"] == row.id
    assert bot.check_in(image_digest=release.image_digest).json["update"] is None
    assert world.state(row) is UpdateState.CONFIRMED
    running_a_newer = {"image_digest": "9" * 64, "wish": "former"}
    offer = bot.check_in(**running_a_newer).json["update"]
    assert offer["sha256"] == release.sha256
    assert bot.call("GET", offer["url"]).data == IMAGE
    assert bot.check_in(image_digest=release.image_digest).json["update"] is None
    event = world.events.bodies(EventName.UPDATE_CHANGED)[-1]
    assert (event["id"], event["state"], event["rollback_requested"]) == (
        offer["update_id"],
        "confirmed",
        True,
    )


def test_a_double_press_without_previous_firmware_is_answered_without_an_offer(
    world: World, bot: Bot
) -> None:
    assert bot.check_in(wish="former").json["update"] is None


def test_a_refused_body_writes_nothing(world: World, bot: Bot) -> None:
    answer = bot.check_in(uptime_s="long")
    assert (answer.status_code, answer.json["code"]) == (422, "bad_body")
    assert "uptime_s" in answer.json["detail"]
    device: Device = reread(world.session, world.device)
    assert (device.last_seen_at, device.counter) == (None, "0" * 16)


def test_a_body_nested_too_deep_is_refused(bot: Bot) -> None:
    body = b'{"lines": ' + b"[" * 1500 + b"]" * 1500 + b"}"
    answer = bot.call("POST", "/device/v1/log", body)
    assert (answer.status_code, answer.json["code"]) == (422, "bad_body")
