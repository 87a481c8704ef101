"""What was logged, as an operator would read it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from app.kernel.logging import KeyValueFormatter


class Log:
    """The lines logged so far."""

    def __init__(self, stream: StringIO) -> None:
        self._stream = stream

    def text(self) -> str:
        """All lines."""
        return self._stream.getvalue()

    def lines(self, message: str) -> list[str]:
        """The lines with this message."""
        return [line for line in self.text().splitlines() if f" message={message} " in f"{line} "]


@contextmanager
def recorded_log() -> Iterator[Log]:
    """Everything that is logged in the block, however fine."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(KeyValueFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield Log(stream)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
