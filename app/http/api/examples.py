"""Example sketches."""

from apiflask import APIBlueprint

from app.sketches.examples import Example, list_examples
from config import ROOT

bp = APIBlueprint("examples", __name__, url_prefix="/api/v1", tag="Examples")

EXAMPLES_DIR = ROOT / "sketches" / "examples"


@bp.get("/examples")
def read_examples() -> dict[str, list[Example]]:
    """List the examples a sketch can start from."""
    return {"examples": list_examples(EXAMPLES_DIR)}
