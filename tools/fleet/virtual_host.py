"""A host for images of the virtual bot: runs one in virtual time and remembers what it did."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import wasmtime

MICROSECONDS_PER_S = 1_000_000
_I32, _F64 = wasmtime.ValType.i32, wasmtime.ValType.f64


class EndOfRun(Exception):
    """The image reached the end of its time, or ended itself; the text says which."""


@dataclass(slots=True, kw_only=True)
class Bot:
    """One virtual bot: its pins, its console, its memory, its answers from the network.

    Attributes:
        now_us: virtual time; it passes only while the sketch sleeps or rests.
        run_us: how long to let it run.
        serial_in: what a person types.
        pin_events: (time in microseconds, pin, level) of every digitalWrite.
        pwm: (pin, duty, bits) of every PWM write.
        looks: (kind, id, bytes) of every change of a drawn part.
        pressed: calls `bot_isr(pin)` at these times, in microseconds.
        answers: body of the answer to a GET by URL.
        requests: every HTTP request as the image wrote it.
        slot: what was written to the spare slot.
    """

    now_us: float = 0
    run_us: float = 5 * MICROSECONDS_PER_S
    serial_in: bytearray = field(default_factory=bytearray)
    serial_out: bytearray = field(default_factory=bytearray)
    pin_events: list[tuple[int, int, int]] = field(default_factory=list)
    pwm: list[tuple[int, int, int]] = field(default_factory=list)
    looks: list[tuple[int, int, bytes]] = field(default_factory=list)
    levels: dict[int, int] = field(default_factory=dict)
    pressed: dict[int, int] = field(default_factory=dict)
    nvs: dict[tuple[str, str], bytes] = field(default_factory=dict)
    networks: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    slot: bytearray = field(default_factory=bytearray)
    confirmed: bool = False
    end: str = ""

    @property
    def console(self) -> str:
        """Everything the sketch printed."""
        return self.serial_out.decode()


class Imports:
    """The functions of module `bot`, bound to one Bot and one running instance."""

    def __init__(self, bot: Bot, store: wasmtime.Store) -> None:
        self._bot = bot
        self._store = store
        self._bodies: list[tuple[bytes, int]] = []
        self.memory: wasmtime.Memory
        self.isr: wasmtime.Func

    def _read(self, at: int, size: int) -> bytes:
        return bytes(self.memory.read(self._store, at, at + size))

    def _text(self, at: int, size: int) -> str:
        return self._read(at, size).decode()

    def _answer(self, value: bytes | None, out: int, capacity: int) -> int:
        if value is None:
            return -1
        self.memory.write(self._store, value[:capacity], out)
        return len(value)

    def _pass(self, duration_us: float) -> None:
        bot = self._bot
        bot.now_us += duration_us
        for moment_us in sorted(moment for moment in bot.pressed if moment <= bot.now_us):
            self.isr(self._store, bot.pressed.pop(moment_us))
        if bot.now_us >= bot.run_us:
            raise EndOfRun("time is over")

    def now_us(self) -> float:
        self._bot.now_us += 1
        return float(self._bot.now_us)

    def unix_ms(self) -> float:
        return 1_800_000_000_000 + self._bot.now_us / 1000

    def sleep_us(self, duration_us: float) -> None:
        self._pass(duration_us)

    def idle(self) -> None:
        self._pass(1000)

    def dwrite(self, pin: int, level: int) -> None:
        self._bot.pin_events.append((int(self._bot.now_us), pin, level))

    def dread(self, pin: int) -> int:
        return self._bot.levels.get(pin, 1)

    def aread(self, pin: int) -> int:
        return self._bot.levels.get(pin, 0)

    def awrite(self, pin: int, duty: int, bits: int) -> None:
        self._bot.pwm.append((pin, duty, bits))

    def part(self, kind: int, number: int, at: int, size: int) -> None:
        self._bot.looks.append((kind, number, self._read(at, size)))

    def tx(self, at: int, size: int) -> None:
        self._bot.serial_out += self._read(at, size)

    def rx_avail(self) -> int:
        return len(self._bot.serial_in)

    def rx(self, peek: int) -> int:
        if not self._bot.serial_in:
            return -1
        return self._bot.serial_in[0] if peek else self._bot.serial_in.pop(0)

    def random(self) -> int:
        return 4

    def restart(self, reason: int) -> None:
        raise EndOfRun(f"restart {reason}")

    def panic(self, at: int, size: int) -> None:
        raise EndOfRun(f"panic: {self._text(at, size)}")

    def info(self, key: int, key_size: int, out: int, capacity: int) -> int:
        facts = {"mac": b"AA:BB:CC:DD:EE:FF", "ip": b"10.0.0.7", "ssid": b"home", "image_sha256": b"ab" * 32}
        return self._answer(facts.get(self._text(key, key_size)), out, capacity)

    def nvs_get(self, space: int, space_size: int, key: int, key_size: int, out: int, capacity: int) -> int:
        name = (self._text(space, space_size), self._text(key, key_size))
        return self._answer(self._bot.nvs.get(name), out, capacity)

    def nvs_set(self, space: int, space_size: int, key: int, key_size: int, value: int, size: int) -> int:
        name = (self._text(space, space_size), self._text(key, key_size))
        self._bot.nvs[name] = self._read(value, size)
        return 0

    def nvs_del(self, space: int, space_size: int, key: int, key_size: int) -> int:
        wanted = (self._text(space, space_size), self._text(key, key_size))
        gone = [name for name in self._bot.nvs if name == wanted or (not wanted[1] and name[0] == wanted[0])]
        for name in gone:
            del self._bot.nvs[name]
        return 0 if gone else -1

    def wifi_status(self) -> int:
        return 3

    def wifi_rssi(self) -> int:
        return -50

    def wifi_scan(self, out: int, capacity: int) -> int:
        return self._answer(self._bot.networks.encode(), out, capacity)

    def http_open(self, request: int, request_size: int, body: int, body_size: int, timeout_ms: int) -> int:
        text = self._text(request, request_size)
        self._bot.requests.append(text)
        url = text.splitlines()[0].split(" ", 1)[1]
        self._bodies.append((self._bot.answers.get(url, b""), 200 if url in self._bot.answers else 404))
        return len(self._bodies) - 1

    def http_status(self, handle: int) -> int:
        return self._bodies[handle][1]

    def http_size(self, handle: int) -> int:
        return len(self._bodies[handle][0])

    def http_header(self, handle: int, name: int, name_size: int, out: int, capacity: int) -> int:
        md5 = hashlib.md5(self._bodies[handle][0]).hexdigest().encode()
        return self._answer(md5 if self._text(name, name_size).lower() == "x-md5" else None, out, capacity)

    def http_read(self, handle: int, out: int, capacity: int) -> int:
        body, status = self._bodies[handle]
        self._bodies[handle] = (body[capacity:], status)
        return min(self._answer(body, out, capacity), capacity)

    def ota_begin(self, size: int) -> int:
        self._bot.slot.clear()
        return 0

    def ota_write(self, at: int, size: int) -> int:
        self._bot.slot += self._read(at, size)
        return 0

    def ota_confirm(self) -> None:
        self._bot.confirmed = True


def run(image: bytes, bot: Bot, imports_type: type[Imports] = Imports) -> Bot:
    """Run an image until its time is over or it ends itself; what it did is in the bot."""
    engine = wasmtime.Engine()
    module = wasmtime.Module(engine, image)
    store = wasmtime.Store(engine)
    imports = imports_type(bot, store)
    exports = instantiate(store, module, imports)
    try:
        exports["_initialize"](store)
        exports["bot_main"](store)
    except EndOfRun as end:
        bot.end = str(end)
    except wasmtime.Trap as trap:
        bot.end = f"crash: {trap}"
    return bot


def instantiate(store: wasmtime.Store, module: wasmtime.Module, imports: Imports) -> dict[str, wasmtime.Func]:
    """Bind a module to its host; the functions it exports."""
    functions = [_bind(store, imports, wanted) for wanted in module.imports]
    exports = wasmtime.Instance(store, module, functions).exports(store)
    imports.memory = cast(wasmtime.Memory, exports["memory"])
    imports.isr = cast(wasmtime.Func, exports["bot_isr"])
    return {name: found for name, found in exports.items() if isinstance(found, wasmtime.Func)}


def _bind(store: wasmtime.Store, imports: Imports, wanted: wasmtime.ImportType) -> wasmtime.Func:
    """The function for one import; what the bot does not record succeeds and does nothing."""
    kind = cast(wasmtime.FuncType, wanted.type)
    nothing: Callable[..., int | None] = (lambda *_: 0) if kind.results else (lambda *_: None)
    return wasmtime.Func(store, kind, getattr(imports, wanted.name or "", nothing))
