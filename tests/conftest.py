"""Fixtures that every test may use: settings, a database, fakes for the ports, the application.

A test that changes rows through the client and then looks at them with `session` calls
`factories.reread`: the session may still hold what it read before.
"""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import BytecodeCache
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.devices.tables import Device
from app.kernel.database import make_sessions, open_engine
from app.kernel.secret_box import SecretBox
from app.kernel.tables import Base
from app.scheduler import tables as _scheduler_tables  # noqa: F401 - the database of tests has them all
from app.sketches.tables import Sketch
from config import Settings
from tests.factories import PASSWORD, make_account, make_device, make_sketch
from tests.fakes import FakeQueue, FastPasswords, FixedClock, MemorySketchStore, RecordingEvents
from tests.logs import Log, recorded_log
from tools.trial.server import free_port, redis_server_binary, wait_until

if TYPE_CHECKING:
    from apiflask import APIFlask
    from flask.testing import FlaskClient

    from app.runtime import Runtime

pytest_plugins = ["tests.compiled_once", "tests.skips", "pytester"]
ENCRYPTION_KEY = bytes(range(32, 64))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a database with all tables and no rows; making them once saves time."""
    # Every table must be known, whichever test runs first.
    import_module("app.runtime")
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path.read_bytes()


@pytest.fixture
def settings(tmp_path: Path, empty_database: bytes) -> Settings:
    """Settings of a development server in a folder of its own; change them by `dataclasses.replace`."""
    database = tmp_path / "airsketch.sqlite3"
    database.write_bytes(empty_database)
    return Settings(
        production=False,
        secret_key="a secret for tests only, long enough",
        encryption_key=ENCRYPTION_KEY,
        database_url=f"sqlite:///{database}",
        redis_url="",
        instance_dir=tmp_path,
        tools_dir=tmp_path / "tools",
        builds_dir=tmp_path / "builds",
        sketches_dir=tmp_path / "sketches",
    )


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The engine of the test's own sessions."""
    engine = open_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on the test's database."""
    with make_sessions(engine)() as session:
        yield session


@pytest.fixture
def log() -> Iterator[Log]:
    """What is logged during the test."""
    with recorded_log() as log:
        yield log


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still."""
    return FixedClock()


@pytest.fixture
def events() -> RecordingEvents:
    """Records what is published."""
    return RecordingEvents()


@pytest.fixture
def sketch_store() -> MemorySketchStore:
    """Sources in memory."""
    return MemorySketchStore()


@pytest.fixture
def artifacts(settings: Settings) -> DiskArtifactStore:
    """The real store in a folder of its own."""
    return DiskArtifactStore(settings.builds_dir)


@pytest.fixture
def queue() -> FakeQueue:
    """A queue nobody works on."""
    return FakeQueue()


@pytest.fixture
def passwords() -> FastPasswords:
    """Quick password hashes."""
    return FastPasswords()


@pytest.fixture
def secrets() -> SecretBox:
    """The real encryption under a key for tests."""
    return SecretBox(ENCRYPTION_KEY)


@pytest.fixture
def runtime(
    settings: Settings,
    clock: FixedClock,
    events: RecordingEvents,
    sketch_store: MemorySketchStore,
    artifacts: DiskArtifactStore,
    queue: FakeQueue,
    passwords: FastPasswords,
    secrets: SecretBox,
) -> "Runtime":
    """The fakes as one runtime; a request gets its session from the application."""
    from app.http.extensions import db
    from app.runtime import Runtime

    return Runtime(
        settings=settings,
        sessions=lambda: db.session(),
        sketch_store=sketch_store,
        artifacts=artifacts,
        queue=queue,
        events=events,
        batched_events=events,
        secrets=secrets,
        passwords=passwords,
        clock=clock,
    )


@pytest.fixture
def services(runtime: "Runtime", session: Session) -> "Runtime":
    """The same runtime, with services that work on the test's own session."""
    return replace(runtime, sessions=lambda: session)


@pytest.fixture
def app(settings: Settings, runtime: "Runtime", compiled_templates: BytecodeCache) -> Iterator["APIFlask"]:
    """The whole web application on fakes, with the checks against forged requests switched off."""
    from app import create_app
    from app.http.extensions import db, limiter

    app = create_app(settings, runtime)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.jinja_env.bytecode_cache = compiled_templates
    limiter.reset()
    yield app
    for each in (app, app.extensions["device_app"]):
        with each.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def client(app: "APIFlask") -> "FlaskClient":
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def owner(session: Session) -> Account:
    """An account that logs in."""
    return make_account(session)


@pytest.fixture
def device(session: Session, secrets: SecretBox, owner: Account) -> Device:
    """A bot of the owner."""
    return make_device(session, secrets=secrets, account=owner)


@pytest.fixture
def sketch(session: Session, owner: Account, sketch_store: MemorySketchStore) -> Sketch:
    """A sketch of the owner with one revision."""
    return make_sketch(session, account=owner, store=sketch_store)


@pytest.fixture
def login() -> Callable[["FlaskClient", Account], "FlaskClient"]:
    """Logs a client in as an account made by `factories.make_account`, through the real form."""

    def log_in(client: "FlaskClient", account: Account) -> "FlaskClient":
        answer = client.post("/login", data={"login_name": account.login_name, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return log_in


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis server of our own."""
    port = free_port()
    folder: Path = tmp_path_factory.mktemp("redis")
    process = subprocess.Popen(
        [
            redis_server_binary(),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(folder),
            "--save",
            "",
        ],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"

    def answers() -> bool:
        try:
            with Redis.from_url(url) as client:
                return bool(client.ping())
        except RedisError:
            return False

    try:
        wait_until(answers, "Redis")
        yield url
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def redis(redis_url: str) -> Iterator["Redis[bytes]"]:
    """An empty database."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
        yield client
