"""Where the page is served."""

import socket

import pytest

from tools.setup.errors import SetupError
from tools.supervisor.address import Address


def test_default_is_loopback() -> None:
    assert Address.from_env({}).bind == "127.0.0.1:5000"


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_impossible_port_is_refused(port: str) -> None:
    with pytest.raises(SetupError, match="which is not a port number"):
        Address.from_env({"PORT": port})


def test_address_for_everybody_is_printed_as_one_that_works() -> None:
    urls = Address(host="0.0.0.0", port=5001).urls()
    assert urls[0] == "http://127.0.0.1:5001/"
    assert not [url for url in urls if "0.0.0.0" in url]


def test_ipv6_is_written_in_brackets() -> None:
    address = Address(host="::", port=5001)
    assert address.bind == "[::]:5001"
    assert address.urls()[0] == "http://[::1]:5001/"


def test_taken_port_names_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} is used") as caught:
            Address(port=port).refuse_if_taken()
    assert f"PORT={port % 65535 + 1} make run" in caught.value.remedy


def test_host_of_another_machine_is_refused() -> None:
    with pytest.raises(SetupError, match="Cannot listen on"):
        Address(host="192.0.2.1", port=5001).refuse_if_taken()


def test_page_does_not_answer_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    assert not Address(port=port).page_answers()
