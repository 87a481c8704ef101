"""A bot before and after its key is changed: which calls open, and which do not."""

import base64

import pytest
from werkzeug.test import TestResponse

from app.devices import credentials
from app.devices import keys as device_keys
from app.devices.rules import Admission
from app.kernel.transaction import writing
from app.runtime import Runtime
from tests.factories import DEVICE_KEY, actor_of, reread
from tests.http.device.conftest import Bot, World
from tools.demo_bot.unseal import unseal


def change(world: World, services: Runtime, *, revoke: bool = False) -> bytes:
    """Renew or revoke the bot's key; the one that waits."""
    keys = services.device_keys
    (keys.revoke if revoke else keys.renew)(actor_of(world.account), world.device.id)
    known = credentials.load(world.session, device_id=world.device.id, secrets=services.secrets)
    assert known is not None
    assert known.next_key is not None
    world.session.commit()
    return known.next_key


def flash(world: World, services: Runtime) -> bytes:
    """The key that a flash over USB writes now."""
    device = reread(world.session, world.device)
    with writing(world.session):
        return device_keys.for_flash(device, secrets=services.secrets)


def fetch(bot: Bot, key: bytes) -> int:
    """The status of the bot's static link under a key."""
    credentials = base64.b64encode(f"{bot.device_id}:{key.hex()}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}"}
    with bot.client.get(f"/{bot.device_id}.ino.bin", headers=headers) as answer:
        return answer.status_code


def test_the_old_key_holds_until_the_new_one_is_used(world: World, bot: Bot, services: Runtime) -> None:
    following = change(world, services)
    assert bot.check_in().status_code == 200
    bot.key = following
    bot.counter = 0x0000000100000000
    answer = bot.check_in()
    assert answer.status_code == 200
    assert bot.is_signed(answer)
    assert reread(world.session, world.device).counter == "0000000100000001"
    bot.key = DEVICE_KEY
    assert bot.check_in().status_code == 401


def test_a_call_under_the_old_key_cannot_be_replayed_after_the_change(
    world: World, bot: Bot, services: Runtime
) -> None:
    following = change(world, services)
    bot.key = following
    assert bot.check_in().status_code == 200
    bot.counter -= 1
    assert bot.check_in().status_code == 409


def test_a_revoked_bot_is_refused_at_once_until_it_has_its_new_key(
    world: World, bot: Bot, services: Runtime
) -> None:
    assert bot.check_in().status_code == 200
    following = change(world, services, revoke=True)
    answer = bot.check_in()
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthorised")
    bot.key, bot.counter = following, 0x0000000100000000
    assert bot.check_in().status_code == 200
    assert not reread(world.session, world.device).key_revoked


def test_the_absence_of_a_second_key_is_no_key(world: World, bot: Bot, services: Runtime) -> None:
    bot.key = bytes(32)
    assert bot.check_in().status_code == 401
    assert fetch(bot, bytes(32)) == 401


def test_a_bot_that_may_not_take_part_takes_no_new_key(world: World, bot: Bot, services: Runtime) -> None:
    bot.key = change(world, services)
    world.device.admission = Admission.REJECTED
    world.session.commit()
    assert bot.check_in().status_code == 403
    assert fetch(bot, bot.key) == 403
    assert reread(world.session, world.device).next_key_sealed is not None


def test_the_static_link_follows_the_change_of_keys(world: World, bot: Bot, services: Runtime) -> None:
    world.send()
    following = change(world, services)
    assert [fetch(bot, key) for key in (DEVICE_KEY, following, DEVICE_KEY)] == [200, 200, 401]
    change(world, services, revoke=True)
    assert fetch(bot, following) == 401


def handed(bot: Bot, answer: TestResponse) -> bytes | None:
    """The new key in an answer, as a bot reads it."""
    sealed = answer.get_json().get("new_key")
    if sealed is None:
        return None
    text = unseal(bot.key, label="device_key", revision=0, nonce=bot.nonce, sealed=sealed)
    return bytes.fromhex(text)


def test_a_new_key_is_handed_over_under_the_old_one_until_the_bot_uses_it(
    world: World, bot: Bot, services: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    assert handed(bot, bot.check_in()) is None
    following = change(world, services)
    answers = []
    for nonce in ("a" * 32, "b" * 32):
        bot.nonce = nonce
        answers.append(bot.check_in())
        assert bot.is_signed(answers[-1])
        assert handed(bot, answers[-1]) == following
    assert answers[0].get_json()["new_key"] != answers[1].get_json()["new_key"]
    bot.key, bot.counter = following, 0x0000000100000000
    answer = bot.check_in()
    assert (answer.status_code, handed(bot, answer)) == (200, None)
    assert bot.is_signed(answer)
    assert handed(bot, bot.check_in()) is None
    assert following.hex() not in caplog.text + str(world.events.events)


def test_a_key_that_is_in_a_file_is_not_handed_over(world: World, bot: Bot, services: Runtime) -> None:
    assert bot.check_in().status_code == 200
    change(world, services)
    written = flash(world, services)
    assert handed(bot, bot.check_in()) is None
    bot.key, bot.counter = written, 0x0000000100000000
    assert handed(bot, bot.check_in()) is None


def test_a_flashed_bot_takes_up_the_air_again(world: World, bot: Bot, services: Runtime) -> None:
    assert bot.check_in().status_code == 200
    bot.key = flash(world, services)
    bot.counter = 0x0000000100000000
    assert bot.check_in().status_code == 200
    assert handed(bot, bot.check_in()) is None
    following = change(world, services)
    assert handed(bot, bot.check_in()) == following


def test_a_revoked_bot_is_handed_nothing(world: World, bot: Bot, services: Runtime) -> None:
    waiting = change(world, services)
    assert handed(bot, bot.check_in()) == waiting
    following = change(world, services, revoke=True)
    for key in (DEVICE_KEY, waiting):
        bot.key = key
        assert bot.check_in().status_code == 401
    bot.key, bot.counter = following, 0x0000000100000000
    assert handed(bot, bot.check_in()) is None
