"""The entry point for gunicorn and for `flask --app wsgi`."""

import sys

from app import create_app
from config import Settings, SettingsError

try:
    app = create_app(Settings.from_env())
except SettingsError as error:
    sys.exit(f"Airsketch cannot start: {error}")
