"""Origins: one spelling each, and nothing that could say more than an origin."""

import pytest

from app.kernel.errors import Invalid
from app.virtual_devices.rules import MAX_ORIGINS, parse_origin, parse_origins


@pytest.mark.parametrize(
    "text",
    [
        "https://api.example.org",
        "http://192.168.1.20:8000",
        "http://localhost:3000",
        "http://127.0.0.1:1",
        "https://xn--bcher-kva.example",
        "https://a-b.c1.example:65535",
    ],
)
def test_an_origin_as_a_browser_writes_it_is_taken(text: str) -> None:
    assert parse_origin(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "https:",
        "https://",
        "https://*.example.org",
        "https://example.org/",
        "https://example.org/path",
        "https://example.org?x",
        "https://example.org#x",
        "https://user@example.org",
        "https://user:pass@example.org",
        "https://Example.org",
        "HTTPS://example.org",
        "https://example.org:443",
        "http://example.org:80",
        "https://example.org:0",
        "https://example.org:0443",
        "https://example.org:65536",
        "https://example.org:",
        "https://example..org",
        "https://.example.org",
        "https://example.org.",
        "https://-example.org",
        "https://my_host",
        "https://bücher.example",
        "https://[::1]",
        "https://[::1]:8000",
        "http://127.1",
        "http://0x7f.1",
        "http://2130706433",
        "http://010.0.0.1",
        "http://1.2.3.256",
        "ftp://example.org",
        "ws://example.org",
        "file:///etc/passwd",
        "data:text/plain,x",
        "https://example.org; script-src *",
        "https://example.org https://evil.example",
        "https://example.org,https://evil.example",
        "https://example.org\n",
        " https://example.org",
        "'self'",
        "https://" + "a" * 64 + ".example",
        "https://" + "a." * 60 + "example",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_origin(text)
    assert refusal.value.code == "bad_origin"


def test_a_list_keeps_its_order_and_names_each_once() -> None:
    texts = ["https://b.example", "https://a.example", "https://b.example"]
    assert parse_origins(texts, own=[]) == ["https://b.example", "https://a.example"]


def test_a_list_is_short() -> None:
    texts = [f"https://{number}.example" for number in range(MAX_ORIGINS + 1)]
    assert len(parse_origins(texts[1:], own=[])) == MAX_ORIGINS
    with pytest.raises(Invalid) as refusal:
        parse_origins(texts, own=[])
    assert refusal.value.code == "too_many_origins"


def test_this_server_is_never_on_the_list() -> None:
    own = ["http://lamp.local:5000", "https://bots.example"]
    for origin in own:
        with pytest.raises(Invalid) as refusal:
            parse_origins(["https://a.example", origin], own=own)
        assert refusal.value.code == "own_origin"
    assert parse_origins(["http://lamp.local:5001"], own=own) == ["http://lamp.local:5001"]
