"""Boards as pages see them."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.events.names import TOOLCHAIN_ROOM, EventName
from app.kernel.errors import Invalid
from app.toolchain.rules import Board, Catalog, CoreState, CoreStatus, Fqbn
from app.toolchain.service import Toolchain, buildable
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


@pytest.fixture
def toolchain(session: Session, events: RecordingEvents) -> Toolchain:
    return Toolchain(sessions=lambda: session, events=events)


def test_a_catalog_is_read_as_it_was_published(toolchain: Toolchain, events: RecordingEvents) -> None:
    toolchain.publish(CATALOG)
    assert toolchain.catalog() == CATALOG


def test_a_new_catalog_replaces_the_old_one(toolchain: Toolchain, events: RecordingEvents) -> None:
    toolchain.publish(CATALOG)
    toolchain.publish(replace(CATALOG, boards=(VIRTUAL,)))
    assert toolchain.catalog().boards == (VIRTUAL,)


def test_pages_hear_of_it_without_the_toolchain_key(toolchain: Toolchain, events: RecordingEvents) -> None:
    toolchain.publish(CATALOG)
    (event,) = events.named(EventName.BOARDS_CHANGED)
    assert event.rooms == (TOOLCHAIN_ROOM,)
    assert "a" * 64 not in str(event.body)


def test_the_progress_of_a_core_is_announced(toolchain: Toolchain, events: RecordingEvents) -> None:
    toolchain.publish(CATALOG)
    toolchain.set_core(replace(CORE, state=CoreState.INSTALLING, message="12 of 80 MB"))
    (core,) = toolchain.catalog().cores
    assert (core.state, core.message) == (CoreState.INSTALLING, "12 of 80 MB")


def test_only_an_available_board_can_be_built_for(toolchain: Toolchain, session: Session) -> None:
    toolchain.publish(CATALOG)
    assert buildable(session, fqbn=VIRTUAL.fqbn) == VIRTUAL
    with pytest.raises(Invalid, match="its core is missing"):
        buildable(session, fqbn=ESP32.fqbn)
    with pytest.raises(Invalid, match="does not know"):
        buildable(session, fqbn=Fqbn("a:b:c"))
