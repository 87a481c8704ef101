"""The demo bot against the real application over real HTTP, with each of its faults."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from app.devices.rules import WifiSettings
from app.devices.tables import Device
from app.events.names import EventName
from app.runtime import Runtime
from app.updates.rules import UpdateState
from config import Settings
from tests.factories import DEVICE_KEY, actor_of, make_account, reread
from tests.http.device.conftest import World
from tools.demo_bot import __main__ as command
from tools.demo_bot.bot import DemoBot, Faults
from tools.demo_bot.keys import device_key, give_to_demo_account, running_digest
from tools.demo_bot.wire import WireError


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(world: World) -> Iterator[str]:
    """The application on a free port."""
    serving = make_server("127.0.0.1", 0, world.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def demo(world: World, server: str, lines: list[str]) -> DemoBot:
    return DemoBot(server, world.device.id, DEVICE_KEY, boots=1, tell=lines.append)


def test_a_press_of_the_button_ends_in_a_confirmed_update(world: World, demo: DemoBot) -> None:
    row, release = world.send()
    demo.press_button()
    assert world.state(row) is UpdateState.CONFIRMED
    assert (demo.image_digest, demo.slot) == (release.image_digest, "ota_1")
    assert row.trigger == "button"
    events_sent = {str(body["state"]) for body in world.events.bodies(EventName.UPDATE_CHANGED)}
    assert {"armed", "offered", "downloading", "installing", "restarting", "confirmed"} <= events_sent


def test_a_slow_bot_says_how_far_it_is(world: World, server: str, lines: list[str]) -> None:
    row, _ = world.send()
    slow = DemoBot(server, world.device.id, DEVICE_KEY, boots=1, bytes_per_s=2_000_000, tell=lines.append)
    slow.press_button()
    assert world.state(row) is UpdateState.CONFIRMED
    assert [line for line in lines if line.startswith("downloading 5")]


def test_without_an_update_it_goes_on_as_it_was(world: World, demo: DemoBot) -> None:
    demo.ask("poll")
    assert demo.slot == "ota_0"
    assert reread(world.session, world.device).uptime_s >= 0


@pytest.mark.parametrize("at", [1, 4096, 100_001])
def test_a_cut_download_is_resumed(world: World, demo: DemoBot, lines: list[str], at: int) -> None:
    row, _ = world.send()
    demo.faults = Faults(cut_at=at)
    demo.press_button()
    assert f"connection cut at {at} bytes" in lines
    assert world.state(row) is UpdateState.CONFIRMED


def test_a_corrupt_download_is_refused(world: World, demo: DemoBot) -> None:
    row, _ = world.send()
    previous = demo.image_digest
    demo.faults = Faults(corrupt_at=5000)
    demo.press_button()
    assert world.state(row) is UpdateState.FAILED
    assert row.error_code == "wrong_digest"
    assert demo.image_digest == previous


def test_a_stalled_download_goes_on(world: World, demo: DemoBot) -> None:
    row, _ = world.send()
    demo.faults = Faults(stall_s=0.05)
    demo.press_button()
    assert world.state(row) is UpdateState.CONFIRMED


def test_a_bad_image_is_rolled_back_and_not_fetched_again(world: World, demo: DemoBot) -> None:
    row, _ = world.send()
    previous = demo.image_digest
    demo.next_image_is_bad = True
    demo.press_button()
    assert world.state(row) is UpdateState.ROLLED_BACK
    demo.press_button()
    assert demo.image_digest == previous, "nothing was offered"
    again, _ = world.send()
    demo.press_button()
    assert world.state(again) is UpdateState.CONFIRMED


def test_a_new_network_is_taken_over(
    world: World, services: Runtime, demo: DemoBot, lines: list[str]
) -> None:
    services.devices.set_network(
        actor_of(world.account), world.device.id, WifiSettings(ssid="home", password="sesame open")
    )
    for _ in range(2):
        demo.ask("poll")
    assert reread(world.session, world.device).network_revision_used == 1
    assert "now on the network “home”" in lines
    assert not any("sesame" in line for line in lines)


def test_a_new_key_is_taken_over(world: World, services: Runtime, demo: DemoBot, lines: list[str]) -> None:
    services.device_keys.renew(actor_of(world.account), world.device.id)
    demo.ask("poll")
    assert demo.wire.key != DEVICE_KEY
    assert reread(world.session, world.device).next_key_sealed is not None
    demo.ask("poll")
    device = reread(world.session, world.device)
    assert (device.next_key_sealed, device.key_since) == (None, world.clock.now())
    assert demo.wire.key.hex() not in str(lines)


def test_two_presses_bring_the_previous_firmware_back(world: World, demo: DemoBot) -> None:
    world.send()
    demo.press_button()
    good = demo.image_digest
    demo.image_digest = "9" * 64
    demo.press_button_twice()
    assert demo.image_digest == good
    assert world.events.bodies(EventName.UPDATE_CHANGED)[-1]["rollback_requested"] is True


def test_its_log_is_switched_on_over_the_air(world: World, services: Runtime, demo: DemoBot) -> None:
    services.devices.set_wants_log(actor_of(world.account), world.device.id, wants_log=True)
    for _ in range(2):
        demo.ask("poll")
    assert reread(world.session, world.device).sends_log is True


def test_its_log_arrives(world: World, services: Runtime, demo: DemoBot) -> None:
    assert demo.log("hello").status == 204
    kept = services.device_logs.read(actor_of(world.account), world.device.id)
    assert [line["text"] for line in kept["lines"]] == ["hello"]


def test_an_answer_of_somebody_else_is_no_answer(world: World, server: str) -> None:
    thief = DemoBot(server, world.device.id, bytes(32), boots=1)
    with pytest.raises(WireError, match="not signed"):
        thief.check_in("poll")


def test_a_missing_server_is_reported(world: World) -> None:
    with pytest.raises(WireError, match="no connection"):
        DemoBot("http://127.0.0.1:1", world.device.id, DEVICE_KEY).check_in("poll")


def test_a_counter_from_the_past_is_refused(world: World, demo: DemoBot, server: str) -> None:
    demo.check_in("boot")
    with pytest.raises(WireError, match="counter"):
        DemoBot(server, world.device.id, DEVICE_KEY, boots=0).check_in("boot")


def test_keys_come_from_the_database(world: World, settings: Settings, demo: DemoBot) -> None:
    assert device_key(settings, world.device.id) == DEVICE_KEY
    assert running_digest(settings, world.device.id) == ""
    demo.check_in("boot")
    assert running_digest(settings, world.device.id) == demo.image_digest


def test_the_command_runs_without_a_terminal(
    world: World,
    server: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    row, _ = world.send()
    argv = ["tools.demo_bot", "--product-id", world.device.id, "--server", server, "--rollback"]
    monkeypatch.setattr("sys.argv", argv)
    monkeypatch.setattr(command, "child_environment", lambda *_: {})
    monkeypatch.setattr("tools.demo_bot.__main__.Settings.from_env", lambda _env: replace(settings))
    monkeypatch.setattr("tools.demo_bot.__main__.time.sleep", stop)
    assert command.main() == 0
    assert "rolled back" in capsys.readouterr().out
    assert world.state(row) is UpdateState.ROLLED_BACK


def test_the_demo_account_gets_a_second_bot_for_the_terminal_once(
    session: Session, settings: Settings
) -> None:
    assert not give_to_demo_account(settings, "bot_002")
    owner = make_account(session, login_name="bot_001")
    assert give_to_demo_account(settings, "bot_002")
    key = device_key(settings, "bot_002")
    assert not give_to_demo_account(settings, "bot_002")
    assert device_key(settings, "bot_002") == key
    assert session.get_one(Device, "bot_002").account_id == owner.id
