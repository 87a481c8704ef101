"""Errors as answers: one form for programs, a page for people."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.kernel import errors
from tests.factories import make_account


@pytest.fixture
def client(
    app: APIFlask, session: Session, login: Callable[[FlaskClient, Account], FlaskClient]
) -> FlaskClient:
    """A logged-in browser of an application in which things go wrong."""

    def fail(kind: str) -> str:
        if kind == "bug":
            raise RuntimeError("a secret detail")
        raise getattr(errors, kind)("some_code", "A sentence.", {"file": "A.ino"})

    app.add_url_rule("/api/v1/fail/<kind>", "fail_api", fail)
    app.add_url_rule("/fail/<kind>", "fail_page", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return login(app.test_client(), make_account(session))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("Invalid", 422),
        ("NotFound", 404),
        ("Forbidden", 403),
        ("Conflict", 409),
        ("LimitExceeded", 429),
        ("Unavailable", 503),
    ],
)
def test_an_expected_error_is_problem_json_with_its_facts(
    client: FlaskClient, kind: str, status: int
) -> None:
    answer = client.get(f"/api/v1/fail/{kind}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    assert (body["code"], body["detail"], body["file"], body["status"]) == (
        "some_code",
        "A sentence.",
        "A.ino",
        status,
    )


def test_people_get_a_page(client: FlaskClient) -> None:
    answer = client.get("/fail/Forbidden")
    assert answer.status_code == 403
    assert answer.content_type.startswith("text/html")
    assert "A sentence." in answer.text


@pytest.mark.parametrize("path", ["/api/v1/fail/bug", "/fail/bug"])
def test_our_mistake_says_nothing_of_its_inside(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 500
    assert "secret detail" not in answer.text


def test_an_unknown_address_has_the_same_form(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing/here")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_a_wrong_method_has_the_same_form(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/boards")
    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")


def test_a_forged_request_is_refused(app: APIFlask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/api/v1/sketches", json={"name": "A"})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf")


def test_a_body_that_is_too_large_is_refused(app: APIFlask, client: FlaskClient) -> None:
    answer = client.post("/login", data={"login_name": "x" * (5 * 1024 * 1024)})
    assert answer.status_code == 413
