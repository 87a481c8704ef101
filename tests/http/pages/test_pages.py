"""Pages: who sees which, and that they carry what their scripts begin with."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.kernel.actor import Role
from app.kernel.secret_box import SecretBox
from tests.factories import make_account, make_device, make_sketch
from tests.fakes import MemorySketchStore

LogIn = Callable[[FlaskClient, Account], FlaskClient]


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def owner(client: FlaskClient, account: Account, login: LogIn) -> FlaskClient:
    return login(client, account)


def test_strangers_see_what_this_is(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/login"' in page.text
    assert 'href="/register"' in page.text


def test_owners_start_with_their_sketches(owner: FlaskClient) -> None:
    assert owner.get("/").location == "/sketches"


@pytest.mark.parametrize("path", ["/sketches", "/sketches/x", "/devices", "/devices/bot_001", "/account"])
def test_strangers_are_asked_to_log_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/login")


@pytest.mark.parametrize("path", ["/sketches", "/devices", "/virtual-bots", "/account"])
def test_pages_of_an_owner_open(owner: FlaskClient, path: str) -> None:
    page = owner.get(path)
    assert page.status_code == 200
    assert 'aria-label="Log out"' in page.text


def test_the_editor_knows_its_sketch(
    owner: FlaskClient, session: Session, account: Account, sketch_store: MemorySketchStore
) -> None:
    sketch = make_sketch(session, account=account, store=sketch_store, name="Lamp")
    page = owner.get(f"/sketches/{sketch.id}").text
    assert f'data-sketch-id="{sketch.id}"' in page
    assert "<title>Lamp – Airsketch</title>" in page


def test_the_page_of_a_bot_knows_its_id(
    owner: FlaskClient, session: Session, account: Account, secrets: SecretBox
) -> None:
    make_device(session, secrets=secrets, account=account, product_id="bot_own")
    assert 'data-device-id="bot_own"' in owner.get("/devices/bot_own").text


def test_what_belongs_to_others_is_not_there(
    owner: FlaskClient, session: Session, sketch_store: MemorySketchStore, secrets: SecretBox
) -> None:
    other = make_account(session)
    sketch = make_sketch(session, account=other, store=sketch_store)
    make_device(session, secrets=secrets, account=other, product_id="bot_other")
    assert owner.get(f"/sketches/{sketch.id}").status_code == 404
    assert owner.get("/devices/bot_other").status_code == 404


def test_maintainers_may_look_at_every_bot(
    client: FlaskClient, session: Session, login: LogIn, secrets: SecretBox
) -> None:
    make_device(session, secrets=secrets, account=make_account(session), product_id="bot_other")
    maintainer = login(client, make_account(session, role=Role.MAINTAINER))
    assert maintainer.get("/devices/bot_other").status_code == 200


def test_a_missing_page_says_what_to_do(owner: FlaskClient) -> None:
    page = owner.get("/sketches/nothing")
    assert page.status_code == 404
    assert "Page not found" in page.text
    assert "Go to home page" in page.text


@pytest.mark.parametrize("path", ["/", "/login", "/register"])
def test_pages_hold_no_inline_code(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"\s(?:style|on[a-z]+)=", page) == []


def test_the_nonce_of_the_page_is_the_nonce_of_its_policy(client: FlaskClient) -> None:
    answer = client.get("/login")
    nonce = re.findall(r'name="csp-nonce" content="([^"]+)"', answer.text)[0]
    assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]


def test_the_key_of_a_bot_and_its_first_flash_are_its_owners_alone(
    client: FlaskClient, login: LogIn, session: Session, secrets: SecretBox
) -> None:
    owner = make_account(session)
    device = make_device(session, secrets=secrets, account=owner)
    login(client, owner)
    assert f'href="/devices/{device.id}/flash"' in client.get(f"/devices/{device.id}").text
    assert client.get(f"/devices/{device.id}/flash").status_code == 200
    client.post("/logout")
    login(client, make_account(session, role=Role.MAINTAINER))
    page = client.get(f"/devices/{device.id}").text
    assert "/flash" not in page
    assert 'data-slot="keys"' not in page
    assert client.get(f"/devices/{device.id}/flash").status_code == 404
