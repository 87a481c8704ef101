"""The entry point for gunicorn and for `flask --app wsgi`."""

from app import create_app
from app.kernel.logging import configure_logging
from config import settings_or_exit

settings = settings_or_exit()
configure_logging(settings.log_level, as_json=settings.log_as_json)
app = create_app(settings)
