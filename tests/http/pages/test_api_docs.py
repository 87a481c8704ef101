"""The viewers of the API's description."""

import re

import pytest
from flask.testing import FlaskClient

from app.http.api.openapi import SPEC_PATH


@pytest.mark.parametrize("viewer", ["docs", "redoc"])
def test_strangers_may_read_how_to_call(client: FlaskClient, viewer: str) -> None:
    answer = client.get(f"/api/v1/{viewer}")
    assert answer.status_code == 200
    assert f'data-spec="{SPEC_PATH}"' in answer.text


@pytest.mark.parametrize("viewer", ["docs", "redoc"])
def test_nothing_comes_from_another_host(client: FlaskClient, viewer: str) -> None:
    links = re.findall(r'(?:src|href)="([^"]+)"', client.get(f"/api/v1/{viewer}").text)
    assert links
    assert all(link.startswith("/") and not link.startswith("//") for link in links)


def test_only_the_viewers_allow_inline_styles(client: FlaskClient) -> None:
    policies = {path: client.get(path).headers["Content-Security-Policy"] for path in ("/", "/api/v1/docs")}
    assert "unsafe-inline" not in policies["/"]
    assert "style-src 'self' 'unsafe-inline'" in policies["/api/v1/docs"]
    assert "'unsafe-inline'" not in policies["/api/v1/docs"].split("style-src")[0]
