"""PostgreSQL takes no zero byte in a text; who sends one is told so, and nothing breaks."""

import json

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.secret_box import SecretBox
from tests.factories import PASSWORD, make_account, make_device
from tests.http.device.conftest import Bot


def test_a_zero_byte_in_a_body_is_refused(client: FlaskClient, session: Session, secrets: SecretBox) -> None:
    account = make_account(session)
    device = make_device(session, secrets=secrets, account=account)
    stranger = client.post("/login", data={"login_name": "a\0b", "password": PASSWORD})
    assert stranger.status_code == 422
    client.post("/login", data={"login_name": account.login_name, "password": PASSWORD})
    answer = client.post(f"/api/v1/devices/{device.id}/send", json={"build_id": "a\0b"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_value")
    assert client.get("/api/v1/devices").status_code == 200


def test_a_bot_that_prints_a_zero_byte_is_no_error(
    client: FlaskClient, session: Session, secrets: SecretBox
) -> None:
    device = make_device(session, secrets=secrets, account=make_account(session))
    body = json.dumps({"lines": ["a\0b"]}).encode()
    assert Bot(client=client, device_id=device.id).call("POST", "/device/v1/log", body).status_code == 204
