"""Slow password hashes; the contract holds for the quick stand-in of the tests too."""

import threading
import time

import pytest

from app.accounts.passwords import PasswordHasher
from app.kernel.errors import Unavailable
from tests.fakes import FastPasswords


@pytest.fixture(params=[PasswordHasher, FastPasswords])
def hasher(request: pytest.FixtureRequest) -> PasswordHasher:
    return request.param()


def test_the_right_password_fits(hasher: PasswordHasher) -> None:
    assert hasher.verify("correct horse", hasher.hash("correct horse"))
    assert hasher.verify("pässwörd ☕", hasher.hash("pässwörd ☕"))


def test_another_password_does_not_fit(hasher: PasswordHasher) -> None:
    password_hash = hasher.hash("correct horse")
    for wrong in ("", "correct hors", "correct horse ", "Correct horse"):
        assert not hasher.verify(wrong, password_hash)


def test_nothing_fits_where_there_is_no_hash(hasher: PasswordHasher) -> None:
    assert not hasher.verify("nobody", None)
    assert not hasher.verify("", None)


def test_the_hash_does_not_show_the_password(hasher: PasswordHasher) -> None:
    assert "correct horse" not in hasher.hash("correct horse")


def test_the_parameters_are_those_of_the_recommendation() -> None:
    assert PasswordHasher().hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_hashes_of_one_password_differ() -> None:
    hasher = PasswordHasher()
    assert hasher.hash("same") != hasher.hash("same")


def test_a_damaged_hash_fits_nothing() -> None:
    assert not PasswordHasher().verify("x", "$argon2id$damaged")


def test_no_hash_takes_as_long_as_a_hash() -> None:
    hasher = PasswordHasher()
    password_hash = hasher.hash("x")

    def quickest_s(known: str | None) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            hasher.verify("wrong", known)
            times.append(time.perf_counter() - start)
        return min(times)

    assert quickest_s(None) > quickest_s(password_hash) / 3


def test_a_caller_who_waits_too_long_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(at_once=1, longest_wait_s=0.01)
    inside, leave = threading.Event(), threading.Event()

    def slow_hash(_password: str) -> str:
        inside.set()
        leave.wait(10)
        return "hash"

    monkeypatch.setattr(hasher, "_argon2", type("Slow", (), {"hash": staticmethod(slow_hash)}))
    first = threading.Thread(target=hasher.hash, args=("x",))
    first.start()
    try:
        assert inside.wait(10)
        with pytest.raises(Unavailable) as refusal:
            hasher.hash("y")
        assert refusal.value.code == "too_busy"
    finally:
        leave.set()
        first.join()
    assert hasher.hash("z") == "hash"
