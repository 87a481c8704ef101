"""Commands for whoever runs the server: `flask --app wsgi <command>`."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from flask import Flask
from flask.cli import with_appcontext

from app.domain.accounts import Registration
from app.domain.errors import AppError
from app.http import current_runtime
from app.services import accounts, sketches
from app.services.examples import read_example
from app.services.provisioning import is_known
from config import ROOT

DEMO_PRODUCT_ID = "bot_001"
DEMO_PASSWORD = "12345678"  # noqa: S105 - public by design, for a first look on one's own machine
_DEMO_EXAMPLE = "Blink"
# Without 0/O, 1/l/I: the password is typed from a label.
_PASSWORD_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105 - the letters, not a password
_PASSWORD_CHARS = 12


def register_commands(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (create_maintainer, enrol_device, seed_demo, doctor):
        app.cli.add_command(command)


@click.command("create-maintainer")
@click.argument("login_name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@with_appcontext
def create_maintainer(login_name: str, password: str) -> None:
    """Make an account that may look after everybody's bots."""
    runtime = current_runtime()
    with _plain_errors():
        accounts.create_maintainer(
            runtime.sessions(), login_name=login_name, password=password, parts=runtime.account_parts()
        )
    click.echo(f"{login_name} can log in now.")


@click.command("enrol-device")
@click.argument("product_id")
@with_appcontext
def enrol_device(product_id: str) -> None:
    """Enter a bot that its future owner may register; prints its initial password, once."""
    runtime = current_runtime()
    password = "".join(secrets.choice(_PASSWORD_ALPHABET) for _ in range(_PASSWORD_CHARS))
    with _plain_errors():
        accounts.enter_inventory(
            runtime.sessions(),
            product_id=product_id,
            initial_password=password,
            actor="cli",
            parts=runtime.account_parts(),
        )
    click.echo(f"{product_id} is entered. Initial password: {password}")


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Make the demo account with one sketch, if it is not there; never in production."""
    runtime = current_runtime()
    if runtime.settings.production:
        raise click.ClickException("A server in production gets no demo account: its password is public.")
    if is_known(runtime.sessions(), product_id=DEMO_PRODUCT_ID):
        click.echo(f"{DEMO_PRODUCT_ID} is there already.")
        return
    with _plain_errors():
        account = accounts.register(
            runtime.sessions(),
            product_id=DEMO_PRODUCT_ID,
            password=DEMO_PASSWORD,
            # Who may register over the network is another matter.
            parts=replace(runtime.account_parts(), registration=Registration.OPEN),
        )
        sketches.create(
            runtime.sessions(),
            account_id=account.id,
            name=_DEMO_EXAMPLE,
            files=read_example(ROOT / "sketches" / "examples", _DEMO_EXAMPLE),
            parts=runtime.sketch_parts(),
        )
    click.echo(f"Demo account: {DEMO_PRODUCT_ID}, password {DEMO_PASSWORD}")


@click.command("doctor")
def doctor() -> None:
    """Say what works here, what does not, and what to do."""
    done = subprocess.run([sys.executable, "-m", "scripts.doctor"], cwd=ROOT, check=False)
    raise SystemExit(done.returncode)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn an expected error into one line and a bad exit code."""
    try:
        yield
    except AppError as error:
        raise click.ClickException(error.message) from error
