"""The doctor's table."""

import pytest

from tools.setup import doctor
from tools.setup.doctor import Check, Health, examine, table_of
from tools.setup.errors import Problem
from tools.setup.paths import Places


def _broken(_: Places) -> str:
    raise Problem("It is gone.", "Bring it back.")


def _unreadable(_: Places) -> str:
    raise PermissionError(13, "Permission denied", "/some/place")


def test_what_works_is_ok(places: Places) -> None:
    assert examine(Check(part="A", look=lambda _: "fine"), places).health is Health.OK


def test_what_is_needed_is_missing_and_the_rest_a_warning(places: Places) -> None:
    finding = examine(Check(part="A", look=_broken), places)
    assert (finding.health, finding.text) == (Health.MISSING, "It is gone. Bring it back.")
    assert examine(Check(part="A", look=_broken, is_needed=False), places).health is Health.WARNING


def test_error_of_the_system_is_a_finding(places: Places) -> None:
    assert "/some/place cannot be written" in examine(Check(part="A", look=_unreadable), places).text


def test_table_has_one_line_a_check(places: Places) -> None:
    findings = [examine(Check(part=part, look=lambda _: "fine"), places) for part in ("A", "Longer")]
    assert table_of(findings).splitlines() == ["A       ok       fine", "Longer  ok       fine"]


def test_empty_copy_is_told_to_set_up(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Places, "from_env", lambda: places)
    monkeypatch.setattr("tools.setup.doctor_checks.is_reachable", lambda _: False)
    monkeypatch.chdir(places.root)
    (places.root / "requirements.txt").write_text("ziglang==1\n")
    assert doctor.main() == 1
    text = capsys.readouterr().out
    assert "MISSING  There is no arduino-cli that runs" in text
    assert "Run: make setup" in text
