"""Builds over HTTP."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildState
from app.builds.tables import Build
from app.sketches.tables import Sketch
from tests.factories import make_account, make_board, make_build, make_sketch
from tests.fakes import FakeQueue, MemorySketchStore

VIRTUAL = {"fqbn": "airsketch:virtual:bot"}


@pytest.fixture
def owner(session: Session) -> Account:
    make_board(session)
    return make_account(session)


def test_a_request_is_accepted_and_stands_in_the_queue(mine: FlaskClient, sketch: Sketch) -> None:
    answer = mine.post(f"/api/v1/sketches/{sketch.id}/builds", json=VIRTUAL)
    assert answer.status_code == 202
    body = answer.get_json()
    assert (body["build"]["state"], body["reused"], body["queue"]["position"]) == ("queued", False, 1)


def test_a_finished_build_answers_at_once(
    mine: FlaskClient, sketch: Sketch, session: Session, artifacts: DiskArtifactStore
) -> None:
    first = mine.post(f"/api/v1/sketches/{sketch.id}/builds", json=VIRTUAL).get_json()["build"]
    artifacts.publish(first["id"], [])
    session.get_one(Build, first["id"]).state = BuildState.SUCCEEDED
    session.commit()
    answer = mine.post(f"/api/v1/sketches/{sketch.id}/builds", json=VIRTUAL)
    assert answer.status_code == 200
    assert answer.get_json()["reused"] is True


@pytest.mark.parametrize("body", [{}, {"fqbn": 5}, {"fqbn": "x" * 300}, []])
def test_a_bad_request_is_told_in_words(mine: FlaskClient, sketch: Sketch, body: object) -> None:
    answer = mine.post(f"/api/v1/sketches/{sketch.id}/builds", json=body)
    assert answer.status_code == 422
    assert answer.get_json()["detail"]


def test_a_request_without_json_is_told_so(mine: FlaskClient, sketch: Sketch) -> None:
    answer = mine.post(f"/api/v1/sketches/{sketch.id}/builds", data="fqbn=x")
    assert answer.status_code in {400, 415}
    assert "JSON" in answer.get_json()["detail"]


def test_the_log_is_read_in_pieces(
    mine: FlaskClient, session: Session, owner: Account, artifacts: DiskArtifactStore
) -> None:
    build = make_build(session, account=owner)
    artifacts.append_log(build.id, "één\n".encode() * 100_000)
    text, start = "", 0
    while True:
        piece = mine.get(f"/api/v1/builds/{build.id}/log?from={start}").get_json()
        assert piece["start"] == start
        if piece["next"] == start:
            break
        text, start = text + piece["text"], piece["next"]
    assert text == "één\n" * 100_000


@pytest.mark.parametrize("start", ["-1", str(1 << 41)])
def test_a_nonsense_offset_is_refused(
    mine: FlaskClient, session: Session, owner: Account, start: str
) -> None:
    build = make_build(session, account=owner)
    assert mine.get(f"/api/v1/builds/{build.id}/log?from={start}").status_code == 422


def test_an_artifact_is_a_download(
    mine: FlaskClient, session: Session, owner: Account, artifacts: DiskArtifactStore
) -> None:
    build = make_build(session, account=owner)
    artifacts.publish(build.id, [("firmware.bin", b"image")])
    with mine.get(f"/api/v1/builds/{build.id}/artifacts/firmware.bin") as answer:
        assert answer.data == b"image"
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (answer.content_length, answer.headers["Accept-Ranges"]) == (5, "bytes")
    path = f"/api/v1/builds/{build.id}/artifacts/firmware.bin"
    with mine.get(path, headers={"Range": "bytes=1-2"}) as part:
        assert (part.status_code, part.data) == (206, b"ma")
    known = {"If-None-Match": answer.headers["ETag"]}
    with mine.get(path, headers=known) as unchanged:
        assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert mine.get(f"/api/v1/builds/{build.id}/artifacts/other.bin").status_code == 404


def test_a_queued_build_is_stopped(mine: FlaskClient, sketch: Sketch, queue: FakeQueue) -> None:
    build = mine.post(f"/api/v1/sketches/{sketch.id}/builds", json=VIRTUAL).get_json()["build"]
    answer = mine.post(f"/api/v1/builds/{build['id']}/stop")
    assert answer.get_json()["state"] == "cancelled"
    assert queue.waiting == []
    assert mine.post(f"/api/v1/builds/{build['id']}/stop").status_code == 409


def test_nothing_of_another_owner_can_be_reached(
    mine: FlaskClient,
    session: Session,
    sketch_store: MemorySketchStore,
    artifacts: DiskArtifactStore,
) -> None:
    stranger = make_account(session)
    sketch = make_sketch(session, account=stranger, store=sketch_store)
    build = make_build(session, account=stranger, sketch=sketch)
    artifacts.append_log(build.id, b"secret")
    assert mine.post(f"/api/v1/sketches/{sketch.id}/builds", json=VIRTUAL).status_code == 404
    assert mine.get(f"/api/v1/sketches/{sketch.id}/builds").get_json() == {"builds": []}
    for path in ("", "/log", "/artifacts/firmware.bin"):
        assert mine.get(f"/api/v1/builds/{build.id}{path}").status_code == 404
    assert mine.post(f"/api/v1/builds/{build.id}/stop").status_code == 404


def test_a_stranger_must_log_in(client: FlaskClient, sketch: Sketch) -> None:
    answer = client.post(f"/api/v1/sketches/{sketch.id}/builds", json=VIRTUAL)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_logged_in")
