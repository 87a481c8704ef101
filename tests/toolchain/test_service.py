"""Boards as pages see them."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events.names import TOOLCHAIN_ROOM, EventName
from app.kernel.errors import Invalid
from app.runtime import Runtime
from app.toolchain.rules import Board, Catalog, CoreState, CoreStatus, Fqbn, WorkerName
from app.toolchain.service import Toolchain, buildable
from app.toolchain.tables import BoardRow, WorkerRow
from tests.fakes import FixedClock, RecordingEvents

ONE, TWO = WorkerName("one"), WorkerName("two")
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
def toolchain(services: Runtime) -> Toolchain:
    return services.toolchain


def test_a_catalog_is_read_as_it_was_published(toolchain: Toolchain, events: RecordingEvents) -> None:
    toolchain.publish(ONE, CATALOG)
    assert toolchain.catalog() == CATALOG


def test_a_new_catalog_replaces_the_old_one(toolchain: Toolchain, events: RecordingEvents) -> None:
    toolchain.publish(ONE, CATALOG)
    toolchain.publish(ONE, replace(CATALOG, boards=(VIRTUAL,)))
    assert toolchain.catalog().boards == (VIRTUAL,)


def test_pages_hear_of_it_without_the_toolchain_key(toolchain: Toolchain, events: RecordingEvents) -> None:
    toolchain.publish(ONE, CATALOG)
    (event,) = events.named(EventName.BOARDS_CHANGED)
    assert event.rooms == (TOOLCHAIN_ROOM,)
    assert "a" * 64 not in str(event.body)


def test_the_progress_of_a_core_is_announced(toolchain: Toolchain, events: RecordingEvents) -> None:
    toolchain.publish(ONE, CATALOG)
    toolchain.set_core(ONE, replace(CORE, state=CoreState.INSTALLING, message="12 of 80 MB"))
    (core,) = toolchain.catalog().cores
    assert (core.state, core.message) == (CoreState.INSTALLING, "12 of 80 MB")


def test_a_core_may_be_installed_before_the_worker_publishes(toolchain: Toolchain) -> None:
    toolchain.set_core(ONE, replace(CORE, state=CoreState.INSTALLING, message="12 of 80 MB"))
    (core,) = toolchain.catalog().cores
    assert core.state is CoreState.INSTALLING
    toolchain.publish(ONE, CATALOG)
    assert toolchain.catalog() == CATALOG


def test_only_an_available_board_can_be_built_for(toolchain: Toolchain, session: Session) -> None:
    toolchain.publish(ONE, CATALOG)
    assert buildable(session, fqbn=VIRTUAL.fqbn) == VIRTUAL
    with pytest.raises(Invalid, match="its core is missing"):
        buildable(session, fqbn=ESP32.fqbn)
    with pytest.raises(Invalid, match="does not know"):
        buildable(session, fqbn=Fqbn("a:b:c"))


def esp32_catalog(version: str) -> Catalog:
    """What a worker has that can build for the ESP32 only, with this version of its core."""
    return Catalog(
        boards=(replace(ESP32, available=True, reason="", toolchain_key=version * 64),),
        cores=(replace(CORE, state=CoreState.INSTALLED, version=version, message=""),),
        tool_version="1.6.0",
    )


def test_what_two_workers_have_is_shown_together(toolchain: Toolchain, session: Session) -> None:
    toolchain.publish(ONE, CATALOG)
    toolchain.publish(TWO, esp32_catalog("3"))
    together = toolchain.catalog()
    assert {board.fqbn: board.available for board in together.boards} == {
        VIRTUAL.fqbn: True,
        ESP32.fqbn: True,
    }
    assert [(core.state, core.version) for core in together.cores] == [(CoreState.INSTALLED, "3")]
    assert together.tool_version == "1.6.0"
    assert buildable(session, fqbn=ESP32.fqbn).available
    assert toolchain.catalog_of(ONE) == CATALOG
    assert toolchain.catalog_of(TWO) == esp32_catalog("3")


def test_a_worker_replaces_its_own_boards_only(toolchain: Toolchain) -> None:
    toolchain.publish(ONE, CATALOG)
    toolchain.publish(TWO, esp32_catalog("3"))
    toolchain.publish(ONE, replace(CATALOG, boards=(VIRTUAL,)))
    assert [board.available for board in toolchain.catalog_of(TWO).boards] == [True]
    assert toolchain.catalog_of(ONE).boards == (VIRTUAL,)


def test_of_two_versions_of_a_core_the_newest_is_built_for_and_both_are_named(
    toolchain: Toolchain, session: Session
) -> None:
    toolchain.publish(ONE, esp32_catalog("10"))
    toolchain.publish(TWO, esp32_catalog("9"))
    (core,) = toolchain.catalog().cores
    assert (core.version, core.message) == ("10", "Compile workers have different versions: 9, 10.")
    assert buildable(session, fqbn=ESP32.fqbn).toolchain_key == "10" * 64


def test_the_boards_of_a_worker_that_is_gone_are_no_longer_offered(
    toolchain: Toolchain, session: Session, clock: FixedClock
) -> None:
    toolchain.publish(TWO, esp32_catalog("3"))
    toolchain.publish(ONE, CATALOG)
    clock.tick(601)
    toolchain.beat(ONE)
    assert not next(board for board in toolchain.catalog().boards if board.fqbn == ESP32.fqbn).available
    with pytest.raises(Invalid):
        buildable(session, fqbn=ESP32.fqbn)
    toolchain.beat(TWO)
    assert buildable(session, fqbn=ESP32.fqbn)


def test_a_server_that_was_off_knows_its_boards_at_once(
    toolchain: Toolchain, session: Session, clock: FixedClock
) -> None:
    toolchain.publish(ONE, CATALOG)
    clock.tick(30 * 86400)
    assert buildable(session, fqbn=VIRTUAL.fqbn)


def test_a_worker_that_has_been_gone_for_a_day_is_forgotten(
    toolchain: Toolchain, session: Session, clock: FixedClock
) -> None:
    toolchain.publish(TWO, esp32_catalog("3"))
    clock.tick(86401)
    toolchain.publish(ONE, CATALOG)
    assert session.scalars(select(WorkerRow.name)).all() == [ONE]
    assert session.scalars(select(BoardRow.worker).distinct()).all() == [ONE]
    assert (toolchain.beat(ONE), toolchain.beat(TWO)) == (True, False)
