"""A database as an older version left it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import Connection

from app.kernel.database import open_engine
from app.runtime import Runtime
from config import Settings

Upgrade = Callable[[str], None]


@pytest.fixture
def old_settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose database does not exist yet."""
    return replace(settings, database_url=f"sqlite:///{tmp_path / 'old.sqlite3'}")


@pytest.fixture
def upgrade(old_settings: Settings, runtime: Runtime) -> Iterator[Upgrade]:
    """Brings the database to a revision, up or down."""
    from app import create_app
    from app.http.extensions import db

    app = create_app(old_settings, runtime)

    def move(revision: str) -> None:
        with app.app_context():
            step = flask_migrate.downgrade if revision.startswith("-") else flask_migrate.upgrade
            step(revision=revision.lstrip("-"))

    yield move
    for each in (app, app.extensions["device_app"]):
        with each.app_context():
            db.engine.dispose()


@pytest.fixture
def connect(old_settings: Settings) -> Iterator[Callable[[], Connection]]:
    """Opens the database."""
    engine = open_engine(old_settings.database_url)
    yield engine.connect
    engine.dispose()
