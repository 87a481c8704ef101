"""What tests need beside Python: installed where that may be done, told where it may not."""

from dataclasses import replace

import pytest

from tools.setup import test_packages as packages_for_tests
from tools.setup.test_packages import NEEDS, Need, main, provide, why_not_installable

MISSING = Need(title="Tests of wonders", packages=("wonder",), brew="wonder", found=lambda: None)


def test_what_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages_for_tests, "_succeeds", lambda _: pytest.fail("nothing is to be run"))
    assert provide(replace(MISSING, found=lambda: "/usr/bin/wonder")) is None


def test_packages_are_installed_by_root(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def succeed(command: list[str]) -> bool:
        commands.append(command)
        return True

    monkeypatch.setattr(packages_for_tests, "_succeeds", succeed)
    monkeypatch.setattr(packages_for_tests, "way_to_root", list)
    monkeypatch.setattr("tools.setup.test_packages.shutil.which", lambda name: f"/usr/bin/{name}")
    assert provide(replace(MISSING, found=lambda: "/wonder" if len(commands) == 2 else None)) is None
    assert commands[-1][-1] == "wonder"


def test_without_apt_or_root_the_reason_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages_for_tests, "way_to_root", lambda: None)
    monkeypatch.setattr("tools.setup.test_packages.shutil.which", lambda _: "/usr/bin/apt-get")
    assert "root" in (why_not_installable(MISSING) or "")
    monkeypatch.setattr("tools.setup.test_packages.shutil.which", lambda _: None)
    assert "apt" in (why_not_installable(MISSING) or "")


def test_a_server_is_installed_on_a_machine_of_a_ci_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages_for_tests, "way_to_root", list)
    monkeypatch.setattr("tools.setup.test_packages.shutil.which", lambda _: "/usr/bin/apt-get")
    server = replace(MISSING, is_server=True)
    monkeypatch.delenv("CI", raising=False)
    assert "start a server" in (why_not_installable(server) or "")
    assert why_not_installable(MISSING) is None
    monkeypatch.setenv("CI", "true")
    assert why_not_installable(server) is None


def test_skipped_tests_are_named_with_their_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packages_for_tests, "NEEDS", (MISSING,))
    monkeypatch.setattr(packages_for_tests, "why_not_installable", lambda _: "it rains")
    assert main() == 0
    assert "SKIPPED: tests of wonders, because it rains" in capsys.readouterr().out


def test_each_need_names_its_packages() -> None:
    assert all(need.packages and need.brew != "" for need in NEEDS)


def test_both_browsers_are_provided_for() -> None:
    packages = {package for need in NEEDS for package in need.packages}
    assert {"chromium", "firefox-esr"} <= packages
