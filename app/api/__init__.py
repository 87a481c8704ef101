"""The JSON API for pages and maintainers, below `/api/v1`."""

from app.api import accounts, boards, builds, devices, examples, sketches, updates, virtual_bots, wired_flash

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
