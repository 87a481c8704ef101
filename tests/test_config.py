"""Settings from the environment: defaults, and what is refused."""

import json
from pathlib import Path

import pytest

import config
from config import ROOT, Registration, Settings, SettingsError

GOOD = {
    "AIRSKETCH_SECRET_KEY": "s" * 32,
    "AIRSKETCH_ENCRYPTION_KEY": "ab" * 32,
    "AIRSKETCH_REDIS_URL": "redis://127.0.0.1:6379/0",
}


@pytest.fixture(autouse=True)
def no_kept_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever server runs from this folder has no say here."""
    monkeypatch.setattr(config, "KEPT_ENVIRONMENT", "none.json")


def test_three_values_are_enough() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.encryption_key == bytes.fromhex("ab" * 32)
    assert settings.registration is Registration.OPEN
    assert not settings.production
    assert not settings.unjailed
    assert settings.instance_dir == ROOT / "instance"
    assert settings.database_url == f"sqlite:///{ROOT / 'instance' / 'airsketch.sqlite3'}"


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_value_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AIRSKETCH_SECRET_KEY", "short"),
        ("AIRSKETCH_ENCRYPTION_KEY", "ab" * 31),
        ("AIRSKETCH_ENCRYPTION_KEY", "zz" * 32),
        ("AIRSKETCH_ENV", "prod"),
        ("REGISTRATION", "everybody"),
        ("AIRSKETCH_UNJAILED", "yes"),
        ("AIRSKETCH_BUILD_TIME_LIMIT_S", "0"),
        ("AIRSKETCH_BUILD_TIME_LIMIT_S", "3601"),
        ("AIRSKETCH_BUILD_TIME_LIMIT_S", "-5"),
        ("AIRSKETCH_MAX_OPEN_BUILDS", "many"),
        ("AIRSKETCH_TRUSTED_PROXIES", "6"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**GOOD, name: value})


def test_a_secret_is_not_repeated_in_the_refusal() -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env({**GOOD, "AIRSKETCH_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refusal.value)


def test_given_values_are_taken(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            **GOOD,
            "AIRSKETCH_ENV": "production",
            "AIRSKETCH_INSTANCE_DIR": str(tmp_path),
            "AIRSKETCH_PUBLIC_ORIGIN": "https://bots.example/",
            "AIRSKETCH_BUILD_TIME_LIMIT_S": "60",
            "AIRSKETCH_UNJAILED": "1",
            "REGISTRATION": "inventory",
        }
    )
    assert settings.production
    assert settings.unjailed
    assert settings.registration is Registration.INVENTORY
    assert settings.public_origin == "https://bots.example"
    assert settings.build_time_limit_s == 60
    assert settings.database_url == f"sqlite:///{tmp_path / 'airsketch.sqlite3'}"


def test_a_command_in_another_shell_finds_the_settings_of_the_running_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "KEPT_ENVIRONMENT", "environment.json")
    kept = {
        "AIRSKETCH_SECRET_KEY": "s" * 40,
        "AIRSKETCH_ENCRYPTION_KEY": "00" * 32,
        "AIRSKETCH_REDIS_URL": "redis://kept",
    }
    (tmp_path / "environment.json").write_text(json.dumps(kept))
    settings = Settings.from_env({"AIRSKETCH_INSTANCE_DIR": str(tmp_path)})
    assert settings.redis_url == "redis://kept"
    given = Settings.from_env(
        {"AIRSKETCH_INSTANCE_DIR": str(tmp_path), "AIRSKETCH_REDIS_URL": "redis://given"}
    )
    assert given.redis_url == "redis://given"


def test_a_damaged_file_of_kept_settings_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "KEPT_ENVIRONMENT", "environment.json")
    (tmp_path / "environment.json").write_text("{")
    with pytest.raises(SettingsError, match=r"environment\.json"):
        Settings.from_env({"AIRSKETCH_INSTANCE_DIR": str(tmp_path)})


def test_postgresql_without_its_driver_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    url = {"AIRSKETCH_DATABASE_URL": "postgresql://airsketch@localhost/airsketch"}
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match="pip install"):
        Settings.from_env({**GOOD, **url})
    monkeypatch.setattr(config, "find_spec", lambda name: name)
    assert Settings.from_env({**GOOD, **url}).database_url == url["AIRSKETCH_DATABASE_URL"]


def test_the_authority_that_bots_are_given_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n")
    settings = Settings.from_env({**GOOD, "AIRSKETCH_DEVICE_CA_FILE": str(file)})
    assert settings.device_ca_pem == file.read_text()
    assert Settings.from_env(GOOD).device_ca_pem == ""


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"\xff\xfe",
        b"-----BEGIN PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n" + b"a" * 4000,
    ],
)
def test_a_file_that_is_no_authority_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="AIRSKETCH_DEVICE_CA_FILE"):
        Settings.from_env({**GOOD, "AIRSKETCH_DEVICE_CA_FILE": str(file)})
