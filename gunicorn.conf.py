"""What gunicorn reads by itself when it starts here: its own lines look like those of the application."""

from app.kernel.logging import log_configuration
from config import settings_or_exit

_settings = settings_or_exit()
logconfig_dict = log_configuration(_settings.log_level, as_json=_settings.log_as_json)
# No proxy tells us a prefix of our addresses; taken from a stranger on this machine it would be an error 500.
forwarder_headers = ""
