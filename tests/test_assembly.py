"""The application is put together whole."""

import subprocess
import sys

from apiflask import APIFlask

from config import ROOT


def test_every_surface_is_registered(app: APIFlask) -> None:
    prefixes = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert {"", "api", "<product_id>.ino.bin", "login", "sketches", "static"} <= prefixes


def test_importing_the_package_loads_no_flask() -> None:
    code = "import sys, app\nprint('flask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
