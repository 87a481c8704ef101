"""Where queued builds stand."""

from sqlalchemy.orm import Session

from app.builds.notifications import publish_queue, queue_place
from app.builds.rules import BuildState
from app.events.names import EventName
from tests.factories import make_account, make_build
from tests.fakes import FakeQueue, FixedClock, RecordingEvents


def test_places_follow_the_order_of_requests(
    session: Session, clock: FixedClock, queue: FakeQueue, events: RecordingEvents
) -> None:
    account = make_account(session)
    waiting = []
    for _ in range(3):
        clock.tick()
        waiting.append(
            make_build(session, account=account, state=BuildState.QUEUED, created_at=clock.now()).id
        )
    publish_queue(session, queue=queue, events=events)
    bodies = events.bodies(EventName.BUILD_QUEUE)
    assert [(body["build_id"], body["position"]) for body in bodies] == list(
        zip(waiting, (1, 2, 3), strict=True)
    )


def test_the_estimate_comes_from_measured_history(session: Session, queue: FakeQueue) -> None:
    account = make_account(session)
    build = make_build(session, account=account, state=BuildState.QUEUED)
    place = queue_place(session, build=build, queue=queue)
    assert place is not None
    assert place["estimate_s"] is None
    make_build(session, account=account, compile_s=4.0)
    place = queue_place(session, build=build, queue=queue)
    assert place is not None
    assert place["estimate_s"] == 6.0


def test_without_a_worker_there_is_no_estimate(session: Session, queue: FakeQueue) -> None:
    account = make_account(session)
    make_build(session, account=account, compile_s=4.0)
    build = make_build(session, account=account, state=BuildState.QUEUED)
    for queue.workers, queue.away in ((0, False), (1, True)):
        place = queue_place(session, build=build, queue=queue)
        assert place is not None
        assert (place["estimate_s"], place["workers"]) == (None, 0)


def test_a_running_build_has_no_place(session: Session, queue: FakeQueue) -> None:
    build = make_build(session, account=make_account(session), state=BuildState.RUNNING)
    assert queue_place(session, build=build, queue=queue) is None
