"""Boards as pages see them."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.events.names import TOOLCHAIN_ROOM, EventName
from app.kernel.errors import Invalid
from app.toolchain import service as boards
from app.toolchain.rules import Board, Catalog, CoreState, CoreStatus, Fqbn
from tests.fakes import RecordingEvents

VIRTUAL = Board(
    fqbn=Fqbn("airsketch:virtual:bot"),
    name="Virtual bot",
    core="airsketch:virtual",
    chip="virtual",
    slot_bytes=1_310_720,
    available=True,
    reason="",
    toolchain_key="a" * 64,
)
ESP32 = replace(
    VIRTUAL,
    fqbn=Fqbn("esp32:esp32:esp32"),
    name="ESP32",
    chip="esp32",
    available=False,
    reason="its core is missing.",
)
CORE = CoreStatus(core="esp32:esp32", state=CoreState.MISSING, version="", message="No internet.")
CATALOG = Catalog(boards=(ESP32, VIRTUAL), cores=(CORE,), tool_version="1.5.1")


def test_a_catalog_is_read_as_it_was_published(session: Session, events: RecordingEvents) -> None:
    boards.publish_catalog(session, catalog=CATALOG, events=events)
    assert boards.read_catalog(session) == CATALOG


def test_a_new_catalog_replaces_the_old_one(session: Session, events: RecordingEvents) -> None:
    boards.publish_catalog(session, catalog=CATALOG, events=events)
    boards.publish_catalog(session, catalog=replace(CATALOG, boards=(VIRTUAL,)), events=events)
    assert boards.read_catalog(session).boards == (VIRTUAL,)


def test_pages_hear_of_it_without_the_toolchain_key(session: Session, events: RecordingEvents) -> None:
    boards.publish_catalog(session, catalog=CATALOG, events=events)
    (event,) = events.named(EventName.BOARDS_CHANGED)
    assert event.rooms == (TOOLCHAIN_ROOM,)
    assert "a" * 64 not in str(event.body)


def test_the_progress_of_a_core_is_announced(session: Session, events: RecordingEvents) -> None:
    boards.publish_catalog(session, catalog=CATALOG, events=events)
    boards.set_core(
        session, core=replace(CORE, state=CoreState.INSTALLING, message="12 of 80 MB"), events=events
    )
    (core,) = boards.read_catalog(session).cores
    assert (core.state, core.message) == (CoreState.INSTALLING, "12 of 80 MB")


def test_only_an_available_board_can_be_built_for(session: Session, events: RecordingEvents) -> None:
    boards.publish_catalog(session, catalog=CATALOG, events=events)
    assert boards.buildable(session, fqbn=VIRTUAL.fqbn) == VIRTUAL
    with pytest.raises(Invalid, match="its core is missing"):
        boards.buildable(session, fqbn=ESP32.fqbn)
    with pytest.raises(Invalid, match="does not know"):
        boards.buildable(session, fqbn=Fqbn("a:b:c"))
