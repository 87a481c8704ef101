"""One module alone makes updates and moves them; a second way would forget the device."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_OWNER = ROOT / "app" / "updates" / "transitions.py"


def _offences(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt))
    return [f"{path.relative_to(ROOT)}:{node.lineno}" for node in nodes if _moves_an_update(node)]


def _moves_an_update(node: ast.AST) -> bool:
    """Whether a node makes an `Update`, writes to the table by a statement, or sets `update_status`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "update_status" and isinstance(node.ctx, ast.Store)
    if not isinstance(node, ast.Call):
        return False
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    names = [argument.id for argument in node.args if isinstance(argument, ast.Name)]
    return called == "Update" or (called == "update" and "Update" in names)


def test_an_update_moves_in_one_place_only() -> None:
    others = [
        path for path in (ROOT / "app").rglob("*.py") if path != _OWNER and "migrations" not in path.parts
    ]
    assert [offence for path in others for offence in _offences(path)] == []


def test_the_one_place_is_found_by_this_test() -> None:
    assert len(_offences(_OWNER)) >= 3
