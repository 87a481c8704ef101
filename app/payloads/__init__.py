"""Rows as dictionaries: the one shape shared by REST answers, pages and socket events.

Nothing here holds a secret or a server path.
"""

from app.payloads.account import AccountPayload, of_account
from app.payloads.board import CatalogPayload, of_catalog
from app.payloads.build import BuildPayload, LogPayload, QueuePayload, of_build
from app.payloads.device import DevicePayload, of_device
from app.payloads.device_log import DeviceLogPayload, of_device_log
from app.payloads.sketch import RevisionPayload, SketchPayload, of_revision, of_sketch
from app.payloads.update import ReleasePayload, UpdatePayload, of_release, of_update

__all__ = [
    "AccountPayload",
    "BuildPayload",
    "CatalogPayload",
    "DeviceLogPayload",
    "DevicePayload",
    "LogPayload",
    "QueuePayload",
    "ReleasePayload",
    "RevisionPayload",
    "SketchPayload",
    "UpdatePayload",
    "of_account",
    "of_build",
    "of_catalog",
    "of_device",
    "of_device_log",
    "of_release",
    "of_revision",
    "of_sketch",
    "of_update",
]
