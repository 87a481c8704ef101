"""Releases: a build with a version, offered to devices; immutable."""

from typing import NewType

from app.toolchain.rules import Fqbn

ReleaseId = NewType("ReleaseId", str)


def fits(*, chip: str, fqbn: Fqbn, bot_chip: str, bot_board: str) -> bool:
    """Whether a bot can run an image.

    Args:
        chip: the chip the image is made for.
        fqbn: the board the image is built for.
        bot_chip: the bot's chip; empty if unknown, then its board must be the same, options aside.
        bot_board: the bot's board; empty if it never called, then the bot decides itself.
    """
    if bot_chip:
        return chip == bot_chip
    return not bot_board or _without_options(fqbn) == _without_options(bot_board)


def _without_options(fqbn: str) -> str:
    return ":".join(fqbn.split(":", 3)[:3])
