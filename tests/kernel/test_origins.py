"""Origins: one form, and nothing that says more than scheme, host and port."""

import pytest

from app.kernel.origins import read_origin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://localhost:3000", "http://localhost:3000"),
        ("HTTPS://Example.org", "https://example.org"),
        ("http://192.168.1.20", "http://192.168.1.20"),
        ("https://[FE80::1]:8443", "https://[fe80::1]:8443"),
        ("https://xn--bcher-kva.example:65535", "https://xn--bcher-kva.example:65535"),
    ],
)
def test_an_origin_has_one_spelling(text: str, expected: str) -> None:
    assert str(read_origin(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "ftp://example.org",
        "http://",
        "http://a/",
        "http://a b",
        "http://user@a",
        "http://a?x",
        "http://a#x",
        "http://*.example.org",
        "http://a:0",
        "http://a:080",
        "http://a:65536",
        "http://a..b",
        "http://-a",
        "http://my_host",
        "http://127.1",
        "http://0x7f.1",
        "http://1.2.3.256",
        "http://[:::]",
        "http://[1.2.3.4]",
        "http://bücher.example",
        "http://\u212a.example",
        "http://a\n",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an origin"):
        read_origin(text)


def test_an_origin_knows_what_a_browser_would_leave_out_or_a_policy_cannot_name() -> None:
    assert read_origin("https://a:443").names_default_port
    assert not read_origin("http://a:443").names_default_port
    assert read_origin("http://[::1]").is_ipv6
    assert not read_origin("http://a").is_ipv6
