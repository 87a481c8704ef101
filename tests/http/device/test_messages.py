"""Bodies: strict on what is known, deaf to what is not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.devices.rules import Boot, Trigger, WifiSettings
from app.http.device import signing
from app.http.device.messages import CheckInBody, LogBody, ReportBody, read_body, write_response
from app.kernel.errors import Invalid
from app.updates.check_in.response import CheckInResponse, NetworkSettings
from app.updates.rules import UpdateError
from tools.demo_bot.unseal import unseal

SAID = {"board": "airsketch:virtual:bot", "image_digest": "a" * 64}
KEY = bytes(range(32))


def read(**changes: object) -> CheckInBody:
    return read_body(CheckInBody, json.dumps({**SAID, **changes}).encode())


def test_a_short_check_in_is_filled_with_defaults() -> None:
    report = read().as_report()
    assert (report.boot, report.trigger, report.rssi_dbm, report.network_revision) == (
        Boot.NORMAL,
        Trigger.POLL,
        None,
        0,
    )


def test_fields_of_a_newer_bot_are_ignored() -> None:
    assert read(colour="blue").as_report().board == SAID["board"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("image_digest", "A" * 64),
        ("image_digest", "a" * 64 + "\n"),
        ("version", "x" * 33),
        ("version", "a\0b"),
        ("slot", 1),
        ("boot", "odd"),
        ("trigger", None),
        ("uptime_s", -1),
        ("uptime_s", 1.5),
        ("uptime_s", True),
        ("free_heap_bytes", 2**31),
        ("rssi_dbm", "-60"),
        ("network_revision", -1),
        ("network_failed_revision", None),
        ("network_trouble", "rain"),
        ("wish", "fish"),
        ("log", 1),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    with pytest.raises(Invalid) as caught:
        read(**{field: value})
    assert caught.value.details == {"field": field}


def test_a_board_must_be_an_fqbn() -> None:
    with pytest.raises(Invalid):
        read(board="bot").as_report()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff\xfe", b"{}", b"null", b"[" * 2000])
def test_what_is_no_check_in_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_body(CheckInBody, body)
    assert caught.value.code == "bad_body"


def test_a_report_needs_a_known_state() -> None:
    assert read_body(ReportBody, b'{"state":"failed","error":"odd"}').as_report().error == "odd"
    for body in (b'{"state":"confirmed"}', b'{"state":"downloading","bytes":-1}'):
        with pytest.raises(Invalid):
            read_body(ReportBody, body)


def test_a_log_has_a_bounded_number_of_lines() -> None:
    assert read_body(LogBody, b'{"lines":["x"]}').dropped == 0
    with pytest.raises(Invalid):
        read_body(LogBody, json.dumps({"lines": ["x"] * 101}).encode())


def test_network_settings_are_written_sealed() -> None:
    settings = NetworkSettings(revision=4, wifi=WifiSettings(ssid="home", password=""))
    answer = write_response(
        CheckInResponse(poll_after_s=5, offer=None, network=settings, log=None),
        key=KEY,
        nonce="b" * 32,
        next_key=None,
    )
    ssid = answer["network"]["ssid"]
    assert unseal(KEY, label="ssid", revision=4, nonce="b" * 32, sealed=ssid) == "home"


def test_what_is_not_ordered_is_absent() -> None:
    quiet = CheckInResponse(poll_after_s=5, offer=None, network=None, log=None)
    answer = write_response(quiet, key=KEY, nonce="b" * 32, next_key=None)
    assert set(answer) == {"poll_after_s", "update", "network"}
    assert write_response(replace(quiet, log=False), key=KEY, nonce="b" * 32, next_key=None)["log"] is False


def test_the_sealed_text_has_the_documented_check_value() -> None:
    sealed = signing.seal(KEY, label="ssid", revision=1, nonce="a" * 32, text="home")
    documents = (Path(__file__).resolve().parents[3] / "docs" / "DEVICE_API.md").read_text()
    assert sealed in documents.replace("` `", "")


@pytest.mark.parametrize("error", list(UpdateError))
def test_each_error_a_bot_can_report_is_documented(error: UpdateError) -> None:
    documents = (Path(__file__).resolve().parents[3] / "docs" / "DEVICE_API.md").read_text()
    assert f"| `{error}` |" in documents
