"""The application is put together whole."""

import subprocess
import sys

from apiflask import APIFlask
from flask.testing import FlaskClient

from config import ROOT


def test_every_surface_is_registered(app: APIFlask) -> None:
    prefixes = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert {"", "api", "device", "login", "sketches", "static"} <= prefixes


def test_bots_are_neither_asked_for_a_page_s_token_nor_counted(app: APIFlask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answers = {client.post("/device/v1/check-in").status_code for _ in range(200)}
    assert answers == {401}


def test_importing_the_package_loads_no_flask() -> None:
    code = "import sys, app\nprint('flask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
