"""Sketches on a store in memory."""

import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy.orm import Session

from app.builds.service import sources_in_use
from app.kernel.actor import Actor, Role
from app.sketches.service import Sketches
from app.sketches.store import SketchStore
from app.sketches.tables import Sketch
from tests.fakes import FixedClock, MemorySketchStore, RecordingEvents


def make_sketches(
    session: Session, store: SketchStore, events: RecordingEvents, clock: FixedClock | None = None
) -> Sketches:
    """The service on one session."""
    return Sketches(
        sessions=lambda: session,
        store=store,
        sources_in_use=sources_in_use,
        events=events,
        clock=clock or FixedClock(),
    )


@pytest.fixture
def sketches(
    session: Session, sketch_store: MemorySketchStore, events: RecordingEvents, clock: FixedClock
) -> Sketches:
    """The service on the test's session."""
    return make_sketches(session, sketch_store, events, clock)


def owner_of(sketch: Sketch) -> Actor:
    """Whose sketch it is, logged in."""
    return Actor(account_id=sketch.account_id, role=Role.OWNER)


def run_threads(targets: Sequence[Callable[[], None]]) -> None:
    """Run functions at the same time, to their end."""
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
