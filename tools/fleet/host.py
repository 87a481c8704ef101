"""The host of one boot: runs an image in real time against a real server until something ends it."""

import hashlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import wasmtime

from app.kernel.errors import Invalid
from tools.fleet.faults import Injector
from tools.fleet.modules import MAX_MEMORY_BYTES, TICK_S, Modules
from tools.fleet.nvs import Nvs
from tools.fleet.slots import Reason, Slots
from tools.fleet.transfers import MAX_OPEN, Broken, HttpError, Transfer
from tools.fleet.virtual_host import MICROSECONDS_PER_S, Bot, EndOfRun, Imports, instantiate

WATCHDOG_S = 5.0
"""How long an image may run without a pause, as with the task watchdog of an ESP32."""
_IDLE_S = 0.001
_CONNECTED = 3
_CHECK_IN = "/device/v1/check-in"


class Ending(StrEnum):
    """How a boot ended."""

    RESTART = "restart"
    CRASH = "crash"
    HANG = "hang"
    POWER_CUT = "power_cut"
    STOPPED = "stopped"


@dataclass(slots=True, kw_only=True)
class Boot(Bot):
    """One boot of a bot of the fleet.

    Attributes:
        server: the only address that the bot may call.
        memory: its NVS.
        flash: its slots.
        injector: its fault.
        reason: why it starts.
        stop: set when the fleet is to end.
        check_ins: answered check-ins of this boot.
        is_updating: whether bytes of an image were written.
    """

    server: str
    memory: Nvs
    flash: Slots
    injector: Injector
    reason: Reason
    stop: threading.Event = field(default_factory=threading.Event)
    check_ins: int = 0
    is_updating: bool = False


class Host(Imports):
    """The functions of module `bot` for one boot."""

    def __init__(self, boot: Boot, store: wasmtime.Store, modules: Modules) -> None:
        super().__init__(boot, store)
        self.boot = boot
        self.ending: Ending | None = None
        self._modules = modules
        self._transfers: dict[int, Transfer] = {}
        self._handles = 0
        self._size_bytes = 0
        self._written_bytes = 0
        self._started_s = self._fed_s = time.monotonic()
        image = boot.flash.image
        self._facts = {
            "mac": "02:00:00:00:00:00",
            "ip": "10.0.0.2",
            "ssid": "fleet",
            "image_sha256": hashlib.sha256(image).hexdigest(),
            "image_size": str(len(image)),
            "reset_reason": str(int(boot.reason)),
            "slot": boot.flash.name,
            "boot": boot.flash.boot_kind,
        }

    def feed(self) -> None:
        """The image gave its host a turn."""
        self._fed_s = time.monotonic()
        self._store.set_epoch_deadline(int(WATCHDOG_S / TICK_S))

    @property
    def was_silent(self) -> bool:
        """Whether the watchdog had a reason to end the image."""
        return time.monotonic() - self._fed_s > WATCHDOG_S - 2 * TICK_S

    def close(self) -> None:
        """End all transfers."""
        for transfer in self._transfers.values():
            transfer.close()

    def _end(self, ending: Ending) -> EndOfRun:
        self.ending = ending
        return EndOfRun(ending)

    def _rest(self, duration_s: float) -> None:
        if self.boot.stop.wait(duration_s):
            raise self._end(Ending.STOPPED)
        self.feed()

    def now_us(self) -> float:
        return (time.monotonic() - self._started_s) * MICROSECONDS_PER_S

    def unix_ms(self) -> float:
        return time.time() * 1000

    def sleep_us(self, duration_us: float) -> None:
        self._rest(max(0.0, duration_us / MICROSECONDS_PER_S))

    def idle(self) -> None:
        self._rest(_IDLE_S)

    def dwrite(self, pin: int, level: int) -> None:
        self.boot.levels[pin] = level

    def awrite(self, pin: int, duty: int, bits: int) -> None:
        self.boot.levels[pin] = duty

    def tx(self, at: int, size: int) -> None:
        """Nobody reads the console of a fleet."""

    def random(self) -> int:
        return int.from_bytes(os.urandom(4), "big", signed=True)

    def restart(self, reason: int) -> None:
        raise self._end(Ending.RESTART if reason == Reason.BY_PROGRAM else Ending.CRASH)

    def panic(self, at: int, size: int) -> None:
        raise self._end(Ending.CRASH)

    def info(self, key: int, key_size: int, out: int, capacity: int) -> int:
        found = self._facts.get(self._text(key, key_size))
        return self._answer(found.encode() if found is not None else None, out, capacity)

    def nvs_get(self, space: int, space_size: int, key: int, key_size: int, out: int, capacity: int) -> int:
        value = self.boot.memory.get(self._text(space, space_size), self._text(key, key_size))
        return self._answer(value, out, capacity)

    def nvs_set(self, space: int, space_size: int, key: int, key_size: int, value: int, size: int) -> int:
        names = self._text(space, space_size), self._text(key, key_size)
        return 0 if self.boot.memory.set(*names, self._read(value, size)) else -1

    def nvs_del(self, space: int, space_size: int, key: int, key_size: int) -> int:
        names = self._text(space, space_size), self._text(key, key_size)
        return 0 if self.boot.memory.delete(*names) else -1

    def wifi_status(self) -> int:
        return _CONNECTED

    def http_open(self, request: int, request_size: int, body: int, body_size: int, timeout_ms: int) -> int:
        if len(self._transfers) >= MAX_OPEN:
            return HttpError.TOO_MANY
        try:
            transfer = Transfer(
                self.boot.server,
                self._text(request, request_size),
                self._read(body, body_size),
                timeout_s=timeout_ms / 1000,
                injector=self.boot.injector,
                rest=self._rest,
            )
        except Broken as broken:
            return int(broken.error)
        finally:
            self.feed()
        self._handles += 1
        self._transfers[self._handles] = transfer
        return self._handles

    def http_status(self, handle: int) -> int:
        return self._on(handle, lambda transfer: transfer.status)

    def http_size(self, handle: int) -> int:
        return self._on(handle, lambda transfer: transfer.size_bytes)

    def http_header(self, handle: int, name: int, name_size: int, out: int, capacity: int) -> int:
        wanted = self._text(name, name_size)
        found = self._transfers[handle].header(wanted) if handle in self._transfers else None
        return self._answer(found.encode() if found is not None else None, out, capacity)

    def http_read(self, handle: int, out: int, capacity: int) -> int:
        try:
            return self._on(handle, lambda transfer: self._answer(transfer.read(capacity), out, capacity))
        except Broken as broken:
            return int(broken.error)
        finally:
            self.feed()

    def http_close(self, handle: int) -> None:
        transfer = self._transfers.pop(handle, None)
        if transfer is None:
            return
        transfer.close()
        if transfer.path == _CHECK_IN and transfer.status == 200 and transfer.is_complete:
            self.boot.check_ins += 1

    def ota_begin(self, size: int) -> int:
        self._size_bytes, self._written_bytes = size, 0
        self.boot.is_updating = True
        return 0 if self.boot.flash.begin(size) else -1

    def ota_write(self, at: int, size: int) -> int:
        left = self.boot.injector.cuts_power_within(self._written_bytes, size, self._size_bytes)
        written = self.boot.flash.write(self._read(at, size if left is None else left))
        self._written_bytes += size
        if left is not None:
            raise self._power_cut()
        return 0 if written else -1

    def ota_end(self) -> int:
        try:
            self._modules.module(self.boot.flash.spare)
        except Invalid:
            return -1
        finally:
            self.feed()
        self.boot.flash.switch()
        if self.boot.injector.cuts_power_after_switch():
            raise self._power_cut()
        return 0

    def ota_abort(self) -> None:
        self.boot.is_updating = False

    def ota_confirm(self) -> None:
        self.boot.flash.confirm()

    def _power_cut(self) -> EndOfRun:
        self.boot.injector.happened()
        return self._end(Ending.POWER_CUT)

    def _on(self, handle: int, ask: Callable[[Transfer], int]) -> int:
        return ask(self._transfers[handle]) if handle in self._transfers else HttpError.LOST


def run_boot(boot: Boot, modules: Modules) -> Ending:
    """Run the image in the boot's slot until it ends itself, is ended, or the fleet stops."""
    store = wasmtime.Store(modules.engine)
    store.set_limits(memory_size=MAX_MEMORY_BYTES)
    host = Host(boot, store, modules)
    host.feed()
    try:
        exports = instantiate(store, modules.module(boot.flash.image), host)
        exports["_initialize"](store)
        exports["bot_main"](store)
    except (EndOfRun, wasmtime.Trap, wasmtime.WasmtimeError) as error:
        return host.ending or _ending_of(error, host)
    finally:
        host.close()
        store.close()
    return Ending.CRASH


def _ending_of(error: Exception, host: Host) -> Ending:
    """What ended an image that did not end itself.

    The library hands an exception of one thread to whichever looks first; then only the silence tells.
    """
    code = error.trap_code if isinstance(error, wasmtime.Trap) else None
    is_hang = host.was_silent if code is None else code is wasmtime.TrapCode.INTERRUPT
    return Ending.HANG if is_hang else Ending.CRASH
