"""Tables, one noun a file. Importing this package knows them all."""

from app.models.account import Account
from app.models.audit import AuditEntry
from app.models.base import Base
from app.models.board import BoardRow, CoreRow, ToolRow
from app.models.build import Build
from app.models.device import Device
from app.models.device_log import DeviceLog
from app.models.release import Release
from app.models.sketch import Sketch, SketchRevision
from app.models.update import Update
from app.models.virtual_bot import VirtualBot

__all__ = [
    "Account",
    "AuditEntry",
    "Base",
    "BoardRow",
    "Build",
    "CoreRow",
    "Device",
    "DeviceLog",
    "Release",
    "Sketch",
    "SketchRevision",
    "ToolRow",
    "Update",
    "VirtualBot",
]
