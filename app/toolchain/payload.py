"""Boards and cores as pages see them; keys that only builds need stay behind."""

from typing_extensions import TypedDict

from app.kernel.payload_types import FqbnText
from app.toolchain.rules import Catalog, CoreState


class BoardPayload(TypedDict):
    """A board; `reason` says why it is unavailable."""

    fqbn: FqbnText
    name: str
    core: str
    chip: str
    slot_bytes: int
    available: bool
    reason: str


class CorePayload(TypedDict):
    """The core of one chip family, and the state of its installation."""

    core: str
    state: CoreState
    version: str
    message: str


class CatalogPayload(TypedDict):
    """Boards and cores of this server."""

    boards: list[BoardPayload]
    cores: list[CorePayload]
    tool_version: str


def of_catalog(catalog: Catalog) -> CatalogPayload:
    """Boards and cores; keys that only builds need stay behind."""
    return {
        "boards": [
            {
                "fqbn": board.fqbn,
                "name": board.name,
                "core": board.core,
                "chip": board.chip,
                "slot_bytes": board.slot_bytes,
                "available": board.available,
                "reason": board.reason,
            }
            for board in catalog.boards
        ],
        "cores": [
            {"core": core.core, "state": core.state, "version": core.version, "message": core.message}
            for core in catalog.cores
        ],
        "tool_version": catalog.tool_version,
    }
