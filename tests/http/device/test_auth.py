"""Who may speak as a bot: the holder of its key, once, and nobody else."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from app.devices.rules import Admission
from app.kernel.secret_box import SecretBox
from tests.factories import make_account, make_device, reread
from tests.http.device.conftest import Bot, World

CALLS: dict[str, Callable[..., TestResponse]] = {
    "check-in": lambda bot, **headers: bot.call("POST", "/device/v1/check-in", b"{}", **headers),
    "firmware": lambda bot, **headers: bot.call("GET", "/device/v1/firmware/x", **headers),
    "report": lambda bot, **headers: bot.call("POST", "/device/v1/updates/x/reports", b"{}", **headers),
    "log": lambda bot, **headers: bot.call("POST", "/device/v1/log", b"{}", **headers),
}
EACH_CALL = pytest.mark.parametrize("call", list(CALLS.values()), ids=list(CALLS))


@EACH_CALL
@pytest.mark.parametrize(
    "headers",
    [
        {"X_Device_Id": "nobody"},
        {"X_Device_Id": ""},
        {"X_Device_Id": "bot_other"},
        {"X_Device_Signature": "0" * 64},
        {"X_Device_Signature": "0" * 63},
        {"X_Device_Signature": ""},
        {"X_Device_Signature": "ä" * 64},
        {"X_Device_Nonce": "b" * 32},
        {"X_Device_Nonce": "A" * 32},
        {"X_Device_Counter": "1"},
        {"X_Device_Counter": "f" * 16},
    ],
    ids=str,
)
def test_every_refusal_looks_the_same_and_writes_nothing(
    world: World, bot: Bot, stranger: Bot, call: Callable[..., TestResponse], headers: dict[str, str]
) -> None:
    answer = call(bot, **headers)
    assert answer.status_code == 401
    assert answer.json == {
        "type": "about:blank",
        "title": "Not logged in",
        "status": 401,
        "detail": "This request is not signed by an enrolled bot.",
        "code": "unauthorised",
    }
    assert "X-Server-Signature" not in answer.headers
    device = reread(world.session, world.device)
    assert (device.last_seen_at, device.counter) == (None, "0" * 16)


@EACH_CALL
def test_another_bots_key_opens_nothing(bot: Bot, stranger: Bot, call: Callable[..., TestResponse]) -> None:
    bot.key = stranger.key
    assert call(bot).status_code == 401


@pytest.mark.parametrize("changed", [{"method": "PUT"}, {"path": "/device/v1/log?x=1"}, {"body": b"{} "}])
def test_a_changed_call_is_not_the_signed_one(
    bot: Bot, changed: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed: dict[str, object] = {"method": "POST", "path": "/device/v1/log", "body": b"{}"}
    real = bot.client.open

    def tampered(path: str, *, method: str, data: bytes, headers: dict[str, str], **_: bool) -> TestResponse:
        sent = {"method": method, "path": path, "body": data, **changed}
        return real(sent["path"], method=sent["method"], data=sent["body"], headers=headers)

    monkeypatch.setattr(bot.client, "open", tampered)
    answer = bot.call(str(signed["method"]), str(signed["path"]), b"{}")
    assert answer.status_code in {401, 405}


def test_the_query_is_part_of_the_signed_path(bot: Bot) -> None:
    assert bot.call("POST", "/device/v1/log?a=%20b&c", b'{"lines":[]}').status_code == 204


def test_an_error_after_the_signature_is_signed(bot: Bot) -> None:
    answer = bot.call("POST", "/device/v1/check-in", b"{}")
    assert answer.status_code == 422
    assert bot.is_signed(answer)


def test_the_check_value_is_accepted_over_the_wire(bot: Bot) -> None:
    headers = {
        "X-Device-Id": bot.device_id,
        "X-Device-Counter": "0000000100000001",
        "X-Device-Nonce": "a" * 32,
        "X-Device-Signature": "ffdc5b6c8fa6d58d97d4ce3f3735c93c0c505733e4ad4aa2213320bfb76248f2",
    }
    answer = bot.client.post("/device/v1/check-in", data=b"{}", headers=headers)
    assert answer.status_code == 422, "the signature holds; the body lacks its fields"


def test_a_body_over_the_limit_is_refused_unread(bot: Bot) -> None:
    answer = bot.call("POST", "/device/v1/log", b"x" * 4097)
    assert answer.status_code == 413
    assert answer.json["code"] == "too_large"


@pytest.mark.parametrize("admission", [Admission.PENDING, Admission.REJECTED, Admission.DECOMMISSIONED])
def test_a_bot_that_is_not_accepted_is_told_so(world: World, bot: Bot, admission: Admission) -> None:
    world.device.admission = admission
    world.session.commit()
    answer = bot.check_in()
    assert (answer.status_code, answer.json["code"]) == (403, "not_accepted")
    assert bot.is_signed(answer)
    assert reread(world.session, world.device).last_seen_at is None


def test_a_session_cookie_is_worth_nothing_here(world: World, bot: Bot, login: Callable[..., object]) -> None:
    login(bot.client, world.account)
    assert bot.client.post("/device/v1/check-in", json={}).status_code == 401


def test_a_key_sealed_under_another_secret_is_a_server_error(
    world: World, bot: Bot, secrets: SecretBox
) -> None:
    make_device(
        world.session,
        secrets=SecretBox(bytes(32)),
        account=make_account(world.session),
        product_id="bot_lost",
    )
    bot.device_id = "bot_lost"
    assert bot.check_in().status_code == 503
