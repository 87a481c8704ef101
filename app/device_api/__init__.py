"""The dialects that bots speak, each a thin translation to the services."""

from app.device_api import native, static_link

blueprints = [native.bp, static_link.bp]
