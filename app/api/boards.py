"""Boards this server can build for."""

from apiflask import APIBlueprint
from flask_login import login_required

from app.http import current_runtime
from app.payloads import CatalogPayload, of_catalog
from app.services import boards

bp = APIBlueprint("boards", __name__, url_prefix="/api/v1", tag="Boards")


@bp.get("/boards")
@login_required
def read_boards() -> CatalogPayload:
    """List boards and cores; a board that cannot be built for says why."""
    return of_catalog(boards.read_catalog(current_runtime().sessions()))
