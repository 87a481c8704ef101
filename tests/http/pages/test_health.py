"""Health."""

from flask.testing import FlaskClient

from tests.fakes import FakeQueue


def test_a_server_with_a_worker_is_well(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok", "workers": 1}


def test_without_a_worker_or_a_queue_it_is_degraded(client: FlaskClient, queue: FakeQueue) -> None:
    for queue.workers, queue.away in ((0, False), (1, True)):
        assert client.get("/healthz").get_json() == {"status": "degraded", "workers": 0}
