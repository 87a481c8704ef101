"""The JSON API for pages and maintainers, below `/api/v1`."""

from app.http.api import accounts, boards, builds, devices, examples, sketches, updates
from app.http.api import flashing as wired_flash
from app.http.api import virtual_devices as virtual_bots

blueprints = [
    module.bp
    for module in (
        accounts,
        boards,
        builds,
        devices,
        examples,
        sketches,
        updates,
        virtual_bots,
        wired_flash,
    )
]
