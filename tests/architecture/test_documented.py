"""Each route, event and setting has its line in the documents; each payload keeps its keys."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.events.names import EventName

ROOT = Path(__file__).resolve().parents[2]
API = (ROOT / "docs" / "API.md").read_text()
DEVICE_API = (ROOT / "docs" / "DEVICE_API.md").read_text()


def test_each_route_is_documented(app: Flask) -> None:
    documents = API + DEVICE_API
    for rule in (*app.url_map.iter_rules(), *app.extensions["device_app"].url_map.iter_rules()):
        if rule.endpoint in {"static"} or rule.rule.startswith("/openapi"):
            continue
        plain = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"<\1>", rule.rule)
        assert f"{plain}`" in documents or f"{plain}?" in documents or f"{plain} " in documents, plain


@pytest.mark.parametrize("event", list(EventName))
def test_each_event_is_documented(event: EventName) -> None:
    assert f"`{event}`" in API


def test_each_setting_is_documented() -> None:
    names = set(re.findall(r'"((?:AIRSKETCH_|REGISTRATION)\w*)"', (ROOT / "config.py").read_text()))
    operations = (ROOT / "docs" / "OPERATIONS.md").read_text()
    assert names
    assert [name for name in sorted(names) if f"`{name}`" not in operations] == []
