"""Log lines with facts: one record is one line of `key=value` pairs, or one JSON object.

    logger.warning("build_lost", extra={"build_id": build_id})

The message is a fixed code; what varies is a fact in `extra`. Facts that hold for a while, like the id of the
request being answered, are bound once and appear on every line of the same thread.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from logging import LogRecord
from logging.config import dictConfig
from typing import Any

from app.kernel.times import iso

_OWN_LOGGERS = ("app", "compiler_worker")
# These say at INFO when a server starts, what is migrated and who is slowed down.
_TELLING_LIBRARIES = ("gunicorn.error", "alembic.runtime.migration", "flask-limiter")
# Without a level of their own these print bare lines by a handler that they bring along.
_SOCKET_LIBRARIES = ("engineio.server", "socketio.server")
_MAX_VALUE_CHARS = 1_000
_MAX_TRACEBACK_CHARS = 8_000
_BARE = re.compile(r'[^\s"=\\]+', re.ASCII)
_RECORD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_bound: ContextVar[Mapping[str, str]] = ContextVar("bound_facts")
_NOTHING: Mapping[str, str] = {}


def configure_logging(level: str = "info", *, as_json: bool = False) -> None:
    """Send the log lines of this process to its standard error.

    Args:
        level: the least level of our own lines; libraries only warn.
    """
    dictConfig(log_configuration(level, as_json=as_json))


def log_configuration(level: str = "info", *, as_json: bool = False) -> dict[str, Any]:
    """The same as `configure_logging` in the form of `logging.config.dictConfig`."""
    passes_on = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": JsonFormatter if as_json else KeyValueFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            **{name: {"level": level.upper(), **passes_on} for name in _OWN_LOGGERS},
            **{name: {"level": "INFO", **passes_on} for name in _TELLING_LIBRARIES},
            **{name: {"level": "ERROR", **passes_on} for name in _SOCKET_LIBRARIES},
        },
    }


@contextmanager
def bound(**facts: str) -> Iterator[None]:
    """Put facts on every line that this thread logs inside the block."""
    token = _bound.set({**bound_facts(), **facts})
    try:
        yield
    finally:
        _bound.reset(token)


def bind(**facts: str) -> None:
    """Put facts on every line that this thread logs until `unbind_all`."""
    _bound.set({**bound_facts(), **facts})


def unbind_all() -> None:
    """Forget all bound facts, so that a thread of a pool does not carry them into its next task."""
    _bound.set(_NOTHING)


def bound_facts() -> Mapping[str, str]:
    """The facts that are bound now."""
    return _bound.get(_NOTHING)


class KeyValueFormatter(logging.Formatter):
    """`time=… level=… logger=… message=… key=value …`; other values are quoted as in JSON."""

    def format(self, record: LogRecord) -> str:
        """One line."""
        return " ".join(f"{key}={_quoted(value)}" for key, value in _facts_of(record).items())


class JsonFormatter(logging.Formatter):
    """One JSON object with the same keys."""

    def format(self, record: LogRecord) -> str:
        """One line."""
        return json.dumps(_facts_of(record))


def _facts_of(record: LogRecord) -> dict[str, str | int | float | bool | None]:
    """All fields of a line, in order. The record's own win over bound ones, fixed keys over both."""
    own = {key: value for key, value in vars(record).items() if key not in _RECORD_FIELDS}
    facts: dict[str, object] = {
        "time": iso(datetime.fromtimestamp(record.created, UTC)),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    facts |= {key: value for key, value in {**bound_facts(), **own}.items() if key not in facts}
    plain = {key: _plain(value) for key, value in facts.items()}
    if record.exc_info:
        # The end of a traceback names the error.
        plain["traceback"] = logging.Formatter().formatException(record.exc_info)[-_MAX_TRACEBACK_CHARS:]
    return plain


def _plain(value: object) -> str | int | float | bool | None:
    """A value that JSON knows, of bounded length."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= _MAX_VALUE_CHARS else f"{text[: _MAX_VALUE_CHARS - 1]}…"


def _quoted(value: str | float | bool | None) -> str:
    """A value that cannot be taken for another pair or another line."""
    if isinstance(value, str) and value.isascii() and _BARE.fullmatch(value) and value.isprintable():
        return value
    return json.dumps(value)
