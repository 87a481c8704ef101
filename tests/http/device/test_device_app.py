"""The addresses of bots are answered by an application of its own, with the parts of the other one."""

from apiflask import APIFlask
from flask import Flask
from flask.testing import FlaskClient

from app.http.device.progress import progress_of


def _device_app(app: APIFlask) -> Flask:
    device_app: Flask = app.extensions["device_app"]
    return device_app


def test_bots_are_neither_asked_for_a_page_s_token_nor_counted(app: APIFlask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answers = {client.post("/device/v1/check-in").status_code for _ in range(200)}
    assert answers == {401}


def test_every_call_of_the_protocol_is_answered_by_its_own_application(app: APIFlask) -> None:
    assert not [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/device/")]
    assert {rule.rule for rule in _device_app(app).url_map.iter_rules()} == {
        "/device/v1/check-in",
        "/device/v1/firmware/<update_id>",
        "/device/v1/updates/<update_id>/reports",
        "/device/v1/log",
    }


def test_both_applications_have_the_same_parts(app: APIFlask) -> None:
    assert _device_app(app).extensions["airsketch"] is app.extensions["airsketch"]
    assert progress_of(_device_app(app)) is progress_of(app)


def test_bots_get_no_cookie_no_page_s_headers_and_nothing_cached(client: FlaskClient) -> None:
    answer = client.post("/device/v1/check-in")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "Content-Security-Policy" not in answer.headers


def test_an_unknown_address_under_the_protocol_says_so_as_json(client: FlaskClient) -> None:
    answer = client.get("/device/v1/nothing")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
