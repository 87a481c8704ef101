"""The dialects that bots speak, each a thin translation to the services."""

from app.device_api import static_link

blueprints = [static_link.bp]
