"""Transfers against a small server of this process."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.fleet.faults import Fault, FaultKind, Injector
from tools.fleet.transfers import Broken, HttpError, Transfer

BODY = bytes(range(200))
PATH = "/device/v1/firmware/u1"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.send_header("X-Seen", self.headers.get("X-Said", ""))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def transfer(url: str, fault: Fault | None = None, path: str = PATH) -> Transfer:
    request = f"GET {url}{path}\nX-Said: hello\n"
    return Transfer(url, request, b"", timeout_s=0.3, injector=Injector(fault), rest=time.sleep)


def read_all(transfer: Transfer) -> bytes:
    data = b""
    while piece := transfer.read(64):
        data += piece
    transfer.close()
    return data


def read_to_fault(transfer: Transfer) -> tuple[bytes, HttpError | None]:
    data = b""
    try:
        while piece := transfer.read(64):
            data += piece
    except Broken as broken:
        return data, broken.error
    return data, None


def test_an_answer_is_read_in_pieces(url: str) -> None:
    found = transfer(url)
    assert (found.status, found.size_bytes, found.header("x-seen")) == (200, len(BODY), "hello")
    assert not found.is_complete
    assert read_all(found) == BODY
    assert found.is_complete


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://elsewhere"])
def test_no_other_server_is_called(url: str, address: str) -> None:
    with pytest.raises(Broken) as broken:
        Transfer(url, f"GET {address}{PATH}\n", b"", timeout_s=0.3, injector=Injector(None), rest=time.sleep)
    assert broken.value.error is HttpError.REFUSED


def test_no_page_is_called(url: str) -> None:
    with pytest.raises(Broken):
        transfer(url, path="/account")


def test_a_server_that_is_away_is_a_lost_connection() -> None:
    with pytest.raises(Broken) as broken:
        transfer("http://127.0.0.1:9")
    assert broken.value.error is HttpError.LOST


@pytest.mark.parametrize(
    ("kind", "error"), [(FaultKind.CUT, HttpError.LOST), (FaultKind.STALL, HttpError.TIMED_OUT)]
)
@pytest.mark.parametrize("place", [0.0, 0.333, 0.999])
def test_a_cut_or_stalled_answer_breaks_at_its_byte(
    url: str, kind: FaultKind, error: HttpError, place: float
) -> None:
    found = transfer(url, Fault(kind=kind, place=place))
    data, ended_by = read_to_fault(found)
    assert ended_by is error
    assert data == BODY[: int(place * len(BODY))]


@pytest.mark.parametrize("place", [0.0, 0.32, 0.5, 0.999])
def test_a_corrupt_answer_differs_in_one_byte(url: str, place: float) -> None:
    data = read_all(transfer(url, Fault(kind=FaultKind.CORRUPT, place=place)))
    different = [at for at, (ours, theirs) in enumerate(zip(data, BODY, strict=True)) if ours != theirs]
    assert different == [int(place * len(BODY))]
