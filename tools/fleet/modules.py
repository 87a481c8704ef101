"""Compiled images: one engine and one compiled module per image for all bots of a process."""

import hashlib
import re
import threading

import wasmtime

from app.builds.images import read_image
from app.kernel.errors import Invalid
from tools.trial.server import ROOT

MAX_MEMORY_BYTES = 2 * 1024 * 1024
TICK_S = 0.25
_PAGE_BYTES = 65_536
_HEADER = ROOT / "device_sketch" / "hardware" / "airsketch" / "virtual" / "cores" / "bot" / "bot_host.h"
IMPORTS = frozenset(re.findall(r'BOT_IMPORT\("(\w+)"\)', _HEADER.read_text()))
"""All that a host offers."""


class Modules:
    """Compiles images, each once, and counts the time of their watchdogs."""

    def __init__(self) -> None:
        settings = wasmtime.Config()
        settings.epoch_interruption = True
        self.engine = wasmtime.Engine(settings)
        self._known: dict[str, wasmtime.Module] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        threading.Thread(target=self._tick, daemon=True, name="epochs").start()

    def stop(self) -> None:
        """Let the time of the watchdogs stand still."""
        self._stopped.set()

    def module(self, image: bytes) -> wasmtime.Module:
        """The compiled module of an image.

        Raises:
            Invalid: a bot refuses to start it: no module, no `bot.app`, a strange import, too much memory.
        """
        digest = hashlib.sha256(image).hexdigest()
        with self._lock:
            if digest not in self._known:
                self._known[digest] = self._compile(image)
            return self._known[digest]

    def _compile(self, image: bytes) -> wasmtime.Module:
        read_image(image)
        try:
            module = wasmtime.Module(self.engine, image)
        except wasmtime.WasmtimeError as error:
            raise Invalid("bad_image", f"The image is no WebAssembly module: {error}") from None
        for found in module.imports:
            if found.module != "bot" or found.name not in IMPORTS:
                raise Invalid("bad_image", f"The image imports what no bot has: {found.name}")
        _check_memory(module)
        return module

    def _tick(self) -> None:
        while not self._stopped.wait(TICK_S):
            self.engine.increment_epoch()


def _check_memory(module: wasmtime.Module) -> None:
    for found in module.exports:
        if isinstance(found.type, wasmtime.MemoryType):
            most = found.type.limits.max
            if most is None or most * _PAGE_BYTES > MAX_MEMORY_BYTES:
                raise Invalid("bad_image", "The image asks for more memory than a bot has.")
            return
    raise Invalid("bad_image", "The image exports no memory.")
