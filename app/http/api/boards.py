"""Boards this server can build for."""

from apiflask import APIBlueprint

from app.http.responses import current_runtime
from app.toolchain.payload import CatalogPayload, of_catalog

bp = APIBlueprint("boards", __name__, url_prefix="/api/v1", tag="Boards")


@bp.get("/boards")
def read_boards() -> CatalogPayload:
    """List boards and cores; an unavailable board says why."""
    return of_catalog(current_runtime().toolchain.catalog())
