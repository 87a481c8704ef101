"""The pages: each renders a shell; its scripts load the rest from the API."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.devices.rules import DeviceId
from app.http.actor import current_actor
from app.http.pages.security import allow_connections
from app.http.responses import current_runtime
from app.kernel.errors import NotFound
from app.virtual_devices.service import may_run_in_page

bp = Blueprint("pages", __name__)


@bp.get("/")
def start() -> ResponseReturnValue:
    """Show visitors the welcome page, and users their sketches."""
    if current_user.is_authenticated:
        return redirect("/sketches")
    return render_template("landing.html", registration=current_runtime().settings.registration)


@bp.get("/sketches")
def show_sketches() -> str:
    """Show the sketches of the account, and the ways to create one."""
    return render_template("sketches.html")


@bp.get("/sketches/<sketch_id>")
def show_sketch(sketch_id: str) -> str:
    """Show the editor of one sketch, its builds and the way to a bot."""
    sketch = current_runtime().sketches.get(current_actor(), sketch_id)
    return render_template("ide.html", sketch_id=sketch.id, sketch_name=sketch.name)


@bp.get("/devices")
def show_devices() -> str:
    """Show the bots of the account, and the form to claim another."""
    return render_template("devices.html")


@bp.get("/devices/<device_id>")
def show_device(device_id: DeviceId) -> str:
    """Show one bot; maintainers may see everybody's."""
    actor = current_actor()
    device = current_runtime().devices.get(actor, device_id)
    is_mine = device.account_id == actor.account_id
    runs_in_page = is_mine and may_run_in_page(device)
    return render_template("device.html", device_id=device.id, is_mine=is_mine, runs_in_page=runs_in_page)


@bp.get("/devices/<device_id>/virtual")
def show_virtual_bot(device_id: DeviceId) -> str:
    """Show a bot that runs in this page; only for its owner."""
    runtime, actor = current_runtime(), current_actor()
    device = runtime.devices.get_own(actor, device_id)
    if not may_run_in_page(device):
        raise NotFound("not_virtual", "This is a physical bot; it cannot run in a browser.")
    rules = runtime.virtual_devices.rules(actor, device_id)
    allow_connections(rules.allowed_origins)
    return render_template("virtual_bot.html", device_id=device.id, origins=" ".join(rules.allowed_origins))


@bp.get("/virtual-bots")
def show_virtual_bots() -> str:
    """Show all virtual bots that live in the visitor's browser."""
    return render_template("virtual_bots.html")


@bp.get("/devices/<device_id>/flash")
def show_first_flash(device_id: DeviceId) -> str:
    """Show the first flash over USB; its files contain secrets, so only for the owner."""
    device = current_runtime().devices.get_own(current_actor(), device_id)
    return render_template("flash.html", device_id=device.id)
