"""Keys of bots, read from the database of a server on this machine; for development only."""

from app.adapters.database import make_sessions, open_engine
from app.adapters.secrets import AesSecretBox
from app.models import Device
from app.services.provisioning import device_key as key_of
from config import Settings


def device_key(settings: Settings, product_id: str) -> bytes:
    """The key of a bot.

    Raises:
        NotFound: there is no such bot.
        Unavailable: its key was sealed under another encryption key.
    """
    engine = open_engine(settings.database_url)
    try:
        with make_sessions(engine)() as session:
            return key_of(session, device_id=product_id, secrets=AesSecretBox(settings.encryption_key))
    finally:
        engine.dispose()


def running_digest(settings: Settings, product_id: str) -> str:
    """The digest a bot last said it runs; empty if it never called."""
    engine = open_engine(settings.database_url)
    try:
        with make_sessions(engine)() as session:
            device = session.get(Device, product_id)
            return device.image_digest if device else ""
    finally:
        engine.dispose()
