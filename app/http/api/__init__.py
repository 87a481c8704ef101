"""The JSON API for pages and maintainers, below `/api/v1`."""

from app.http.api import (
    accounts,
    boards,
    builds,
    devices,
    examples,
    flashing,
    sketches,
    updates,
    virtual_devices,
)

blueprints = [
    module.bp
    for module in (
        accounts,
        boards,
        builds,
        devices,
        examples,
        flashing,
        sketches,
        updates,
        virtual_devices,
    )
]
