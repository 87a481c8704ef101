"""Texts that payloads are made of, each with the form and the example that the API's description shows."""

from typing import Annotated

from pydantic import Field

IsoTime = Annotated[
    str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-05-04T12:00:00.000Z"])
]
"""A UTC time as `app.kernel.times` writes it."""

Sha256Hex = Annotated[
    str, Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
]
"""A SHA-256 in lower-case hex; empty where there is none yet."""

RowId = Annotated[str, Field(examples=["3f6c1f0b0e9a4d7c8f5e2a1b9c0d4e7f"])]
"""The id of a row: 32 lower-case hex digits."""

ProductId = Annotated[str, Field(examples=["bot_001"])]
"""The id of a bot."""

FqbnText = Annotated[str, Field(examples=["airsketch:virtual:bot"])]
"""A board: `vendor:architecture:board`, then its options."""
