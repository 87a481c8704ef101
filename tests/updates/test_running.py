"""Which firmware a bot runs, by its digest alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.devices.tables import Device
from app.sketches.sources import Sources
from app.sketches.tables import Sketch, SketchRevision
from app.updates.payload import FirmwarePayload
from app.updates.rules import UpdateState
from app.updates.running import firmware_of
from tests.factories import (
    commit,
    make_account,
    make_build,
    make_device,
    make_release,
    make_update,
)
from tests.fakes import START, MemorySketchStore

RUNNING = "7" * 64
CHANGED = b"void setup() {}\nvoid loop() { delay(1); }\nint more;\n"


@pytest.fixture
def device(session: Session, device: Device) -> Device:
    """The owner's bot, which runs some image."""
    device.image_digest = RUNNING
    device.version = "v4.4.6"
    return commit(session, device)


def save(session: Session, store: MemorySketchStore, sketch: Sketch, text: bytes, name: str = "") -> None:
    """One more revision of a sketch."""
    sketch.name = name or sketch.name
    sketch.revision += 1
    sources = Sources(sketch_name=sketch.name, files={f"{sketch.name}.ino": text})
    store.put(sketch.id, sources)
    values = {"sketch_name": sketch.name, "digest": sources.digest, "size_bytes": len(text)}
    commit(session, SketchRevision(sketch_id=sketch.id, number=sketch.revision, created_at=START, **values))


def built(session: Session, owner: Account, sketch: Sketch, **values: object) -> str:
    """A build of the newest revision whose image the bot runs; its id."""
    digest = session.get_one(SketchRevision, (sketch.id, sketch.revision)).digest
    facts: dict[str, Any] = {"image_digest": RUNNING, "sources_digest": digest, **values}
    return make_build(session, account=owner, sketch=sketch, **facts).id


def firmware(session: Session, device: Device, store: MemorySketchStore) -> FirmwarePayload:
    return firmware_of(session, device, sketches=store)


def test_a_revision_is_found_by_its_image(
    session: Session, owner: Account, device: Device, sketch: Sketch, sketch_store: MemorySketchStore
) -> None:
    build_id = built(session, owner, sketch)
    found = firmware(session, device, sketch_store)
    assert found["running"] == {
        "kind": "revision",
        "name": "Blink",
        "version": "r1",
        "sketch_id": sketch.id,
        "revision": 1,
        "build_id": build_id,
    }
    assert (found["newest_revision"], found["changed_lines"]) == (1, 0)


def test_lines_that_differ_from_the_newest_revision_are_counted(
    session: Session, owner: Account, device: Device, sketch: Sketch, sketch_store: MemorySketchStore
) -> None:
    save(session, sketch_store, sketch, b"void setup() {}\nvoid loop() {}\n")
    built(session, owner, sketch)
    save(session, sketch_store, sketch, CHANGED, name="Renamed")
    found = firmware(session, device, sketch_store)
    assert (found["running"]["revision"], found["newest_revision"], found["changed_lines"]) == (2, 3, 2)


def test_of_revisions_with_the_same_image_the_one_that_was_sent_counts(
    session: Session, owner: Account, device: Device, sketch: Sketch, sketch_store: MemorySketchStore
) -> None:
    sent = make_build(session, account=owner, sketch=sketch, image_digest=RUNNING)
    release = make_release(session, build=sent)
    make_update(session, device=device, release=release, state=UpdateState.CONFIRMED)
    save(session, sketch_store, sketch, CHANGED)
    built(session, owner, sketch, created_at=START + timedelta(hours=1))
    assert firmware(session, device, sketch_store)["running"]["build_id"] == sent.id


def test_sources_that_are_gone_leave_the_difference_open(
    session: Session, owner: Account, device: Device, sketch: Sketch, sketch_store: MemorySketchStore
) -> None:
    built(session, owner, sketch, sources_digest="0" * 64)
    found = firmware(session, device, sketch_store)
    assert (found["running"]["kind"], found["changed_lines"]) == ("revision", None)


def test_a_deleted_sketch_leaves_its_name_and_revision(
    session: Session, owner: Account, device: Device, sketch_store: MemorySketchStore
) -> None:
    make_build(session, account=owner, image_digest=RUNNING, sketch_revision=4)
    found = firmware(session, device, sketch_store)
    assert (found["running"]["name"], found["running"]["version"]) == ("Blink", "r4")
    assert (found["newest_revision"], found["changed_lines"]) == (None, None)


def test_a_release_that_no_build_made_has_its_own_version(
    session: Session, owner: Account, device: Device, sketch_store: MemorySketchStore
) -> None:
    source = make_build(session, account=owner)
    given = {"build_id": None, "image_digest": RUNNING, "name": "Vendor", "version": "2.1"}
    make_release(session, build=source, **given)
    running = firmware(session, device, sketch_store)["running"]
    assert (running["kind"], running["name"], running["version"]) == ("release", "Vendor", "2.1")


def test_another_owners_image_is_foreign(
    session: Session, device: Device, sketch_store: MemorySketchStore
) -> None:
    make_build(session, account=make_account(session), image_digest=RUNNING)
    running = firmware(session, device, sketch_store)["running"]
    assert (running["kind"], running["name"], running["version"]) == ("foreign", "", "v4.4.6")


def test_a_bot_that_never_called_runs_nothing_known(
    session: Session, owner: Account, secrets: object, sketch_store: MemorySketchStore
) -> None:
    make_build(session, account=owner, image_digest="")
    silent = make_device(session, secrets=secrets, account=owner, product_id="bot_new")  # type: ignore[arg-type]
    assert firmware(session, silent, sketch_store)["running"]["kind"] == "unknown"
