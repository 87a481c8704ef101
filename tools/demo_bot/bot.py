"""The demo bot: checks in, fetches, verifies, restarts, confirms – or fails on demand."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.builds.images import read_image
from app.kernel.errors import Invalid
from app.toolchain.rules import VIRTUAL_FQBN
from tools.demo_bot.unseal import unseal
from tools.demo_bot.wire import Answer, Wire, WireError

FACTORY_DIGEST = hashlib.sha256(b"what was flashed over USB").hexdigest()
_PIECE_BYTES = 4096
_ATTEMPTS = 5
_REPORT_EACH_PERCENT = 10


@dataclass(kw_only=True)
class Faults:
    """What should go wrong with the next update; each happens once.

    Attributes:
        cut_at: the connection ends at this byte.
        corrupt_at: the byte at this place arrives changed.
        stall_s: seconds of silence in the middle of the download.
    """

    cut_at: int | None = None
    corrupt_at: int | None = None
    stall_s: float = 0.0


class Refused(Exception):
    """The bot gave an update up; the text is an error of the protocol."""


class DemoBot:
    """One bot with two slots in memory.

    Args:
        server: for example `http://127.0.0.1:5000`.
        key: the device key, 32 bytes.
        image_digest: what it runs at first.
        boots: boot count; the present time rises from one run to the next.
        bytes_per_s: speed of its flash memory; 0 = as fast as possible.
        tell: gets a line for each thing that happens.
    """

    def __init__(
        self,
        server: str,
        device_id: str,
        key: bytes,
        *,
        board: str = VIRTUAL_FQBN,
        image_digest: str = FACTORY_DIGEST,
        boots: int | None = None,
        bytes_per_s: int = 0,
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.wire = Wire(server, device_id, key, boots=int(time.time()) if boots is None else boots)
        self.board = board
        self.image_digest = image_digest
        self.version = ""
        self.slot = "ota_0"
        self.boot = "normal"
        self.reset_reason = "power_on"
        self.network_revision = 0
        self.sends_log = False
        self.poll_after_s = 60
        self.faults = Faults()
        self.next_image_is_bad = False
        self._bytes_per_s = bytes_per_s
        self._tell = tell
        self._begun_at = time.monotonic()

    def press_button(self) -> None:
        """The trigger button: ask now, and take what is offered."""
        self.ask("button")

    def press_button_twice(self) -> None:
        """Ask for the last good image."""
        self.ask("button", wish="former")

    def ask(self, trigger: str, **more: object) -> None:
        """Check in and carry out the orders, to the first check-in after the restart."""
        offer = self.check_in(trigger, **more)["update"]
        if offer is not None:
            self.take(offer)

    def check_in(self, trigger: str, **more: object) -> dict[str, Any]:
        """One check-in; the orders.

        Args:
            more: what it says besides, by the names of the protocol.
        Raises:
            WireError: the server does not answer, or refuses.
        """
        self._tell(f"asking ({trigger}), running {self.image_digest[:8]}")
        answer = self.wire.post("/device/v1/check-in", {**self._facts(trigger), **more})
        if answer.status != 200:
            raise WireError(f"the server refused: {answer.body.get('detail', answer.status)}")
        orders: dict[str, Any] = answer.body
        self.poll_after_s = orders["poll_after_s"]
        if orders["network"] is not None:
            self._take_network(orders["network"])
        self.sends_log = orders.get("log", self.sends_log)
        if "new_key" in orders:
            self._take_key(orders["new_key"])
        return orders

    def take(self, offer: dict[str, Any]) -> None:
        """Fetch an offered image, verify it, restart into it."""
        update_id = offer["update_id"]
        self._tell(f"offered {offer['release']} {offer['version']}, {offer['size_bytes']} bytes")
        try:
            data = self._download(offer)
            self._verify(data, offer)
        except Refused as refusal:
            self._tell(f"failed: {refusal}")
            self._report(update_id, state="failed", error=str(refusal))
            return
        self._report(update_id, state="installing")
        self._tell("restarting")
        self._report(update_id, state="restarting")
        self.restart(data)

    def restart(self, data: bytes) -> None:
        """Boot an image; a bad one crashes at once and the bootloader returns to the previous slot."""
        self.wire.boot()
        self._begun_at = time.monotonic()
        if self.next_image_is_bad:
            self.next_image_is_bad = False
            self.wire.boot()
            self.boot, self.reset_reason = "rolled_back", "panic"
            self._tell("the new image crashed; rolled back")
        else:
            facts = read_image(data)
            self.image_digest, self.version = facts.image_digest, facts.version
            self.slot = "ota_1" if self.slot == "ota_0" else "ota_0"
            self.boot, self.reset_reason = "normal", "software"
        orders = self.check_in("boot")
        self._tell(f"running {self.image_digest[:8]} in {self.slot}")
        if orders["update"] is not None:
            self.take(orders["update"])

    def log(self, *lines: str) -> Answer:
        """Send lines that the sketch printed."""
        return self.wire.post("/device/v1/log", {"lines": list(lines), "dropped": 0})

    def _facts(self, trigger: str) -> dict[str, object]:
        return {
            "board": self.board,
            "image_digest": self.image_digest,
            "version": self.version,
            "slot": self.slot,
            "boot": self.boot,
            "reset_reason": self.reset_reason,
            "uptime_s": int(time.monotonic() - self._begun_at),
            "free_heap_bytes": 200_000,
            "rssi_dbm": -60,
            "trigger": trigger,
            "network_revision": self.network_revision,
            "log": self.sends_log,
        }

    def _take_network(self, order: dict[str, Any]) -> None:
        revision = order["revision"]
        ssid = unseal(
            self.wire.key, label="ssid", revision=revision, nonce=self.wire.nonce, sealed=order["ssid"]
        )
        self.network_revision = revision
        self._tell(f"now on the network “{ssid}”")

    def _take_key(self, sealed: str) -> None:
        wire = self.wire
        text = unseal(wire.key, label="device_key", revision=0, nonce=wire.nonce, sealed=sealed)
        wire.key = bytes.fromhex(text)
        self._tell("has a new key")

    def _download(self, offer: dict[str, Any]) -> bytes:
        data = bytearray()
        for _ in range(_ATTEMPTS):
            try:
                self._fetch(offer, data)
            except WireError as error:
                self._tell(f"connection lost at {len(data)} bytes: {error}")
            if len(data) >= offer["size_bytes"]:
                return bytes(data)
        raise Refused("connection")

    def _fetch(self, offer: dict[str, Any], data: bytearray) -> None:
        """Take bytes to the end or to the first fault, beginning where the last attempt ended."""
        headers = {"Range": f"bytes={len(data)}-"} if data else {}
        with self.wire.get(offer["url"], headers, slowly=bool(self._bytes_per_s)) as response:
            if response.status not in {200, 206}:
                raise Refused("connection")
            if response.status == 200:
                data.clear()
            while piece := response.read(_PIECE_BYTES):
                if self._is_cut(data, piece):
                    return
                data += self._maybe_corrupt(len(data), piece)
                self._rest(offer, data, len(piece))

    def _is_cut(self, data: bytearray, piece: bytes) -> bool:
        at = self.faults.cut_at
        if at is None or at > len(data) + len(piece):
            return False
        data += piece[: max(0, at - len(data))]
        self.faults.cut_at = None
        self._tell(f"connection cut at {len(data)} bytes")
        return True

    def _maybe_corrupt(self, start: int, piece: bytes) -> bytes:
        at = self.faults.corrupt_at
        if at is None or not start <= at < start + len(piece):
            return piece
        self.faults.corrupt_at = None
        changed = bytearray(piece)
        changed[at - start] ^= 0xFF
        return bytes(changed)

    def _rest(self, offer: dict[str, Any], data: bytearray, taken: int) -> None:
        """Be as slow as configured, and report each tenth of the image."""
        size = offer["size_bytes"]
        if self.faults.stall_s and len(data) * 2 >= size:
            time.sleep(self.faults.stall_s)
            self.faults.stall_s = 0.0
        if self._bytes_per_s:
            time.sleep(taken / self._bytes_per_s)
        percent = len(data) * 100 // size
        before = (len(data) - taken) * 100 // size
        if percent // _REPORT_EACH_PERCENT != before // _REPORT_EACH_PERCENT:
            self._tell(f"downloading {percent} %")
            self._report(offer["update_id"], state="downloading", bytes=len(data))

    def _verify(self, data: bytes, offer: dict[str, Any]) -> None:
        if len(data) != offer["size_bytes"]:
            raise Refused("wrong_size")
        if hashlib.sha256(data).hexdigest() != offer["sha256"]:
            raise Refused("wrong_digest")
        try:
            read_image(data)
        except Invalid:
            raise Refused("wrong_board") from None

    def _report(self, update_id: str, **body: object) -> None:
        """A lost report does no harm: the next one, or the check-in after the restart, says more."""
        try:
            self.wire.post(f"/device/v1/updates/{update_id}/reports", body)
        except WireError as error:
            self._tell(f"report lost: {error}")
