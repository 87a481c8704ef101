"""Virtual bots over HTTP."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.tables import Account
from app.kernel.actor import Role
from app.kernel.secret_box import SecretBox
from app.virtual_devices.tables import VirtualBot
from tests.factories import make_account, make_build, make_device, make_sketch
from tests.fakes import START, MemorySketchStore

Login = Callable[[FlaskClient, Account], FlaskClient]


def test_one_call_makes_a_bot_and_no_cache_keeps_its_key(mine: FlaskClient) -> None:
    answer = mine.post("/api/v1/virtual-bots", json={})
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    device = answer.json["device"]
    assert device["is_virtual"] is True
    assert len(bytes.fromhex(answer.json["device_key"])) == 32
    again = mine.get(f"/api/v1/devices/{device['id']}")
    assert again.json["is_virtual"] is True
    assert answer.json["device_key"] not in again.text
    assert mine.get(f"/devices/{device['id']}/virtual").status_code == 200


def test_a_new_key_is_another_key(mine: FlaskClient) -> None:
    made = mine.post("/api/v1/virtual-bots", json={}).json
    renewed = mine.post(f"/api/v1/virtual-bots/{made['device']['id']}/key", json={})
    assert renewed.status_code == 200
    assert renewed.headers["Cache-Control"] == "no-store"
    assert renewed.json["device_key"] != made["device_key"]


def test_no_key_of_a_real_bot_comes_out(
    mine: FlaskClient, session: Session, secrets: SecretBox, owner: Account
) -> None:
    real = make_device(session, secrets=secrets, account=owner, last_seen_at=START)
    answer = mine.post(f"/api/v1/virtual-bots/{real.id}/key", json={})
    assert (answer.status_code, answer.json["code"]) == (409, "not_virtual")
    assert "device_key" not in answer.json
    assert mine.get(f"/devices/{real.id}/virtual").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_nobody_but_the_owner_gets_the_key_or_the_page(
    client: FlaskClient, session: Session, secrets: SecretBox, login: Login, role: Role
) -> None:
    theirs = make_device(session, secrets=secrets, account=make_account(session), is_virtual=True)
    login(client, make_account(session, role=role))
    assert client.post(f"/api/v1/virtual-bots/{theirs.id}/key", json={}).status_code == 404
    assert client.get(f"/devices/{theirs.id}/virtual").status_code == 404


def test_the_page_learns_what_it_can_flash(
    mine: FlaskClient, session: Session, owner: Account, sketch_store: MemorySketchStore
) -> None:
    sketch = make_sketch(session, account=owner, store=sketch_store, name="Lamp")
    build = make_build(session, account=owner, sketch=sketch, finished_at=START)
    assert mine.get("/api/v1/virtual-bots/images").json == {
        "images": [
            {
                "build_id": build.id,
                "sketch_id": sketch.id,
                "sketch_name": "Lamp",
                "image_bytes": build.image_bytes,
                "finished_at": "2026-05-04T12:00:00.000Z",
            }
        ]
    }


def test_keys_cannot_be_asked_for_without_end(mine: FlaskClient) -> None:
    made = mine.post("/api/v1/virtual-bots", json={}).json
    path = f"/api/v1/virtual-bots/{made['device']['id']}/key"
    statuses = [mine.post(path, json={}).status_code for _ in range(11)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def _connections(answer: TestResponse) -> list[str]:
    """What the policy of a page lets it ask."""
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split("; "))
    return next(part[1:] for part in parts if part[0] == "connect-src")


def test_the_page_of_a_bot_and_no_other_may_ask_what_its_owner_allowed(mine: FlaskClient) -> None:
    one, other = (mine.post("/api/v1/virtual-bots", json={}).json["device"]["id"] for _ in range(2))
    wanted = ["https://api.example", "http://192.168.1.20:8000"]
    answer = mine.put(f"/api/v1/virtual-bots/{one}/origins", json={"origins": wanted})
    assert answer.json == {"is_taken": True, "allowed_origins": wanted}
    assert mine.get(f"/api/v1/virtual-bots/{one}").json == answer.json
    page = mine.get(f"/devices/{one}/virtual")
    assert _connections(page) == ["'self'", "ws://localhost", *wanted]
    assert f'data-origins="{" ".join(wanted)}"' in page.text
    for path in (f"/devices/{other}/virtual", f"/devices/{one}", "/virtual-bots", "/sketches"):
        assert _connections(mine.get(path)) == ["'self'", "ws://localhost"], path


@pytest.mark.parametrize(
    "origins",
    [
        ["https://a.example; script-src *"],
        ["https://a.example 'unsafe-inline'"],
        ["https://*.example"],
        ["*"],
        ["https://a.example/path"],
        ["https://user@a.example"],
        ["http://localhost"],
        [f"https://{number}.example" for number in range(9)],
        ["https://" + "a" * 200 + ".example"],
        "https://a.example",
        [7],
    ],
)
def test_what_is_no_list_of_origins_changes_nothing(mine: FlaskClient, origins: object) -> None:
    bot = mine.post("/api/v1/virtual-bots", json={}).json["device"]["id"]
    answer = mine.put(f"/api/v1/virtual-bots/{bot}/origins", json={"origins": origins})
    assert answer.status_code == 422
    assert mine.get(f"/api/v1/virtual-bots/{bot}").json["allowed_origins"] == []


@pytest.mark.parametrize("role", list(Role))
def test_nobody_but_the_owner_says_whom_a_bot_may_ask(
    client: FlaskClient, session: Session, secrets: SecretBox, login: Login, role: Role
) -> None:
    theirs = make_device(session, secrets=secrets, account=make_account(session), is_virtual=True)
    login(client, make_account(session, role=role))
    path = f"/api/v1/virtual-bots/{theirs.id}"
    assert client.get(path).status_code == 404
    assert client.put(f"{path}/origins", json={"origins": ["https://evil.example"]}).status_code == 404
    assert session.scalars(select(VirtualBot)).all() == []
