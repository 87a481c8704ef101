"""JSON in requests: what cannot be read is the caller's error, never a crash."""

from typing import Any

from flask.json.provider import DefaultJSONProvider


class JsonBodies(DefaultJSONProvider):
    """Flask's JSON, which also refuses nesting that is too deep for the parser."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of a text.

        Raises:
            ValueError: not JSON, or nested too deep.
        """
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deep") from None
