"""Boards: hardware models the toolchain can build for, named by their FQBN."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from app.kernel.errors import Invalid

Fqbn = NewType("Fqbn", str)
WorkerName = NewType("WorkerName", str)
"""Names a compile worker and what is installed there; the same after a restart."""

VIRTUAL_FQBN = Fqbn("airsketch:virtual:bot")
VIRTUAL_CHIP = "virtual"
ESP32_CORE = "esp32:esp32"

# Arduino's FQBN: vendor:architecture:board, then options `key=value` joined by commas.
_FQBN = re.compile(
    r"[A-Za-z0-9_.-]{1,64}(:[A-Za-z0-9_.-]{1,64}){2}(:[A-Za-z0-9_.-]+=[A-Za-z0-9_.-]+(,[A-Za-z0-9_.-]+=[A-Za-z0-9_.-]+){0,15})?"
)

# Chip ids of the ESP32 application image header (ESP-IDF esp_chip_id_t).
CHIP_IDS: dict[int, str] = {
    0: "esp32",
    2: "esp32s2",
    5: "esp32c3",
    9: "esp32s3",
    12: "esp32c2",
    13: "esp32c6",
    16: "esp32h2",
    18: "esp32p4",
    20: "esp32c61",
    23: "esp32c5",
}


class CoreState(StrEnum):
    """Whether the core of a chip family can be used here."""

    INSTALLED = "installed"
    INSTALLING = "installing"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board that sketches can be built for.

    Attributes:
        fqbn: its full name for arduino-cli.
        name: its name for people.
        core: the core it belongs to, `vendor:architecture`.
        chip: `virtual`, or a name of `CHIP_IDS`.
        slot_bytes: size of one application slot in bytes; 0 if not known yet.
        available: whether a build for it can be asked for now.
        reason: why it is not available, a sentence for people; empty if it is.
        toolchain_key: hex digest over tool, core and library versions that go into its builds.
    """

    fqbn: Fqbn
    name: str
    core: str
    chip: str
    slot_bytes: int
    available: bool
    reason: str
    toolchain_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreStatus:
    """A core on this server.

    Attributes:
        core: `vendor:architecture`.
        state: see CoreState.
        version: installed version; empty if none.
        message: the present step of an installation or the reason it is missing; for people.
    """

    core: str
    state: CoreState
    version: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """What a compile worker, or all of them together, can build for."""

    boards: tuple[Board, ...]
    cores: tuple[CoreStatus, ...]
    tool_version: str

    def board(self, fqbn: Fqbn) -> Board | None:
        """One board, or None if there is none of this name."""
        return next((board for board in self.boards if board.fqbn == fqbn), None)

    def installed_cores(self) -> list[str]:
        """The cores that can be used."""
        return [core.core for core in self.cores if core.state is CoreState.INSTALLED]


def parse_fqbn(text: str) -> Fqbn:
    """Accept a well-formed FQBN.

    Raises:
        Invalid: `text` is not `vendor:architecture:board[:options]`.
    """
    if len(text) > 256 or not _FQBN.fullmatch(text):
        raise Invalid("bad_fqbn", "Choose a board from the list.", {"fqbn": text[:256]})
    return Fqbn(text)


def without_options(fqbn: str) -> Fqbn:
    """The board alone: `vendor:architecture:board`."""
    return Fqbn(":".join(fqbn.split(":", 3)[:3]))


def core_of(fqbn: Fqbn) -> str:
    """The core (`vendor:architecture`) that an FQBN belongs to."""
    vendor, architecture, _ = fqbn.split(":", 2)
    return f"{vendor}:{architecture}"
