"""Each line that the program logs has a fixed code as its message and reaches the log with its facts."""

import ast
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.kernel.logging import KeyValueFormatter

ROOT = Path(__file__).resolve().parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


@dataclass(frozen=True)
class LogCall:
    """A call of a module's `logger`."""

    place: str
    node: ast.Call

    @property
    def extra(self) -> ast.expr | None:
        return next((word.value for word in self.node.keywords if word.arg == "extra"), None)


def log_calls() -> Iterator[LogCall]:
    for top in ("app", "compiler_worker"):
        for path in sorted((ROOT / top).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                on = node.func.value
                if node.func.attr in LEVELS and isinstance(on, ast.Name) and on.id == "logger":
                    yield LogCall(f"{path.relative_to(ROOT)}:{node.lineno}", node)


CALLS = list(log_calls())


def test_the_calls_are_found() -> None:
    assert len([call for call in CALLS if call.extra is not None]) >= 15


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.place)
def test_the_message_is_a_code_and_every_fact_reaches_the_line(call: LogCall) -> None:
    (message,) = call.node.args
    assert isinstance(message, ast.Constant), "the message is fixed; what varies is a fact"
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", str(message.value)), message.value
    if call.extra is None:
        return
    assert isinstance(call.extra, ast.Dict), "the facts are named where they are logged"
    names = [ast.literal_eval(key) for key in call.extra.keys if key is not None]
    assert len(names) == len(call.extra.keys)
    logger = logging.getLogger("app")
    facts = {name: f"value-of-{name}" for name in names}
    # `makeRecord` refuses names that a record has already.
    record = logger.makeRecord("app", logging.INFO, "", 1, message.value, (), None, extra=facts)
    line = KeyValueFormatter().format(record)
    assert [name for name in names if f" {name}=value-of-{name}" not in line] == []
