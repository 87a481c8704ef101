"""Installs the ESP32 core while the server already works: `python -m compiler_worker.worker.cores`.

It needs the open internet. Without it the boards stay greyed out with the reason, and the next start
tries again. arduino-cli runs outside of the jail here: it gets no source of a user, and it needs the network.
"""

import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from app.toolchain.rules import ESP32_CORE, CoreState, CoreStatus
from compiler_worker.arduino.catalog import read_catalog
from compiler_worker.arduino.toolchain import ToolchainError
from compiler_worker.sandbox.jail import JailError
from compiler_worker.sandbox.process import Limits, Listener, Outcome, Stream, run
from compiler_worker.worker.context import WorkerContext, begin_logging, worker_context

logger = logging.getLogger("compiler_worker.worker.cores")

# ESP-IDF 5.1 below it; the newest of its line.
ESP32_VERSION = "3.0.7"
_INDEX_URL = "https://espressif.github.io/arduino-esp32/package_esp32_index.json"
_INDEX_LIMIT_S = 120
# About 400 MB are loaded and 3 GB are unpacked.
_INSTALL_LIMIT_S = 3600
_MAX_FILE_BYTES = 4 * 1024**3
_REPORT_INTERVAL_S = 1.0
_MAX_MESSAGE_CHARS = 200
_OFFLINE = "Its boards need internet access once to download the ESP32 core. The next start tries again."


class _Installation:
    """One attempt to install the core, reported to the pages step by step."""

    def __init__(self, context: WorkerContext) -> None:
        self._context = context
        self._reported_at = 0.0

    def run(self) -> bool:
        """Load the index, then the core; False if either fails."""
        self._report("Checking for the ESP32 core …", force=True)
        if not self._call(["core", "update-index"], _INDEX_LIMIT_S):
            return False
        return self._call(
            ["core", "install", f"{ESP32_CORE}@{ESP32_VERSION}", "--no-overwrite"], _INSTALL_LIMIT_S
        )

    def _call(self, arguments: Sequence[str], limit_s: float) -> bool:
        tools = self._context.toolchain.tools
        outcome: Outcome = run(
            [str(tools / "bin" / "arduino-cli"), *arguments, "--no-color"],
            env=_environment(tools),
            cwd=tools,
            limits=Limits(wall_s=limit_s, file_bytes=_MAX_FILE_BYTES),
            listener=Listener(on_line=self._take),
        )
        if outcome.rc != 0:
            logger.warning(
                "core_not_installed",
                extra={"step": arguments[1], "end": outcome.end, "output": outcome.err[-500:]},
            )
        return outcome.rc == 0

    def _take(self, stream: Stream, line: str) -> None:
        # Progress bars are drawn over themselves with carriage returns; the last state counts.
        text = line.rpartition("\r")[2].strip()
        if stream is Stream.OUT and text:
            self._report(text)

    def _report(self, message: str, *, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._reported_at < _REPORT_INTERVAL_S:
            return
        self._reported_at = now
        _set_core(self._context, CoreState.INSTALLING, message[:_MAX_MESSAGE_CHARS])


def _environment(tools: Path) -> dict[str, str]:
    """An allow-list; proxies are how some networks reach the internet."""
    passed = (
        "PATH",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "SSL_CERT_FILE",
    )
    return {
        **{name: os.environ[name] for name in passed if name in os.environ},
        "HOME": str(tools),
        "LC_ALL": "C.UTF-8",
        "ARDUINO_DIRECTORIES_DATA": str(tools / "arduino" / "data"),
        "ARDUINO_DIRECTORIES_DOWNLOADS": str(tools / "arduino" / "downloads"),
        "ARDUINO_DIRECTORIES_USER": str(tools / "arduino" / "empty-sketchbook"),
        "ARDUINO_BOARD_MANAGER_ADDITIONAL_URLS": _INDEX_URL,
        "ARDUINO_UPDATER_ENABLE_NOTIFICATION": "false",
    }


def _set_core(context: WorkerContext, state: CoreState, message: str) -> None:
    core = CoreStatus(core=ESP32_CORE, state=state, version="", message=message)
    context.runtime.toolchain.set_core(context.name, core)
    context.sessions.remove()


def _publish(context: WorkerContext) -> None:
    context.runtime.toolchain.publish(context.name, read_catalog(context.toolchain))
    context.sessions.remove()


def _is_installed(context: WorkerContext) -> bool:
    return ESP32_CORE in read_catalog(context.toolchain).installed_cores()


def main() -> int:
    """Install the core unless it is installed; without internet access report that, which is no error."""
    try:
        context = worker_context()
        if _is_installed(context):
            sys.stdout.write("The ESP32 core is installed.\n")
            return 0
        if _Installation(context).run():
            _publish(context)
            sys.stdout.write(f"The ESP32 core {ESP32_VERSION} is now installed.\n")
            return 0
    except (JailError, ToolchainError) as error:
        sys.stderr.write(f"The ESP32 core cannot be kept up to date: {error}\n")
        return 1
    _set_core(context, CoreState.MISSING, _OFFLINE)
    sys.stdout.write(f"{_OFFLINE}\n")
    return 0


if __name__ == "__main__":
    begin_logging()
    sys.exit(main())
