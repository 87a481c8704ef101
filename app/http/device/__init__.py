"""The dialects that bots speak, each a thin translation to the services."""

from app.http.device import static_link

blueprints = [static_link.bp]
