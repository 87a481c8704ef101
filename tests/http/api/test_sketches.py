"""Sketches over the API: the shapes of answers, the words of refusals, and other people's ids."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.tables import Account
from app.sketches import revisions
from app.sketches.rules import MAX_FILES, NEW_SKETCH
from app.sketches.tables import Sketch
from tests.factories import make_account, make_sketch, reread
from tests.fakes import MemorySketchStore

Login = Callable[[FlaskClient, Account], FlaskClient]


@pytest.fixture
def api(client: FlaskClient, login: Login, owner: Account) -> FlaskClient:
    return login(client, owner)


def upload(api: FlaskClient, filename: str, data: bytes, **form: str) -> TestResponse:
    return api.post("/api/v1/sketches/import", data={"file": (io.BytesIO(data), filename), **form})


def save(api: FlaskClient, sketch: Sketch, **body: Any) -> TestResponse:
    return api.put(f"/api/v1/sketches/{sketch.id}/files", json=body)


def test_an_empty_sketch_is_created_read_and_listed(api: FlaskClient) -> None:
    answer = api.post("/api/v1/sketches", json={"name": "Blink"})
    assert answer.status_code == 201
    made = answer.get_json()
    assert (made["name"], made["revision"], made["fqbn"]) == ("Blink", 1, "airsketch:virtual:bot")
    read = api.get(f"/api/v1/sketches/{made['id']}").get_json()
    assert read == {**made, "files": {"Blink.ino": NEW_SKETCH}}
    assert api.get("/api/v1/sketches").get_json() == {"sketches": [made]}


def test_a_sketch_begins_as_an_example_under_any_free_name(api: FlaskClient) -> None:
    names = []
    for _ in range(2):
        made = api.post("/api/v1/sketches", json={"name": "Lamp", "example": "Blink"}).get_json()
        files = api.get(f"/api/v1/sketches/{made['id']}").get_json()["files"]
        assert "digitalWrite" in files[f"{made['name']}.ino"]
        names.append(made["name"])
    assert names == ["Lamp", "Lamp-2"]


def test_an_unknown_example_is_not_found(api: FlaskClient) -> None:
    answer = api.post("/api/v1/sketches", json={"name": "Lamp", "example": "../Blink"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no_such_example")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad_value"),
        ({"name": 5}, "bad_value"),
        ({"name": "\ud800"}, "bad_value"),
        ([], "bad_value"),
        ({"name": "a b"}, "bad_sketch_name"),
        ({"name": "x" * 101}, "bad_value"),
        ({"name": "Blink", "fqbn": "nonsense"}, "bad_fqbn"),
        ({"name": "a b", "example": "Blink"}, "bad_sketch_name"),
    ],
)
def test_a_body_that_breaks_a_rule_is_refused_in_words(api: FlaskClient, body: Any, code: str) -> None:
    answer = api.post("/api/v1/sketches", json=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == code
    assert answer.get_json()["detail"].endswith(".")


@pytest.mark.parametrize("body", ["{", "[" * 2000 + "]" * 2000, '{"name":' * 2000 + "1" + "}" * 2000])
def test_what_is_no_json_is_refused(api: FlaskClient, body: str) -> None:
    answer = api.post("/api/v1/sketches", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


def test_a_taken_name_is_a_conflict(api: FlaskClient, sketch: Sketch) -> None:
    answer = api.post("/api/v1/sketches", json={"name": sketch.name})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "sketch_name_taken")


def test_an_ino_is_imported(api: FlaskClient, sketch: Sketch) -> None:
    answer = upload(api, "Blink.ino", b"// mine")
    assert answer.status_code == 201
    made = answer.get_json()
    assert (made["name"], made["notices"]) == ("Blink-2", [])
    assert api.get(f"/api/v1/sketches/{made['id']}").get_json()["files"] == {"Blink-2.ino": "// mine"}


def test_an_import_takes_a_given_name_and_tells_what_was_left_out(api: FlaskClient) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Blink/Blink.ino", "// mine")
        archive.writestr("__MACOSX/Blink/._Blink.ino", b"\xff")
    made = upload(api, "Blink.zip", buffer.getvalue(), name="Lamp").get_json()
    assert made["name"] == "Lamp"
    assert len(made["notices"]) == 1
    assert set(api.get(f"/api/v1/sketches/{made['id']}").get_json()["files"]) == {"Lamp.ino"}


def test_a_refused_import_names_the_file_and_the_reason(api: FlaskClient) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Blink/Blink.ino", "")
        archive.writestr("Blink/sketch.yaml", "")
    answer = upload(api, "Blink.zip", buffer.getvalue())
    assert answer.status_code == 422
    problem = answer.get_json()
    assert (problem["code"], problem["file"]) == ("bad_file_name", "sketch.yaml")
    assert problem["why"] in problem["detail"]
    assert api.get("/api/v1/sketches").get_json() == {"sketches": []}


def test_an_import_without_a_file_is_refused(api: FlaskClient) -> None:
    assert api.post("/api/v1/sketches/import", data={}).get_json()["code"] == "no_file"


@pytest.mark.parametrize(
    ("size_bytes", "code"), [(2 * 1024 * 1024 + 1, "upload_too_big"), (5 * 1024 * 1024, "too_large")]
)
def test_large_imports_are_refused_as_too_large(api: FlaskClient, size_bytes: int, code: str) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="Blink.zip"\r\n\r\n'
    answer = api.post(
        "/api/v1/sketches/import",
        data=head + b"x" * size_bytes + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, code)


def test_a_save_is_a_new_revision(api: FlaskClient, sketch: Sketch) -> None:
    answer = save(api, sketch, base_revision=1, files={"Blink.ino": "// ä", "src/a.h": ""})
    assert answer.status_code == 200
    assert answer.get_json()["revision"] == 2
    read = api.get(f"/api/v1/sketches/{sketch.id}").get_json()
    assert read["files"] == {"Blink.ino": "// ä", "src/a.h": ""}


def test_a_save_over_a_newer_revision_tells_its_number(api: FlaskClient, sketch: Sketch) -> None:
    save(api, sketch, base_revision=1, files={"Blink.ino": "// first"})
    answer = save(api, sketch, base_revision=1, files={"Blink.ino": "// second"})
    assert answer.status_code == 409
    problem = answer.get_json()
    assert (problem["code"], problem["revision"]) == ("newer_revision", 2)


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ({"Other.ino": ""}, 422, "no_main_file"),
        ({"Blink.ino": "", "../a.h": ""}, 422, "bad_file_name"),
        ({"Blink.ino": "\0"}, 422, "not_text"),
        ({"Blink.ino": "\ud800"}, 422, "not_text"),
        ({"Blink.ino": "", "\ud800.h": ""}, 422, "bad_file_name"),
        ({"Blink.ino": 5}, 422, "bad_value"),
        ({"Blink.ino": "x" * (256 * 1024 + 1)}, 413, "file_too_big"),
        ({"Blink.ino": "", **{f"f{n}.h": "" for n in range(MAX_FILES)}}, 413, "too_many_files"),
        ({f"f{n}.h": "" for n in range(11 * MAX_FILES)}, 422, "bad_value"),
    ],
)
def test_sources_that_break_a_rule_are_not_saved(
    api: FlaskClient, sketch: Sketch, files: dict[str, Any], status: int, code: str
) -> None:
    answer = save(api, sketch, base_revision=1, files=files)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert api.get(f"/api/v1/sketches/{sketch.id}").get_json()["revision"] == 1


@pytest.mark.parametrize("base", [0, -1, 2**31, "one", None, 1.5])
def test_a_base_that_is_no_revision_is_refused(api: FlaskClient, sketch: Sketch, base: Any) -> None:
    answer = save(api, sketch, base_revision=base, files={"Blink.ino": ""})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_value")


def test_name_and_board_are_changed(api: FlaskClient, sketch: Sketch) -> None:
    answer = api.patch(f"/api/v1/sketches/{sketch.id}", json={"name": "Wink", "fqbn": "esp32:esp32:esp32"})
    assert answer.status_code == 200
    read = api.get(f"/api/v1/sketches/{sketch.id}").get_json()
    assert (read["name"], read["fqbn"], read["revision"]) == ("Wink", "esp32:esp32:esp32", 2)
    assert set(read["files"]) == {"Wink.ino"}


def test_a_change_is_made_whole_or_not_at_all(api: FlaskClient, sketch: Sketch) -> None:
    answer = api.patch(f"/api/v1/sketches/{sketch.id}", json={"name": "Wink", "fqbn": "nonsense"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_fqbn")
    read = api.get(f"/api/v1/sketches/{sketch.id}").get_json()
    assert (read["name"], read["revision"]) == ("Blink", 1)


def test_an_empty_change_changes_nothing(api: FlaskClient, sketch: Sketch) -> None:
    assert api.patch(f"/api/v1/sketches/{sketch.id}", json={}).get_json()["revision"] == 1


def test_revisions_are_listed_and_read(api: FlaskClient, sketch: Sketch) -> None:
    save(api, sketch, base_revision=1, files={"Blink.ino": "// two"})
    answer = api.get(f"/api/v1/sketches/{sketch.id}/revisions").get_json()
    listed_changes = [(row["number"], row["changes"]) for row in answer["revisions"]]
    changed, added = ([{"file": "Blink.ino", "change": change}] for change in ("changed", "added"))
    assert (listed_changes, answer["next"]) == ([(2, changed), (1, added)], None)
    first = api.get(f"/api/v1/sketches/{sketch.id}/revisions/1").get_json()
    assert (first["sketch_name"], first["files"]) == ("Blink", {"Blink.ino": NEW_SKETCH})
    assert {**first, "changes": added, "renamed_from": ""} == {
        **answer["revisions"][1],
        "files": first["files"],
    }


def test_revisions_are_paged(api: FlaskClient, sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "PAGE_ROWS", 1)
    save(api, sketch, base_revision=1, files={"Blink.ino": "// two"})
    path = f"/api/v1/sketches/{sketch.id}/revisions"
    first = api.get(path).get_json()
    second = api.get(f"{path}?before={first['next']}").get_json()
    assert [row["number"] for row in first["revisions"] + second["revisions"]] == [2, 1]
    assert second["next"] is None


@pytest.mark.parametrize(("before", "numbers"), [("0", []), ("1", []), ("2", [1])])
def test_a_page_of_revisions_begins_before_a_number(
    api: FlaskClient, sketch: Sketch, before: str, numbers: list[int]
) -> None:
    answer = api.get(f"/api/v1/sketches/{sketch.id}/revisions?before={before}")
    assert [row["number"] for row in answer.get_json()["revisions"]] == numbers


@pytest.mark.parametrize("before", ["-5", "9" * 30, "x", ""])
def test_a_page_before_no_number_is_refused(api: FlaskClient, sketch: Sketch, before: str) -> None:
    answer = api.get(f"/api/v1/sketches/{sketch.id}/revisions?before={before}")
    assert (answer.status_code, answer.get_json()["field"]) == (422, "before")


@pytest.mark.parametrize("number", ["3", "0", "99999999999999999999", "-1", "x"])
def test_a_revision_that_is_not_there_is_not_found(api: FlaskClient, sketch: Sketch, number: str) -> None:
    assert api.get(f"/api/v1/sketches/{sketch.id}/revisions/{number}").status_code == 404


def test_a_sketch_is_downloaded_as_an_attachment(api: FlaskClient, sketch: Sketch) -> None:
    answer = api.get(f"/api/v1/sketches/{sketch.id}/download")
    assert answer.headers["Content-Disposition"] == "attachment; filename=Blink.zip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["Blink/Blink.ino"]


def test_a_deleted_sketch_is_gone(api: FlaskClient, sketch: Sketch) -> None:
    answer = api.delete(f"/api/v1/sketches/{sketch.id}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert api.get(f"/api/v1/sketches/{sketch.id}").status_code == 404
    assert api.delete(f"/api/v1/sketches/{sketch.id}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "Mine"}),
        ("PATCH", "", {"fqbn": "airsketch:virtual:bot"}),
        ("PATCH", "", {}),
        ("DELETE", "", None),
        ("PUT", "/files", {"base_revision": 1, "files": {"Blink.ino": "// mine now"}}),
        ("GET", "/revisions", None),
        ("GET", "/revisions/1", None),
        ("GET", "/download", None),
    ],
)
def test_somebody_elses_sketch_and_an_unknown_one_look_alike(
    api: FlaskClient,
    session: Session,
    sketch_store: MemorySketchStore,
    method: str,
    path: str,
    body: dict[str, Any] | None,
) -> None:
    theirs = make_sketch(session, account=make_account(session), store=sketch_store)
    answers = [
        api.open(f"/api/v1/sketches/{sketch_id}{path}", method=method, json=body)
        for sketch_id in (theirs.id, "0" * 32)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].get_json() == answers[1].get_json()
    unchanged = reread(session, theirs)
    assert (unchanged.name, unchanged.revision) == ("Blink", 1)


def test_somebody_elses_sketches_are_not_listed(
    api: FlaskClient, session: Session, sketch: Sketch, sketch_store: MemorySketchStore
) -> None:
    make_sketch(session, account=make_account(session), store=sketch_store, name="Theirs")
    listed = api.get("/api/v1/sketches").get_json()["sketches"]
    assert [row["id"] for row in listed] == [sketch.id]


def test_new_sketches_and_saves_are_limited_in_words(api: FlaskClient, sketch: Sketch) -> None:
    answers = [api.post("/api/v1/sketches", json={"name": "a b"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    problem = answers[-1].get_json()
    assert problem["code"] == "too_many_requests"
    assert "try again" in problem["detail"]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert save(api, sketch, base_revision=1, files={"Blink.ino": "// still"}).status_code == 200
