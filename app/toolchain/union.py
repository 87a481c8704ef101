"""The union of what several compile workers can build for."""

import re
from collections import defaultdict
from collections.abc import Sequence

from app.toolchain.rules import Board, Catalog, CoreState, CoreStatus, Fqbn

_BY_USE = (CoreState.MISSING, CoreState.INSTALLING, CoreState.INSTALLED)


def union_of(catalogs: Sequence[Catalog]) -> Catalog:
    """What all workers together can build for: a board is available if any of them has it.

    Where workers have different versions of a core, the newest is shown and its message says so.
    """
    return Catalog(
        boards=_boards(catalogs),
        cores=_cores(catalogs),
        tool_version=max((catalog.tool_version for catalog in catalogs), key=_version, default=""),
    )


def best_board(boards: Sequence[tuple[Board, str]]) -> Board | None:
    """Of one board as several workers have it, each with its core's version, the one to build for."""
    best = max(boards, key=lambda entry: (entry[0].available, _version(entry[1])), default=None)
    return best[0] if best else None


def _boards(catalogs: Sequence[Catalog]) -> tuple[Board, ...]:
    found: defaultdict[Fqbn, list[tuple[Board, str]]] = defaultdict(list)
    for catalog in catalogs:
        versions = {core.core: core.version for core in catalog.cores}
        for board in catalog.boards:
            found[board.fqbn].append((board, versions.get(board.core, "")))
    chosen = map(best_board, found.values())
    return tuple(board for board in chosen if board is not None)


def _cores(catalogs: Sequence[Catalog]) -> tuple[CoreStatus, ...]:
    found: defaultdict[str, list[CoreStatus]] = defaultdict(list)
    for catalog in catalogs:
        for core in catalog.cores:
            found[core.core].append(core)
    return tuple(_core(found[name]) for name in sorted(found))


def _core(seen: Sequence[CoreStatus]) -> CoreStatus:
    best = max(seen, key=lambda core: (_BY_USE.index(core.state), _version(core.version)))
    versions = sorted({core.version for core in seen if core.state is CoreState.INSTALLED}, key=_version)
    if len(versions) < 2:
        return best
    message = f"Compile workers have different versions: {', '.join(versions)}."
    return CoreStatus(core=best.core, state=best.state, version=best.version, message=message)


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))
