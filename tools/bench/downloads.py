"""(e) Downloads of a bot's image over its static link."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import update

from app.builds.rules import FIRMWARE_NAME, BuildId
from app.kernel.transaction import writing
from app.toolchain.rules import VIRTUAL_FQBN
from app.updates.tables import Release
from tools.bench.bench import Bench, cpu_s
from tools.bench.edits import example
from tools.bench.figures import Figure, Series
from tools.trial.server import Owner, free_port, wait_until

# As large as an image for an ESP32 with Wi-Fi; the virtual bot's are a few KiB.
_IMAGE_BYTES = 1024 * 1024
_BUFFER_BYTES = 256 * 1024
_NOTE = "One download after the other of a 1 MiB image, each over a connection of its own, as bots do."


def measure_downloads(bench: Bench) -> list[Figure]:
    """(e): a 1 MiB image over the static link, against Python's own file server."""
    owner, image = _sent_image(bench)
    rounds, count = bench.pick(8, 2), bench.pick(50, 5)
    found: dict[str, list[float]] = {name: [] for name in ("rate", "cpu", "plain_rate", "plain_cpu")}
    with _file_server(image.parent) as (pid, port):
        for _ in range(rounds + 1):
            rate, cpu = _downloads(bench.server.port, f"/{owner.product_id}.ino.bin", bench.web_pids, count)
            plain_rate, plain_cpu = _downloads(port, f"/{image.name}", [pid], count)
            for name, value in zip(found, (rate, cpu, plain_rate, plain_cpu), strict=True):
                found[name].append(value)
    # The first round warms up.
    series = {name: tuple(values[1:]) for name, values in found.items()}
    return [
        Figure(
            part="e",
            title="image downloads",
            ours=Series(name="static link", unit="MB/s", values=series["rate"]),
            baseline=Series(name="http.server", unit="MB/s", values=series["plain_rate"]),
            note=_NOTE,
        ),
        Figure(
            part="e",
            title="CPU of an image download",
            ours=Series(name="static link", unit="ms/MB", values=series["cpu"]),
            baseline=Series(name="http.server", unit="ms/MB", values=series["plain_cpu"]),
        ),
    ]


def _sent_image(bench: Bench) -> tuple[Owner, Path]:
    """A bot that an image was sent to, with its link open; the image is made as large as a real one."""
    owner = bench.new_owner()
    # A source of its own: the file that is made larger here must be nobody else's firmware.
    sketch_id = owner.new_sketch("Blink", f"{example('Blink')}// Downloaded often.\n")
    build_id = str(owner.compile(sketch_id, VIRTUAL_FQBN)["build"]["id"])
    owner.ended_build(build_id)
    sent = owner.call("POST", f"/devices/{owner.product_id}/send", {"build_id": build_id}, expect=201).json()
    # An open update would make each download write its progress; that belongs to one download of many.
    owner.call("POST", f"/updates/{sent['id']}/cancel", expect=200)
    owner.call("PUT", f"/devices/{owner.product_id}/link", {"open": True}, expect=200)
    image = bench.settings.builds_dir / BuildId(build_id) / "artifacts" / FIRMWARE_NAME
    image.write_bytes(os.urandom(_IMAGE_BYTES))
    with bench.database() as session, writing(session):
        changed = update(Release).where(Release.build_id == build_id).values(size_bytes=_IMAGE_BYTES)
        session.execute(changed)
    return owner, image


def _downloads(port: int, path: str, pids: list[int], count: int) -> tuple[float, float]:
    """Fetch `count` times; MB/s, and processor milliseconds for each MB."""
    before = cpu_s(pids)
    started = time.perf_counter()
    for _ in range(count):
        _fetch(port, path)
    seconds = time.perf_counter() - started
    megabytes = count * _IMAGE_BYTES / 1e6
    return megabytes / seconds, (cpu_s(pids) - before) * 1000 / megabytes


def _fetch(port: int, path: str) -> None:
    buffer = bytearray(_BUFFER_BYTES)
    got = 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: bench\r\n\r\n".encode())
        while read := connection.recv_into(buffer):
            if not got:
                assert b" 200 " in buffer[:16], bytes(buffer[:300])
            got += read
    assert got > _IMAGE_BYTES, f"{path}: {got} bytes"


@contextmanager
def _file_server(folder: Path) -> Iterator[tuple[int, int]]:
    """Python's own file server; its pid and port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "http.server",
        str(port),
        "--bind",
        "127.0.0.1",
        "--directory",
        str(folder),
    ]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(port), "start of the file server")
        yield child.pid, port
    finally:
        child.terminate()
        child.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
