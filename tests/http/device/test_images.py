"""The bytes of an image: exact ranges, one open file, closed whatever happens."""

import socket

import pytest
from flask.testing import FlaskClient

from app.http.device.images import _read
from tests.http.device.conftest import IMAGE, Bot, World


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("bytes=0-0", IMAGE[:1]),
        ("bytes=-5", IMAGE[-5:]),
        ("bytes=16383-16385", IMAGE[16383:16386]),
        (f"bytes={len(IMAGE) - 1}-", IMAGE[-1:]),
        (f"bytes=100-{len(IMAGE) * 2}", IMAGE[100:]),
    ],
)
def test_one_range_is_answered_to_the_byte(world: World, bot: Bot, span: str, expected: bytes) -> None:
    row, _ = world.send()
    answer = bot.fetch(row.id, Range=span)
    assert (answer.status_code, answer.data) == (206, expected)
    assert answer.headers["Content-Length"] == str(len(expected))


def test_a_range_of_another_image_gives_the_whole_new_one(world: World, bot: Bot) -> None:
    row, _ = world.send()
    answer = bot.fetch(row.id, Range="bytes=5-", If_Range='"another"')
    assert (answer.status_code, answer.data) == (200, IMAGE)


def test_a_reader_that_leaves_closes_the_file(world: World) -> None:
    _, release = world.send()
    path = world.services.artifacts.artifact(world.build.id, "firmware.bin")
    noted: list[int] = []
    pieces = _read(path, 0, release.size_bytes, noted.append)
    first = next(pieces)
    assert noted == [], "a piece counts when the next is asked for"
    next(pieces)
    assert noted == [len(first)]
    pieces.close()  # type: ignore[attr-defined]  # A file left open is a warning, and those are errors.


def test_http_1_0_gets_the_length_too(world: World, bot: Bot, client: FlaskClient) -> None:
    row, _ = world.send()
    client.environ_base["SERVER_PROTOCOL"] = "HTTP/1.0"
    answer = bot.fetch(row.id)
    assert answer.headers["Content-Length"] == str(len(IMAGE))
    assert answer.data == IMAGE


def test_the_kernel_is_told_to_hold_little_of_a_bots_download(
    world: World, bot: Bot, client: FlaskClient
) -> None:
    row, _ = world.send()
    with socket.socket() as connection:
        client.environ_base["gunicorn.socket"] = connection  # type: ignore[assignment]
        bot.fetch(row.id)
        held = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT)
    assert held == 16 * 1024


def test_a_connection_of_another_family_is_left_alone(world: World, bot: Bot, client: FlaskClient) -> None:
    row, _ = world.send()
    with socket.socket(socket.AF_UNIX) as connection:
        client.environ_base["gunicorn.socket"] = connection  # type: ignore[assignment]
        assert bot.fetch(row.id).data == IMAGE
