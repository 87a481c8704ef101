"""Real flows leave no secret, no source text and no Wi-Fi in the log, whether they succeed or fail."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.devices.tables import Device
from app.kernel.secret_box import SecretBox
from tests.factories import DEVICE_KEY
from tests.fakes import FakeQueue
from tests.http.device.conftest import Bot
from tests.logs import Log

PASSWORD = "canary-password-1"
WIFI = {"ssid": "canary-network", "password": "canary-wifi-password"}
SOURCE = "void setup() { /* canary-source */ }\nvoid loop() {}\n"
LINE = "canary-line-of-a-bot"


@pytest.fixture
def registered(app: APIFlask, client: FlaskClient) -> FlaskClient:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    form = {"product_id": "bot_77", "password": PASSWORD}
    assert client.post("/register", data=form).status_code == 302
    return client


def _break_much(session: Session) -> None:
    for table in ("audit_entry", "build", "device_log", "sketch_revision"):
        session.execute(text(f"DROP TABLE {table}"))
    session.commit()


def _use(client: FlaskClient, bot: Bot, sketch: dict[str, object]) -> list[int]:
    """What owners and bots do, with a canary in every secret."""
    address = f"/api/v1/sketches/{sketch['id']}"
    answers = [
        client.post("/login", data={"login_name": "bot_77", "password": f"{PASSWORD}-wrong"}),
        client.put("/api/v1/devices/bot_77/network", json=WIFI),
        client.put(f"{address}/files", json={"base_revision": 1, "files": {"Canary.ino": SOURCE}}),
        client.put(f"{address}/files", json={"base_revision": 1, "files": {"Canary.ino": [SOURCE]}}),
        client.post(f"{address}/builds", json={"fqbn": "airsketch:virtual:bot"}),
        bot.check_in(),
        bot.say("/device/v1/log", {"lines": [LINE], "dropped": 0}),
        bot.say("/device/v1/check-in", {"board": [PASSWORD]}),
    ]
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("broken", [False, True])
def test_no_flow_logs_a_secret(
    registered: FlaskClient, session: Session, queue: FakeQueue, secrets: SecretBox, log: Log, broken: bool
) -> None:
    sketch = registered.post("/api/v1/sketches", json={"name": "Canary"}).json
    assert sketch is not None
    device = session.get_one(Device, "bot_77")
    device.key_sealed = secrets.seal(DEVICE_KEY, context="device_key:bot_77")
    session.commit()
    queue.away = True
    if broken:
        _break_much(session)
    statuses = _use(registered, Bot(registered, "bot_77"), sketch)
    assert (500 in statuses) is broken, statuses
    written = log.text()
    assert ("request_failed" in written) is broken
    assert "canary-" not in written
    assert DEVICE_KEY.hex() not in written
