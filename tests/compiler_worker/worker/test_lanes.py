"""Which lanes of the queue a worker listens to, and in which order."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.builds.queue import JobKind, Priority, RqJobQueue
from app.runtime import Runtime
from app.toolchain.rules import Catalog, CoreState, CoreStatus, WorkerName
from compiler_worker.worker.__main__ import BuildWorker

pytestmark = pytest.mark.system
NAME = WorkerName("here")
VIRTUAL, ESP32 = "airsketch:virtual", "esp32:esp32"


def catalog(*installed: str) -> Catalog:
    cores = [
        CoreStatus(
            core=core,
            state=CoreState.INSTALLED if core in installed else CoreState.MISSING,
            version="1",
            message="",
        )
        for core in (VIRTUAL, ESP32)
    ]
    return Catalog(boards=(), cores=tuple(cores), tool_version="1")


@pytest.fixture
def services(runtime: Runtime, session: Session, redis: "Redis[bytes]") -> Runtime:
    """Services on a real queue."""
    return replace(runtime, sessions=lambda: session, queue=RqJobQueue(redis, job_limit_s=30))


@pytest.fixture
def worker(services: Runtime) -> BuildWorker:
    """A worker that has the virtual board's core."""
    services.toolchain.publish(NAME, catalog(VIRTUAL))
    services.toolchain.publish(WorkerName("elsewhere"), catalog(VIRTUAL, ESP32))
    context = SimpleNamespace(name=NAME, runtime=services, sessions=SimpleNamespace(remove=lambda: None))
    return BuildWorker(context, "here-1")  # type: ignore[arg-type]


def next_job(worker: BuildWorker) -> str | None:
    found = worker.dequeue_job_and_maintain_ttl(timeout=None)
    return found[0].id if found else None


def test_jobs_for_a_core_that_only_another_worker_has_are_left_to_it(
    worker: BuildWorker, services: Runtime
) -> None:
    services.queue.enqueue(JobKind.COMPILE, "1", core=ESP32)
    assert next_job(worker) is None
    services.queue.enqueue(JobKind.COMPILE, "2", core=VIRTUAL)
    assert next_job(worker) == "2"
    assert services.queue.is_alive("1")


def test_a_core_that_was_installed_meanwhile_is_served(worker: BuildWorker, services: Runtime) -> None:
    services.queue.enqueue(JobKind.COMPILE, "1", core=ESP32)
    services.toolchain.publish(NAME, catalog(VIRTUAL, ESP32))
    worker.run_maintenance_tasks()
    assert next_job(worker) == "1"


def test_people_come_before_the_background_and_cores_take_turns(
    worker: BuildWorker, services: Runtime
) -> None:
    services.toolchain.publish(NAME, catalog(VIRTUAL, ESP32))
    worker.run_maintenance_tasks()
    services.queue.enqueue(JobKind.COMPILE, "later", core=VIRTUAL, priority=Priority.BACKGROUND)
    for number in (1, 2):
        services.queue.enqueue(JobKind.COMPILE, f"virtual-{number}", core=VIRTUAL)
        services.queue.enqueue(JobKind.COMPILE, f"esp32-{number}", core=ESP32)
    taken = [next_job(worker) for _ in range(5)]
    assert taken[4] == "later"
    assert {taken[0], taken[1]} == {"virtual-1", "esp32-1"}
    assert {taken[2], taken[3]} == {"virtual-2", "esp32-2"}


def test_a_database_that_is_away_leaves_the_lanes_as_they_are(
    worker: BuildWorker, services: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_worker: WorkerName) -> Catalog:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(services.toolchain, "catalog_of", away)
    before = list(worker.queues)
    worker.run_maintenance_tasks()
    assert worker.queues == before


def test_lanes_that_did_not_change_stay_in_their_order(worker: BuildWorker) -> None:
    before: list[Queue] = worker.queues
    worker.run_maintenance_tasks()
    assert worker.queues is before
