"""Small images and finished builds that really have them on the disk."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import ArtifactStore, DiskArtifactStore
from app.builds.images import read_image
from app.builds.rules import FIRMWARE_NAME
from app.builds.tables import Build
from tests.factories import make_build


def virtual_image(version: str = "1", padding: int = 100) -> bytes:
    """A WebAssembly module without code that is an image of the virtual bot, about `padding` bytes long."""
    facts = json.dumps({"project": "Blink", "version": version, "abi": 1}).encode()
    return module(section(b"bot.app", facts), section(b"padding", bytes(padding)))


def module(*sections: bytes) -> bytes:
    """A WebAssembly module of these sections."""
    return b"\0asm\1\0\0\0" + b"".join(sections)


def section(name: bytes, content: bytes) -> bytes:
    """A custom section."""
    body = bytes([len(name)]) + name + content
    return b"\0" + _leb128(len(body)) + body


def built(
    session: Session,
    artifacts: DiskArtifactStore,
    account: Account,
    data: bytes | None = None,
    more: Mapping[str, bytes] | None = None,
    **values: Any,
) -> Build:
    """A succeeded build with its image in the store, and `more` files by name."""
    image = data if data is not None else virtual_image()
    facts = read_image(image)
    build = make_build(
        session,
        account=account,
        **{
            "sha256": facts.sha256,
            "image_digest": facts.image_digest,
            "image_bytes": facts.size_bytes,
            "version": facts.version,
            "chip": facts.chip,
            **values,
        },
    )
    artifacts.publish(build.id, [(FIRMWARE_NAME, image), *(more or {}).items()])
    return build


def path_of(artifacts: ArtifactStore, build_id: str, name: str = FIRMWARE_NAME) -> Path:
    """Where an artifact lies, to damage it."""
    assert isinstance(artifacts, DiskArtifactStore)
    return artifacts.root / build_id / "artifacts" / name


def _leb128(value: int) -> bytes:
    groups = []
    while value >= 0x80:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
