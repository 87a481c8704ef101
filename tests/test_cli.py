"""Commands for operators."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from apiflask import APIFlask
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.devices.rules import DeviceId
from app.devices.tables import Device
from app.kernel.actor import Role
from app.kernel.errors import Unavailable
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from app.sketches.rules import SketchId
from app.sketches.sources import Sources
from app.sketches.tables import Sketch
from tests.factories import PASSWORD, actor_of, make_account, make_device
from tests.fakes import FastPasswords, MemorySketchStore


def run(app: APIFlask, *words: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=typed)


def test_the_first_maintainer_is_made_on_the_server(
    app: APIFlask, session: Session, passwords: FastPasswords
) -> None:
    done = run(app, "create-maintainer", "ann", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    account = session.scalars(select(Account)).one()
    assert (account.login_name, account.role) == ("ann", Role.MAINTAINER)
    assert passwords.verify(PASSWORD, account.password_hash)


@pytest.mark.parametrize(("name", "password"), [("ann", "short"), ("a b", PASSWORD), ("taken", PASSWORD)])
def test_a_refused_maintainer_is_said_in_one_line(
    app: APIFlask, session: Session, name: str, password: str
) -> None:
    make_account(session, login_name="taken")
    done = run(app, "create-maintainer", name, typed=f"{password}\n{password}\n")
    assert done.exit_code == 1
    assert done.output.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in done.output


def test_an_entered_bot_gets_a_password_that_is_shown_once(
    app: APIFlask, session: Session, passwords: FastPasswords
) -> None:
    done = run(app, "enrol-device", "bot_007")
    assert done.exit_code == 0, done.output
    found = re.search(r"Initial password: ([a-z2-9]{12})\n", done.output)
    assert found
    device = session.get_one(Device, "bot_007")
    assert device.account_id is None
    assert device.initial_password
    assert passwords.verify(found[1], device.password_hash)
    again = run(app, "enrol-device", "bot_007")
    assert (again.exit_code, again.output) == (1, "Error: The product id “bot_007” is taken.\n")


def test_a_hundred_bots_are_entered_with_one_command(
    app: APIFlask, session: Session, passwords: FastPasswords
) -> None:
    done = run(app, "enrol-device", "--count", "100")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(done.output)))
    assert [rows[0]["product_id"], rows[-1]["product_id"], len(rows)] == ["bot_001", "bot_100", 100]
    device = session.get_one(Device, "bot_042")
    assert passwords.verify(rows[41]["initial_password"], device.password_hash)


def test_bots_from_a_file_get_labels_that_only_the_operator_reads(app: APIFlask, tmp_path: Path) -> None:
    listed, labels = tmp_path / "bots.csv", tmp_path / "labels.html"
    listed.write_text("\ufeffproduct_id,room\nlab-1,A\nlab-2,B\n", encoding="utf-8")
    words = ("enrol-device", "--csv", str(listed), "--labels", str(labels))
    done = run(app, *words, "--origin", "https://bots.example.org/")
    assert done.exit_code == 0, done.output
    assert labels.stat().st_mode & 0o777 == 0o600
    page = labels.read_text()
    assert page.count("<svg") == 2
    assert page.count("https://bots.example.org/login") == 2
    for row in csv.DictReader(io.StringIO(done.output)):
        assert row["product_id"] in page
        assert row["initial_password"] in page
    assert "<script" not in page
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["labels.html"]


def test_a_file_that_is_there_is_not_written_over(app: APIFlask, session: Session, tmp_path: Path) -> None:
    labels = tmp_path / "labels.html"
    labels.write_text("mine")
    done = run(app, "enrol-device", "--count", "2", "--labels", str(labels), "--origin", "http://a")
    assert done.exit_code == 1
    assert "Choose a new file" in done.output
    assert labels.read_text() == "mine"
    assert session.scalars(select(Device)).all() == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--count", "2", "--labels", "{labels}"), "--origin"),
        (("--count", "2", "--labels", "{labels}", "--origin", "nowhere"), "server address"),
        (("--count", "2", "--prefix", "a b"), "product id"),
        (("--count", "0"), "0 is not"),
        (("bot_1", "--count", "2"), "Name one PRODUCT_ID"),
        ((), "Name one PRODUCT_ID"),
    ],
)
def test_what_cannot_be_entered_is_said_and_leaves_nothing(
    app: APIFlask, session: Session, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    labels = tmp_path / "labels.html"
    done = run(app, "enrol-device", *(word.format(labels=labels) for word in words))
    assert done.exit_code != 0
    assert message in done.output
    assert "Traceback" not in done.output
    assert not labels.exists()
    assert session.scalars(select(Device)).all() == []


def test_the_demo_account_is_made_once_with_sketches_and_a_virtual_bot_that_waits(
    app: APIFlask,
    session: Session,
    services: Runtime,
    sketch_store: MemorySketchStore,
    passwords: FastPasswords,
) -> None:
    for _ in range(2):
        done = run(app, "seed-demo")
        assert done.exit_code == 0, done.output
    account = session.scalars(select(Account)).one()
    assert account.login_name == "bot_001"
    assert not account.must_change_password
    assert passwords.verify("12345678", account.password_hash)
    assert session.get_one(Device, "bot_001").account_id == account.id
    names = session.scalars(select(Sketch.name).order_by(Sketch.name)).all()
    assert names == ["Blink", "OtaAware"]
    assert [set(files) for files in sketch_store.stored.values()] == [{"OtaAware.ino"}, {"Blink.ino"}]
    rules = services.virtual_devices.rules(actor_of(account), DeviceId("bot_001"))
    assert session.get_one(Device, "bot_001").is_virtual
    assert not rules.is_taken


def test_the_demo_account_is_made_although_nobody_may_register(
    app: APIFlask, session: Session, runtime: Runtime
) -> None:
    settings = replace(runtime.settings, registration="closed")  # type: ignore[arg-type]
    app.extensions["airsketch"] = replace(runtime, settings=settings)
    assert run(app, "seed-demo").exit_code == 0
    assert session.scalars(select(Account)).one().login_name == "bot_001"


def test_a_demo_bot_that_belongs_to_somebody_is_left_alone(
    app: APIFlask, session: Session, secrets: SecretBox
) -> None:
    owner = make_account(session, login_name="somebody")
    make_device(session, secrets=secrets, account=owner, product_id="bot_001")
    assert run(app, "seed-demo").exit_code == 0
    assert session.scalars(select(Account)).one() is owner


def test_in_production_there_is_no_demo_account(app: APIFlask, session: Session, runtime: Runtime) -> None:
    settings = replace(runtime.settings, production=True)
    app.extensions["airsketch"] = replace(runtime, settings=settings)
    done = run(app, "seed-demo")
    assert done.exit_code == 1
    assert "password is public" in done.output
    assert session.scalars(select(Account)).all() == []


def test_a_disk_that_is_full_is_said_in_one_line(app: APIFlask, sketch_store: MemorySketchStore) -> None:
    sketch_store.full = True
    done = run(app, "seed-demo")
    assert done.exit_code == 1
    assert done.output == f"Error: {_words_of_a_full_disk(sketch_store)}\n"


def _words_of_a_full_disk(store: MemorySketchStore) -> str:
    with pytest.raises(Unavailable) as refusal:
        store.put(SketchId("1" * 32), Sources.empty("Blink"))
    return refusal.value.message
