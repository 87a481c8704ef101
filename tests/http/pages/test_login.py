"""Log in, register, log out, change the password; limits; where a login may lead."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.http.pages.login import is_own_address
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from config import Registration
from tests.factories import PASSWORD, make_account, make_device, reread
from tests.fakes import FastPasswords, RecordingEvents

Login = Callable[[FlaskClient, Account], FlaskClient]


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def other_client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def set_policy(app: APIFlask, runtime: Runtime) -> Iterator[Callable[[Registration], None]]:
    def change(policy: Registration) -> None:
        settings = replace(runtime.settings, registration=policy)
        app.extensions["airsketch"] = replace(runtime, settings=settings)

    return change  # type: ignore[return-value]


def try_login(
    client: FlaskClient, name: str, password: str, next_page: str = "", **values: str
) -> TestResponse:
    address = f"/login?next={next_page}" if next_page else "/login"
    form = {"login_name": name, "password": password}
    return client.post(address, data=form, **values)


def register(client: FlaskClient, product_id: str, password: str = PASSWORD) -> TestResponse:
    return client.post("/register", data={"product_id": product_id, "password": password})


def change_password(
    client: FlaskClient, old: str = PASSWORD, new: str = "a better one", again: str | None = None
) -> TestResponse:
    form = {"old_password": old, "new_password": new, "new_password_again": new if again is None else again}
    return client.post("/account", data=form)


def is_in(client: FlaskClient) -> bool:
    return client.get("/api/v1/me").status_code == 200


def alert_of(answer: TestResponse) -> str:
    found = re.search(r'role="alert">([^<]+)<', answer.text)
    return found[1] if found else ""


def test_the_right_password_logs_in(client: FlaskClient, account: Account) -> None:
    answer = try_login(client, account.login_name, PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sketches")
    assert is_in(client)


def test_spaces_around_a_typed_name_do_not_matter(client: FlaskClient, account: Account) -> None:
    assert try_login(client, f" {account.login_name} ", PASSWORD).status_code == 302


def test_unknown_names_and_wrong_passwords_get_the_same_answer_and_cost_the_same(
    client: FlaskClient, account: Account, passwords: FastPasswords
) -> None:
    answers = []
    for name, password in ((account.login_name, "wrong"), ("bot_404", PASSWORD)):
        before = passwords.verified
        answer = try_login(client, name, password)
        assert passwords.verified - before == 1
        assert answer.status_code == 401
        text = re.sub(r'nonce="[^"]+"|content="[^"]+"|csrf_token" value="[^"]+"', "", answer.text)
        answers.append(text.replace(name, "NAME"))
    assert answers[0] == answers[1]
    assert "is wrong" in answers[0]
    assert not is_in(client)


def test_a_missing_field_is_a_wrong_login(client: FlaskClient) -> None:
    assert client.post("/login", data={}).status_code == 401


def test_the_password_is_never_sent_back(client: FlaskClient) -> None:
    assert "hunter2hunter2" not in try_login(client, "bot_404", "hunter2hunter2").text
    assert "hunter2hunter2" not in register(client, "x", "hunter2hunter2").text


def test_what_was_typed_is_shown_as_text_only(client: FlaskClient) -> None:
    assert "<script>alert" not in try_login(client, "<script>alert(1)</script>", "x").text


def test_a_login_leads_to_the_page_that_was_wanted(client: FlaskClient, account: Account) -> None:
    wanted = client.get("/sketches/1?tab=2")
    assert wanted.headers["Location"] == "/login?next=/sketches/1?tab%3D2"
    answer = try_login(client, account.login_name, PASSWORD, "/sketches/1%3Ftab=2")
    assert answer.headers["Location"] == "/sketches/1?tab=2"


@pytest.mark.parametrize("address", ["/", "/sketches", "/devices/bot_001?a=b#c", "/a:b"])
def test_our_own_addresses_are_known(address: str) -> None:
    assert is_own_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sketches",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "/ /evil.example",
    ],
)
def test_a_login_leads_nowhere_else(client: FlaskClient, account: Account, address: str) -> None:
    assert not is_own_address(address)
    answer = client.post(
        "/login",
        query_string={"next": address},
        data={"login_name": account.login_name, "password": PASSWORD},
    )
    assert answer.headers["Location"] == "/sketches"


def test_who_is_in_need_not_log_in_again(client: FlaskClient, login: Login, account: Account) -> None:
    login(client, account)
    for address in ("/login", "/register"):
        assert client.get(address).headers["Location"] == "/sketches"


def test_a_login_does_not_go_on_with_the_session_of_before(client: FlaskClient, account: Account) -> None:
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    try_login(client, account.login_name, PASSWORD)
    with client.session_transaction() as after:
        assert "planted" not in after


def test_a_forged_or_outdated_session_is_nobodys(client: FlaskClient, account: Account) -> None:
    for remembered in (account.id, f"{account.id}:1", f"{account.id}:", f"{'0' * 32}:0", "", ":"):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = remembered
            cookie["_fresh"] = True
        assert not is_in(client), remembered


def test_a_log_out_ends_the_session_and_closes_the_sockets(
    client: FlaskClient, login: Login, account: Account, events: RecordingEvents
) -> None:
    login(client, account)
    assert client.post("/logout").headers["Location"] == "/"
    assert not is_in(client)
    assert events.disconnected == [account.id]


def test_a_link_cannot_log_out(client: FlaskClient, login: Login, account: Account) -> None:
    login(client, account)
    assert client.get("/logout").status_code == 405
    assert is_in(client)


def test_registering_logs_in(client: FlaskClient) -> None:
    answer = register(client, "bot_001")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sketches")
    assert client.get("/api/v1/me").get_json()["login_name"] == "bot_001"


@pytest.mark.parametrize(
    ("product_id", "password", "status", "words"),
    [
        ("x", PASSWORD, 422, "3 to 32"),
        ("bot_001", "short", 422, "8 to 256"),
        ("taken", PASSWORD, 403, "cannot be"),
    ],
)
def test_a_refused_registration_says_why_and_keeps_the_id(
    client: FlaskClient, session: Session, product_id: str, password: str, status: int, words: str
) -> None:
    make_account(session, login_name="taken")
    answer = register(client, product_id, password)
    assert answer.status_code == status
    assert words in alert_of(answer)
    assert f'value="{product_id}"' in answer.text
    assert not is_in(client)


def test_a_closed_server_registers_nobody(
    client: FlaskClient, set_policy: Callable[[Registration], None]
) -> None:
    set_policy(Registration.CLOSED)
    assert "Registration is closed" in client.get("/register").text
    assert register(client, "bot_001").status_code == 403
    assert not is_in(client)


def test_who_registers_with_an_initial_password_must_change_it_first(
    client: FlaskClient,
    session: Session,
    secrets: SecretBox,
    set_policy: Callable[[Registration], None],
) -> None:
    set_policy(Registration.INVENTORY)
    device = make_device(session, secrets=secrets)
    assert register(client, "bot_900").status_code == 403
    assert register(client, device.id).status_code == 302
    assert client.get("/sketches").headers["Location"] == "/account"
    assert client.get("/api/v1/sketches").get_json()["code"] == "must_change_password"
    assert "your own password" in client.get("/account").text
    assert change_password(client, new=PASSWORD).status_code == 422
    assert change_password(client).headers["Location"] == "/sketches"
    assert client.get("/sketches").status_code == 200


def test_a_changed_password_logs_out_everywhere_else(
    client: FlaskClient,
    other_client: FlaskClient,
    login: Login,
    account: Account,
    events: RecordingEvents,
) -> None:
    login(client, account)
    login(other_client, account)
    answer = change_password(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account")
    assert is_in(client)
    assert not is_in(other_client)
    assert events.disconnected == [account.id]
    assert "Password changed" in client.get("/account").text
    assert try_login(other_client, account.login_name, PASSWORD).status_code == 401
    assert try_login(other_client, account.login_name, "a better one").status_code == 302


def test_a_stolen_cookie_from_before_the_change_is_worthless(
    client: FlaskClient, other_client: FlaskClient, login: Login, account: Account
) -> None:
    login(client, account)
    stolen = client.get_cookie("airsketch")
    assert stolen is not None
    change_password(client)
    other_client.set_cookie("airsketch", stolen.value)
    assert not is_in(other_client)


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", "a better one", None, "current password"),
        (PASSWORD, "short", None, "8 to 256"),
        (PASSWORD, "a better one", "a bitter one", "do not match"),
        (PASSWORD, PASSWORD, None, "must differ from"),
    ],
)
def test_a_refused_change_says_why(
    client: FlaskClient,
    login: Login,
    account: Account,
    session: Session,
    old: str,
    new: str,
    again: str | None,
    words: str,
) -> None:
    answer = change_password(login(client, account), old, new, again)
    assert answer.status_code == 422
    assert words in alert_of(answer)
    assert reread(session, account).session_epoch == 0
    assert is_in(client)


def test_wrong_passwords_for_one_name_are_limited_and_noted_once(
    client: FlaskClient, account: Account, session: Session, passwords: FastPasswords
) -> None:
    statuses = [try_login(client, account.login_name, "wrong").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    before = passwords.verified
    for _ in range(3):
        answer = try_login(client, account.login_name, PASSWORD)
        assert answer.status_code == 429
        assert "Wait a minute" in answer.text
        assert int(answer.headers["Retry-After"]) > 0
    assert passwords.verified == before
    locked = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.locked")).all()
    assert [entry.subject for entry in locked] == [account.login_name]


def test_spaces_around_a_name_do_not_get_around_its_limit(client: FlaskClient, account: Account) -> None:
    statuses = [try_login(client, " " * n + account.login_name, "wrong").status_code for n in range(6)]
    assert statuses == [401] * 5 + [429]


def test_another_name_is_not_limited_by_that(client: FlaskClient, account: Account, session: Session) -> None:
    for _ in range(6):
        try_login(client, account.login_name, "wrong")
    assert try_login(client, make_account(session).login_name, PASSWORD).status_code == 302


def test_wrong_passwords_from_one_address_are_limited_whatever_the_name(
    client: FlaskClient, account: Account
) -> None:
    def attempt(number: int, address: str) -> int:
        client_environ = {"REMOTE_ADDR": address}
        form = {"login_name": f"bot_{number}", "password": "wrong"}
        return client.post("/login", data=form, environ_base=client_environ).status_code

    assert [attempt(number, "192.0.2.1") for number in range(11)] == [401] * 10 + [429]
    assert attempt(99, "192.0.2.2") == 401


def test_a_whole_class_behind_one_address_can_log_in(app: APIFlask, session: Session) -> None:
    for _ in range(30):
        assert try_login(app.test_client(), make_account(session).login_name, PASSWORD).status_code == 302


def test_refused_registrations_from_one_address_are_limited(client: FlaskClient) -> None:
    statuses = [register(client, "x").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_guesses_of_the_old_password_are_limited(client: FlaskClient, login: Login, account: Account) -> None:
    login(client, account)
    statuses = [change_password(client, old="wrong").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_program_that_asks_for_json_gets_a_problem(client: FlaskClient, account: Account) -> None:
    for _ in range(5):
        try_login(client, account.login_name, "wrong")
    answer = client.post(
        "/login",
        data={"login_name": account.login_name, "password": "wrong"},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_many_requests")


def test_the_form_carries_the_token_that_it_needs(
    app: APIFlask, client: FlaskClient, account: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    form = {"login_name": account.login_name, "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 400
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert found
    assert client.post("/login", data={**form, "csrf_token": found[1]}).status_code == 302
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/account").text)
    assert token
    made = client.post("/api/v1/sketches", json={"name": "A"}, headers={"X-CSRFToken": token[1]})
    assert made.status_code == 201
    assert client.post("/api/v1/sketches", json={"name": "B"}).get_json()["code"] == "csrf"
