"""Bodies of the device API, whatever a bot, or who plays one, sends."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.devices.rules import CheckInReport
from app.http.device.messages import CheckInBody, LogBody, ReportBody, read_body
from app.kernel.errors import Invalid
from app.updates.rules import MAX_DETAIL_CHARS, error_of_report

BODIES = (CheckInBody, ReportBody, LogBody)
_PLAIN: dict[str, Any] = {"board": "airsketch:virtual:bot", "image_digest": "a" * 64}
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["poll", "normal", "former", "failed", "a" * 64, "esp32:esp32:esp32c3", "\0", "\ud800"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


def fields_of(kind: type[CheckInBody | ReportBody | LogBody]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with any of the body's fields, of any value."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(kind.model_fields, _VALUES))


def check_text(text: str) -> None:
    """What every database takes."""
    assert "\0" not in text
    text.encode()


@pytest.mark.parametrize("kind", BODIES)
@given(body=st.binary(max_size=200))
def test_bytes_that_are_no_body_are_refused(
    kind: type[CheckInBody | ReportBody | LogBody], body: bytes
) -> None:
    with pytest.raises(Invalid):
        read_body(kind, body)


@given(fields=fields_of(CheckInBody))
def test_a_check_in_is_right_in_every_field_or_refused(fields: dict[str, Any]) -> None:
    try:
        check_in = read_body(CheckInBody, json.dumps({**_PLAIN, **fields}).encode()).as_report()
    except Invalid:
        return
    assert isinstance(check_in, CheckInReport)
    for text in (
        check_in.board,
        check_in.image_digest,
        check_in.version,
        check_in.slot,
        check_in.reset_reason,
    ):
        check_text(text)


@given(fields=fields_of(ReportBody))
@example(fields={"error": "\0"})
def test_a_report_is_right_in_every_field_or_refused(fields: dict[str, Any]) -> None:
    try:
        report = read_body(ReportBody, json.dumps({"state": "failed", **fields}).encode()).as_report()
    except Invalid:
        return
    _, detail = error_of_report(report.error)
    check_text(detail)
    assert len(detail) <= MAX_DETAIL_CHARS


@given(fields=fields_of(LogBody), lines=st.lists(st.text(max_size=20), max_size=120))
def test_a_log_is_bounded_or_refused(fields: dict[str, Any], lines: list[str]) -> None:
    try:
        body = read_body(LogBody, json.dumps({"lines": lines, **fields}).encode())
    except Invalid:
        return
    assert len(body.lines) <= 100
