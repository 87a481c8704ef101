"""The static link: the bot, its owner, and everybody only if the link is public."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.builds.artifact_store import DiskArtifactStore
from app.devices.rules import Admission
from app.updates.rules import MAX_WHOLE_DOWNLOADS, UpdateState
from tests.factories import DEVICE_KEY, make_account, reread
from tests.firmware import built, virtual_image
from tests.http.device.conftest import IMAGE, OLD, Bot, World

Login = Callable[[FlaskClient, object], FlaskClient]


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def get(world: World, running: str = "", method: str = "GET", **headers: str) -> TestResponse:
    """A call of the bot itself, in the manner of HTTPUpdate when it says what it runs."""
    name = world.device.id
    reported = {"x-ESP32-sketch-sha256": running} if running else {}
    sent = {**basic(name, DEVICE_KEY.hex()), **reported, **headers}
    return world.app.test_client().open(f"/{name}.ino.bin", method=method, headers=sent, buffered=True)


def test_the_bot_gets_the_image_with_all_headers(world: World) -> None:
    world.send()
    answer = get(world)
    assert (answer.status_code, answer.data) == (200, IMAGE)
    sha256 = hashlib.sha256(IMAGE).hexdigest()
    expected = {
        "Content-Length": str(len(IMAGE)),
        "ETag": f'"{sha256}"',
        "X-SHA256": sha256,
        "X-MD5": hashlib.md5(IMAGE).hexdigest(),
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{world.device.id}.ino.bin"',
    }
    assert {name: answer.headers.get(name) for name in expected} == expected


def test_head_tells_the_size_and_sends_nothing(world: World) -> None:
    row, _ = world.send()
    answer = get(world, OLD, method="HEAD")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(IMAGE))
    assert world.state(row) is UpdateState.ARMED


def refusals(world: World) -> dict[str, dict[str, str]]:
    name, key = world.device.id, DEVICE_KEY.hex()
    return {
        "nothing": {},
        "empty": {"Authorization": ""},
        "word": {"Authorization": "Basic"},
        "no colon": {"Authorization": "Basic " + base64.b64encode(name.encode()).decode()},
        "empty key": basic(name, ""),
        "prefix of the key": basic(name, key[:-1]),
        "longer key": basic(name, key + "0"),
        "another name": basic("bot_other", key),
        "another bot's key": basic(name, bytes(reversed(range(32))).hex()),
        "its key under its own name": basic("bot_other", bytes(reversed(range(32))).hex()),
        "not ASCII": {"Authorization": "Basic \xff"},
        "bearer": {"Authorization": f"Bearer {key}"},
    }


def test_unknown_bots_and_wrong_keys_look_the_same(world: World, stranger: Bot) -> None:
    row, _ = world.send()
    client = world.app.test_client()
    answers = {
        name: client.get(f"/{world.device.id}.ino.bin", headers=headers)
        for name, headers in refusals(world).items()
    }
    answers["unknown bot"] = client.get("/nobody.ino.bin", headers=basic("nobody", DEVICE_KEY.hex()))
    answers["unknown bot, no key"] = client.get("/nobody.ino.bin")
    answers["zero key"] = client.get("/nobody.ino.bin", headers=basic("nobody", "00" * 32))
    seen = {
        (answer.status_code, answer.data, answer.headers["WWW-Authenticate"]) for answer in answers.values()
    }
    assert len(seen) == 1, answers
    assert next(iter(answers.values())).status_code == 401
    assert world.state(row) is UpdateState.ARMED


def test_the_key_may_be_written_in_capitals(world: World) -> None:
    world.send()
    headers = basic(world.device.id, DEVICE_KEY.hex().upper())
    assert world.app.test_client().get(f"/{world.device.id}.ino.bin", headers=headers).status_code == 200


def test_the_owners_session_opens_it_and_moves_nothing(
    world: World, client: FlaskClient, login: Login
) -> None:
    row, _ = world.send()
    login(client, world.account)
    headers = {"x-ESP32-sketch-sha256": OLD}
    answer = client.get(f"/{world.device.id}.ino.bin", headers=headers)
    assert (answer.status_code, answer.data) == (200, IMAGE)
    assert world.state(row) is UpdateState.ARMED


def test_another_owners_session_does_not(world: World, client: FlaskClient, login: Login) -> None:
    world.send()
    login(client, make_account(world.session))
    assert client.get(f"/{world.device.id}.ino.bin").status_code == 401


def test_nothing_sent_yet_is_a_clear_404(world: World) -> None:
    answer = get(world)
    assert (answer.status_code, answer.json["code"]) == (404, "nothing_sent")


def test_a_bot_that_is_not_accepted_gets_nothing(world: World) -> None:
    world.send()
    world.device.admission = Admission.REJECTED
    world.session.commit()
    assert get(world).status_code == 403


def test_only_the_image_last_sent_is_given(world: World, artifacts: DiskArtifactStore) -> None:
    world.send()
    newer = virtual_image("2")
    world.build = built(world.session, artifacts, world.account, newer)
    assert get(world).data == IMAGE, "built is not sent"
    world.send()
    assert get(world).data == newer


def test_a_range_of_the_image_in_place_is_not_sent_either(world: World) -> None:
    _, release = world.send()
    known = get(world, **{"Range": "bytes=0-9", "If-None-Match": f'"{release.sha256}"'})
    assert (known.status_code, known.data) == (304, b"")
    other = get(world, **{"Range": "bytes=0-9", "If-None-Match": '"other"'})
    assert (other.status_code, other.data) == (206, IMAGE[:10])


@pytest.mark.parametrize("how", ["etag", "digest", "capitals"])
def test_the_image_in_place_is_not_sent_again(world: World, how: str) -> None:
    _, release = world.send()
    answer = {
        "etag": lambda: get(world, **{"If-None-Match": f'"{release.sha256}"'}),
        "digest": lambda: get(world, release.image_digest),
        "capitals": lambda: get(world, release.image_digest.upper()),
    }[how]()
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_bare_httpupdate_bot_goes_the_whole_way(world: World) -> None:
    row, release = world.send()
    assert get(world, OLD).data == IMAGE
    assert world.state(row) is UpdateState.INSTALLING
    assert row.bytes_done == len(IMAGE)
    assert get(world, release.image_digest).status_code == 304
    assert world.state(row) is UpdateState.CONFIRMED
    assert reread(world.session, world.device).image_digest == release.image_digest


@pytest.mark.parametrize("mode", ["spiffs", "SPIFFS", "littlefs", ""])
def test_a_bot_that_asks_for_a_file_system_gets_no_sketch(world: World, mode: str) -> None:
    row, _ = world.send()
    answer = get(world, OLD, **{"x-ESP32-mode": mode})
    assert (answer.status_code, answer.json["code"]) == (404, "no_file_system")
    assert world.state(row) is UpdateState.ARMED
    assert get(world, OLD, **{"x-ESP32-mode": "sketch"}).data == IMAGE


def test_a_person_with_the_key_is_not_the_bot(world: World) -> None:
    row, _ = world.send()
    assert get(world).data == IMAGE
    assert world.state(row) is UpdateState.ARMED
    assert get(world, OLD).data == IMAGE, "the bot itself never had it"
    assert world.state(row) is UpdateState.INSTALLING


def test_a_bot_that_could_not_install_may_download_again(world: World) -> None:
    row, release = world.send()
    for _ in range(MAX_WHOLE_DOWNLOADS):
        assert get(world, OLD).data == IMAGE
        assert world.state(row) is UpdateState.INSTALLING
    assert get(world, release.image_digest).status_code == 304
    assert world.state(row) is UpdateState.CONFIRMED


def test_a_bot_that_came_back_is_not_served_again_unless_asked(world: World) -> None:
    row, _ = world.send()
    for _ in range(MAX_WHOLE_DOWNLOADS):
        get(world, OLD)
        world.state(row)
    assert get(world, OLD).status_code == 304
    assert world.state(row) is UpdateState.ROLLED_BACK
    assert get(world, OLD).status_code == 304
    assert get(world).status_code == 200, "a person with the key still gets the file"
    world.send()
    assert get(world, OLD).status_code == 200, "a person sent it again"


def test_a_download_cut_short_is_not_an_installation(world: World) -> None:
    row, _ = world.send()
    answer = get(world, OLD, Range="bytes=0-99999")
    assert (answer.status_code, len(answer.data)) == (206, 100_000)
    assert world.state(row) is UpdateState.DOWNLOADING
    assert get(world, OLD).status_code == 200, "it may try again"


def open_link(world: World) -> None:
    world.device.link_is_open = True
    world.session.commit()


def test_an_open_link_is_for_everybody_and_believes_only_httpupdate(world: World) -> None:
    row, release = world.send()
    open_link(world)
    client = world.app.test_client()
    assert client.get(f"/{world.device.id}.ino.bin").data == IMAGE
    assert world.state(row) is UpdateState.ARMED, "a browser is not the bot"
    client.get(f"/{world.device.id}.ino.bin", headers={"x-ESP32-sketch-sha256": OLD}, buffered=True)
    assert world.state(row) is UpdateState.INSTALLING
    client.get(f"/{world.device.id}.ino.bin", headers={"x-ESP32-sketch-sha256": release.image_digest})
    assert world.state(row) is UpdateState.CONFIRMED


def test_nobody_speaks_for_a_bot_that_signs_its_calls(world: World, bot: Bot) -> None:
    bot.check_in()
    row, release = world.send()
    open_link(world)
    headers = {"x-ESP32-sketch-sha256": release.image_digest}
    answer = world.app.test_client().get(f"/{world.device.id}.ino.bin", headers=headers)
    assert answer.status_code == 304
    assert world.state(row) is UpdateState.ARMED


def test_another_name_in_the_address_is_a_page_not_found(client: FlaskClient) -> None:
    assert client.get("/a/b.ino.bin").status_code == 404
    assert client.post("/bot_001.ino.bin").status_code == 405
