"""Health."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.scheduler.lease import Lease
from tests.fakes import FakeQueue, FixedClock


@pytest.fixture
def scheduler(engine: Engine, clock: FixedClock) -> Lease:
    """A scheduler that has just shown that it lives."""
    lease = Lease(engine, clock)
    lease.beat()
    return lease


def test_a_server_with_worker_and_scheduler_is_well(
    client: FlaskClient, scheduler: Lease, clock: FixedClock
) -> None:
    clock.tick(2.5)
    expected = {"status": "ok", "workers": 1, "scheduler_heartbeat_age_s": 2.5}
    assert client.get("/healthz").get_json() == expected


def test_without_a_worker_or_a_queue_it_is_degraded(
    client: FlaskClient, scheduler: Lease, queue: FakeQueue
) -> None:
    for queue.workers, queue.away in ((0, False), (1, True)):
        found = client.get("/healthz").get_json()
        assert (found["status"], found["workers"]) == ("degraded", 0)


def test_without_a_scheduler_it_is_degraded(client: FlaskClient) -> None:
    expected = {"status": "degraded", "workers": 1, "scheduler_heartbeat_age_s": None}
    assert client.get("/healthz").get_json() == expected


def test_a_scheduler_that_fell_silent_is_reported(
    client: FlaskClient, scheduler: Lease, clock: FixedClock
) -> None:
    clock.tick(60)
    found = client.get("/healthz").get_json()
    assert (found["status"], found["scheduler_heartbeat_age_s"]) == ("degraded", 60.0)
