"""The pages: who sees which, and that other people's ids lead nowhere."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.adapters.secrets import AesSecretBox
from app.domain.accounts import Role
from app.models import Account
from tests.factories import make_account, make_device, make_sketch
from tests.fakes import MemorySketchStore

Login = Callable[[FlaskClient, Account], FlaskClient]


def test_the_start_page_greets_strangers_and_leads_others_to_their_sketches(
    client: FlaskClient, login: Login, session: Session
) -> None:
    assert 'href="/register"' in client.get("/").text
    answer = login(client, make_account(session)).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sketches")


@pytest.mark.parametrize("address", ["/sketches", "/devices", "/account"])
def test_the_pages_of_an_account_open(
    client: FlaskClient, login: Login, session: Session, address: str
) -> None:
    answer = login(client, make_account(session)).get(address)
    assert answer.status_code == 200
    assert 'action="/logout"' in answer.text


def test_an_owner_opens_their_own_sketch_and_bot(
    client: FlaskClient,
    login: Login,
    session: Session,
    secrets: AesSecretBox,
    sketch_store: MemorySketchStore,
) -> None:
    owner = make_account(session)
    sketch = make_sketch(session, account=owner, store=sketch_store, name="MyLamp")
    device = make_device(session, secrets=secrets, account=owner)
    login(client, owner)
    assert "MyLamp" in client.get(f"/sketches/{sketch.id}").text
    assert device.id in client.get(f"/devices/{device.id}").text


def test_somebody_elses_sketch_and_bot_look_like_unknown_ones(
    client: FlaskClient,
    login: Login,
    session: Session,
    secrets: AesSecretBox,
    sketch_store: MemorySketchStore,
) -> None:
    other = make_account(session)
    sketch = make_sketch(session, account=other, store=sketch_store, name="TheirLamp")
    device = make_device(session, secrets=secrets, account=other)
    login(client, make_account(session))
    for theirs, unknown in (
        (f"/sketches/{sketch.id}", f"/sketches/{'0' * 32}"),
        (f"/devices/{device.id}", "/devices/bot_404"),
    ):
        answers = [client.get(address) for address in (theirs, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert "TheirLamp" not in answers[0].text


def test_a_maintainer_looks_at_everybodys_bots_but_not_at_their_sketches(
    client: FlaskClient,
    login: Login,
    session: Session,
    secrets: AesSecretBox,
    sketch_store: MemorySketchStore,
) -> None:
    owner = make_account(session)
    sketch = make_sketch(session, account=owner, store=sketch_store)
    device = make_device(session, secrets=secrets, account=owner)
    login(client, make_account(session, role=Role.MAINTAINER))
    assert client.get(f"/devices/{device.id}").status_code == 200
    assert client.get(f"/sketches/{sketch.id}").status_code == 404
