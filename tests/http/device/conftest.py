"""A bot that signs its calls, and a server that has sent it an image."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.tables import Build
from app.devices.tables import Device
from app.http.device import signing
from app.http.device.progress import progress_of
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from app.updates.rules import UpdateState
from app.updates.tables import Release, Update
from tests.factories import DEVICE_KEY, actor_of, make_account, make_board, make_device, reread
from tests.fakes import FixedClock, RecordingEvents
from tests.firmware import built, virtual_image

BOARD = "airsketch:virtual:bot"
OLD = "0" * 64
REPORT = {"board": BOARD, "image_digest": OLD, "trigger": "button"}
IMAGE = virtual_image(padding=200_000)


@dataclass
class Bot:
    """Signs calls as a bot does."""

    client: FlaskClient
    device_id: str
    key: bytes = DEVICE_KEY
    counter: int = 0x0000000100000000
    nonce: str = "a" * 32
    headers: dict[str, str] = field(default_factory=dict)

    def call(
        self, method: str, path: str, body: bytes = b"", *, buffered: bool = True, **headers: str
    ) -> TestResponse:
        """One call with the next counter; `headers` replace or, when empty, remove what is signed."""
        self.counter += 1
        counter = f"{self.counter:016x}"
        signature = signing.request_signature(
            self.key, method=method, path=path, counter=counter, nonce=self.nonce, body=body
        )
        signed = {
            "X-Device-Id": self.device_id,
            "X-Device-Counter": counter,
            "X-Device-Nonce": self.nonce,
            "X-Device-Signature": signature,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.client.open(path, method=method, data=body, headers=signed, buffered=buffered)

    def say(self, path: str, body: object) -> TestResponse:
        """One call with a JSON body."""
        return self.call("POST", path, json.dumps(body).encode())

    def check_in(self, **changes: Any) -> TestResponse:
        return self.say("/device/v1/check-in", {**REPORT, **changes})

    def report(self, update_id: str, **body: Any) -> TestResponse:
        return self.say(f"/device/v1/updates/{update_id}/reports", body)

    def fetch(self, update_id: str, *, buffered: bool = True, **headers: Any) -> TestResponse:
        return self.call("GET", f"/device/v1/firmware/{update_id}", buffered=buffered, **headers)

    def is_signed(self, answer: TestResponse) -> bool:
        """Whether an answer carries the server's signature for the last call."""
        expected = signing.answer_signature(
            self.key, status=answer.status_code, nonce=self.nonce, body=answer.data
        )
        return answer.headers.get("X-Server-Signature") == expected


@dataclass
class World:
    """An owner with a bot, a finished build, and the events so far."""

    app: APIFlask
    session: Session
    account: Account
    device: Device
    build: Build
    events: RecordingEvents
    clock: FixedClock
    services: Runtime

    def send(self) -> tuple[Update, Release]:
        """Send the build to the bot."""
        self.clock.tick()
        sent = self.services.updates.send(actor_of(self.account), self.device.id, build_id=self.build.id)
        return sent.update, sent.release

    def state(self, row: Update) -> UpdateState:
        """The state of an update, all progress written."""
        progress_of(self.app).drain()
        return reread(self.session, row).state


@pytest.fixture
def world(
    app: APIFlask,
    session: Session,
    services: Runtime,
    artifacts: DiskArtifactStore,
    events: RecordingEvents,
    clock: FixedClock,
    secrets: SecretBox,
) -> World:
    make_board(session)
    account = make_account(session)
    return World(
        app=app,
        session=session,
        account=account,
        device=make_device(session, secrets=secrets, account=account),
        build=built(session, artifacts, account, IMAGE),
        events=events,
        clock=clock,
        services=services,
    )


@pytest.fixture
def bot(world: World, client: FlaskClient) -> Bot:
    return Bot(client=client, device_id=world.device.id)


@pytest.fixture
def stranger(world: World, client: FlaskClient, secrets: SecretBox) -> Bot:
    """Another bot of the same owner, with a key of its own."""
    key = bytes(reversed(range(32)))
    make_device(world.session, secrets=secrets, account=world.account, product_id="bot_other", key=key)
    return Bot(client=client, device_id="bot_other", key=key)
