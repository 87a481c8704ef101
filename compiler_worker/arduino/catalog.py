"""The boards of this server: what the virtual board and the ESP32 core offer, and under which versions."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.toolchain.rules import (
    CHIP_IDS,
    ESP32_CORE,
    VIRTUAL_CHIP,
    VIRTUAL_FQBN,
    Board,
    Catalog,
    CoreState,
    CoreStatus,
    Fqbn,
    core_of,
)
from compiler_worker.arduino.toolchain import Toolchain, ToolchainError

_NO_ESP32 = "The ESP32 core is not installed on this server."
_NOT_IN_CORE = "The installed ESP32 core does not know this board."


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    chip: str


# The boards offered, in the order of the list: the plain module of each chip family first.
_KNOWN: dict[Fqbn, _Known] = {
    Fqbn(f"{ESP32_CORE}:{board}"): _Known(name, chip)
    for board, name, chip in (
        ("esp32", "ESP32 Dev Module", "esp32"),
        ("esp32doit-devkit-v1", "DOIT ESP32 DEVKIT V1", "esp32"),
        ("nodemcu-32s", "NodeMCU-32S", "esp32"),
        ("d1_mini32", "WEMOS D1 MINI ESP32", "esp32"),
        ("esp32s2", "ESP32S2 Dev Module", "esp32s2"),
        ("lolin_s2_mini", "LOLIN S2 Mini", "esp32s2"),
        ("esp32s3", "ESP32S3 Dev Module", "esp32s3"),
        ("XIAO_ESP32S3", "XIAO_ESP32S3", "esp32s3"),
        ("esp32c3", "ESP32C3 Dev Module", "esp32c3"),
        ("lolin_c3_mini", "LOLIN C3 Mini", "esp32c3"),
        ("XIAO_ESP32C3", "XIAO_ESP32C3", "esp32c3"),
        ("esp32c6", "ESP32C6 Dev Module", "esp32c6"),
        ("XIAO_ESP32C6", "XIAO_ESP32C6", "esp32c6"),
    )
}


def read_catalog(toolchain: Toolchain) -> Catalog:
    """Ask the toolchain what it can build for.

    Raises:
        ToolchainError: arduino-cli is missing, or the virtual board is.
    """
    tool_version = _text(toolchain.ask("version"), "VersionString")
    installed = _installed(toolchain.ask("board", "listall"))
    if VIRTUAL_FQBN not in installed:
        raise ToolchainError("The virtual board is missing from the sketchbook.")
    keys = _Keys(toolchain, tool_version)
    offered = [VIRTUAL_FQBN, *_KNOWN]
    boards = [_board(toolchain, fqbn, installed, keys) for fqbn in offered]
    versions = {core_of(fqbn): found.version for fqbn, found in installed.items()}
    return Catalog(boards=tuple(boards), cores=_cores(versions), tool_version=tool_version)


@dataclass(frozen=True, slots=True)
class _Installed:
    name: str
    version: str


def _installed(answer: Mapping[str, object]) -> dict[Fqbn, _Installed]:
    """The boards of `board listall --json`."""
    found: dict[Fqbn, _Installed] = {}
    for board in _list(answer, "boards"):
        release = _dict(_dict(board, "platform"), "release")
        found[Fqbn(_text(board, "fqbn"))] = _Installed(_text(board, "name"), _text(release, "version"))
    return found


def _board(toolchain: Toolchain, fqbn: Fqbn, installed: Mapping[Fqbn, _Installed], keys: "_Keys") -> Board:
    core = core_of(fqbn)
    if fqbn not in installed:
        known = _KNOWN[fqbn]
        has_core = any(core_of(other) == core for other in installed)
        return Board(
            fqbn=fqbn,
            name=known.name,
            core=core,
            chip=known.chip,
            slot_bytes=0,
            available=False,
            reason=_NOT_IN_CORE if has_core else _NO_ESP32,
            toolchain_key="",
        )
    properties = _properties(toolchain.ask("board", "details", "-b", fqbn, "--show-properties=expanded"))
    mcu = properties.get("build.mcu", "")
    return Board(
        fqbn=fqbn,
        name=installed[fqbn].name,
        core=core,
        chip=mcu if mcu in CHIP_IDS.values() else VIRTUAL_CHIP,
        slot_bytes=int(properties.get("upload.maximum_size", "0")),
        available=True,
        reason="",
        toolchain_key=keys.of(core, installed[fqbn].version),
    )


def _properties(answer: Mapping[str, object]) -> dict[str, str]:
    lines = answer.get("build_properties")
    if not isinstance(lines, list):
        raise ToolchainError("arduino-cli returned no properties of a board.")
    return dict(str(line).partition("=")[::2] for line in lines)


def _cores(versions: Mapping[str, str]) -> tuple[CoreStatus, ...]:
    return tuple(
        CoreStatus(
            core=core,
            state=CoreState.INSTALLED if core in versions else CoreState.MISSING,
            version=versions.get(core, ""),
            message="" if core in versions else _NO_ESP32,
        )
        for core in (core_of(VIRTUAL_FQBN), ESP32_CORE)
    )


class _Keys:
    """Digests over everything besides the sketch that decides the bytes of a firmware.

    A core from the boards manager is known by its version; our own platform and libraries, and zig, which
    change without a new version while they are worked on, by their content.
    """

    def __init__(self, toolchain: Toolchain, tool_version: str) -> None:
        self._sketchbook = toolchain.sketchbook
        stamp = toolchain.tools / "zig" / "ready.txt"
        zig = stamp.read_text(encoding="utf-8").splitlines()[0] if stamp.exists() else ""
        self._common = [tool_version, zig, tree_digest(self._sketchbook / "libraries")]

    def of(self, core: str, version: str) -> str:
        """The key of a core's boards, as lower-case hex SHA-256."""
        platform = self._sketchbook / "hardware" / core.replace(":", "/")
        parts = ["toolchain-v1", *self._common, core, version, tree_digest(platform)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def tree_digest(folder: Path) -> str:
    """The digest of names and contents of all files below a folder; of nothing when it is missing."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\n{path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _text(value: Mapping[str, object], key: str) -> str:
    text = value.get(key, "")
    if not isinstance(text, str):
        raise ToolchainError(f"arduino-cli's answer has no text “{key}”.")
    return text


def _dict(value: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = value.get(key)
    if not isinstance(found, dict):
        raise ToolchainError(f"arduino-cli's answer has no “{key}”.")
    return found


def _list(value: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    found = value.get(key)
    if not isinstance(found, list):
        raise ToolchainError(f"arduino-cli's answer has no list “{key}”.")
    return found
