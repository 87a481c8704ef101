"""Small images and finished builds that really have them on the disk."""

import json
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.tables import Account
from app.builds.artifact_store import DiskArtifactStore
from app.builds.images import read_image
from app.builds.rules import FIRMWARE_NAME, BuildId
from app.builds.tables import Build
from tests.factories import make_build


def virtual_image(version: str = "1", padding: int = 100) -> bytes:
    """A WebAssembly module without code that is an image of the virtual bot, about `padding` bytes long."""
    facts = json.dumps({"project": "Blink", "version": version, "abi": 1}).encode()
    return b"\0asm\1\0\0\0" + _section(b"bot.app", facts) + _section(b"padding", bytes(padding))


def built(
    session: Session,
    artifacts: DiskArtifactStore,
    account: Account,
    data: bytes | None = None,
    **values: Any,
) -> Build:
    """A succeeded build with its image in the store."""
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
    output = artifacts.new_output(BuildId(build.id))
    (output / FIRMWARE_NAME).write_bytes(image)
    artifacts.publish(BuildId(build.id), output)
    return build


def _section(name: bytes, content: bytes) -> bytes:
    body = bytes([len(name)]) + name + content
    return b"\0" + _leb128(len(body)) + body


def _leb128(value: int) -> bytes:
    groups = []
    while value >= 0x80:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
