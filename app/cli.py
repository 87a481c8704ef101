"""Commands for operators: `flask --app wsgi <command>`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import click
from flask import Flask, render_template
from flask.cli import with_appcontext

from app.accounts.service import as_actor
from app.devices.enrolment import as_csv, read_ids
from app.devices.labels import make_labels
from app.devices.provisioning import is_taken
from app.devices.rules import DeviceId, parse_product_id
from app.flashing.nvs_identity import parse_server
from app.http.responses import current_runtime
from app.kernel.actor import Actor
from app.kernel.errors import AppError, Invalid
from app.sketches.examples import read_example
from config import DEMO_PASSWORD, DEMO_PRODUCT_ID, ROOT, Registration

# The first is flashed over USB, as a new board has a sketch; the last stands on top of the list.
_DEMO_EXAMPLES = ("OtaAware", "Blink")


def register_commands(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (create_maintainer, enrol_device, seed_demo):
        app.cli.add_command(command)


@click.command("create-maintainer")
@click.argument("login_name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@with_appcontext
def create_maintainer(login_name: str, password: str) -> None:
    """Create an account that may see everybody's bots."""
    with _plain_errors():
        current_runtime().accounts.create_maintainer(Actor.cli(), login_name=login_name, password=password)
    click.echo(f"{login_name} can log in now.")


@click.command("enrol-device")
@click.argument("product_id", required=False)
@click.option(
    "--csv", "csv_file", type=click.File(encoding="utf-8-sig"), help="A file of product ids, one per line."
)
@click.option(
    "--count", type=click.IntRange(min=1), help="How many bots to enrol, with the next free numbers."
)
@click.option("--prefix", default="bot_", show_default=True, help="What precedes the numbers.")
@click.option(
    "--labels",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write printable labels to this new file.",
)
@click.option("--origin", default="", help="Server address on the labels; default: AIRSKETCH_PUBLIC_ORIGIN.")
@with_appcontext
def enrol_device(
    *,
    product_id: str | None,
    csv_file: TextIO | None,
    count: int | None,
    prefix: str,
    labels: Path | None,
    origin: str,
) -> None:
    """Enrol bots that their future owners may register; prints their initial passwords, once.

    Name one PRODUCT_ID, or a file with --csv, or a number with --count. All are enrolled, or none.
    """
    if sum(value is not None for value in (product_id, csv_file, count)) != 1:
        raise click.UsageError("Name one PRODUCT_ID, or --csv FILE, or --count N.")
    enrolment = current_runtime().enrolment
    with _plain_errors(), _new_private_file(labels) as file:
        address = _label_origin(origin) if file else ""
        if csv_file is not None:
            ids = read_ids(csv_file.read())
        elif count is not None:
            ids = enrolment.free_ids(prefix=prefix, count=count)
        else:
            ids = [parse_product_id(product_id or "")]
        entered = enrolment.enrol(Actor.cli(), ids)
        if file:
            file.write(render_template("labels.html", labels=make_labels(entered, origin=address)))
    if product_id is None:
        click.echo(as_csv(entered), nl=False)
    else:
        click.echo(f"Enrolled {product_id}. Initial password: {entered[0].initial_password}")


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Create the demo account with a virtual bot and two sketches, if there is none; never in production."""
    runtime = current_runtime()
    if runtime.settings.production:
        raise click.ClickException("A production server has no demo account: its password is public.")
    if is_taken(runtime.sessions(), DeviceId(DEMO_PRODUCT_ID)):
        click.echo(f"{DEMO_PRODUCT_ID} exists already.")
        return
    # Who may register over the network is another matter.
    settings = replace(runtime.settings, registration=Registration.OPEN)
    claims = replace(runtime, settings=settings).claims
    with _plain_errors():
        account = claims.register(Actor.cli(), product_id=DEMO_PRODUCT_ID, password=DEMO_PASSWORD)
        owner = as_actor(account, address="")
        runtime.virtual_devices.make_virtual(owner, DeviceId(DEMO_PRODUCT_ID))
        for name in _DEMO_EXAMPLES:
            runtime.sketches.create(owner, read_example(ROOT / "sketches" / "examples", name))
    click.echo(f"Demo account: {DEMO_PRODUCT_ID}, password {DEMO_PASSWORD}")


def _label_origin(given: str) -> str:
    """The address that the labels lead to.

    Raises:
        Invalid: there is none, or it is no address.
    """
    origin = given or current_runtime().settings.public_origin
    if not origin:
        raise Invalid(
            "no_origin", "Give the address of this server with --origin, like https://bots.example.org."
        )
    return parse_server(origin)


@contextmanager
def _new_private_file(path: Path | None) -> Iterator[TextIO | None]:
    """A new file that only its owner may read, deleted when the block fails; None for None."""
    if path is None:
        yield None
        return
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise click.ClickException(
            f"“{path}” cannot be created: {error.strerror}. Choose a new file."
        ) from error
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn an expected error into one line and a bad exit code."""
    try:
        yield
    except AppError as error:
        raise click.ClickException(error.message) from error
