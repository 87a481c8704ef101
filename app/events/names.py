"""Events for pages: the names of Socket.IO events and of the rooms they go to.

Every body is a payload of its feature, whole, with the row's `revision`; no reader refetches.
"""

from enum import StrEnum


class EventName(StrEnum):
    """The events a page can receive."""

    BUILD_CHANGED = "build.changed"
    BUILD_LOG = "build.log"
    BUILD_QUEUE = "build.queue"
    DEVICE_CHANGED = "device.changed"
    DEVICE_LOG = "device.log"
    UPDATE_CHANGED = "update.changed"
    SKETCH_SAVED = "sketch.saved"
    BOARDS_CHANGED = "boards.changed"


def account_room(account_id: str) -> str:
    """Everything of one owner: builds, devices and their logs, updates, saved sketches."""
    return f"account:{account_id}"


def build_room(build_id: str) -> str:
    """The log of one build."""
    return f"build:{build_id}"


TOOLCHAIN_ROOM = "toolchain"
"""Boards and cores of this server; open to everyone who is logged in."""

MAINTAINERS_ROOM = "maintainers"
"""Every device and update; open to maintainers."""
