"""Keys of bots, read from the database of a server on this machine; for development only."""

from sqlalchemy import select

from app.accounts.tables import Account
from app.devices.provisioning import is_taken, new_device, open_key
from app.devices.rules import parse_product_id
from app.devices.tables import Device
from app.kernel.clock import SystemClock
from app.kernel.database import make_sessions, open_engine
from app.kernel.errors import NotFound
from app.kernel.secret_box import SecretBox
from config import DEMO_PRODUCT_ID, Settings


def give_to_demo_account(settings: Settings, product_id: str) -> bool:
    """Enter a bot for the demo account, whose own lives in a browser; False if it cannot or need not be."""
    engine = open_engine(settings.database_url)
    try:
        with make_sessions(engine).begin() as session:
            owner = session.scalar(select(Account).where(Account.login_name == DEMO_PRODUCT_ID))
            if owner is None or is_taken(session, product_id):
                return False
            device = new_device(
                product_id=parse_product_id(product_id),
                account_id=owner.id,
                secrets=SecretBox(settings.encryption_key),
                now=SystemClock().now(),
            )
            session.add(device)
            return True
    finally:
        engine.dispose()


def device_key(settings: Settings, product_id: str) -> bytes:
    """The key of a bot.

    Raises:
        NotFound: there is no such bot.
        Unavailable: its key was sealed under another encryption key.
    """
    engine = open_engine(settings.database_url)
    try:
        with make_sessions(engine)() as session:
            device = session.get(Device, product_id)
            if device is None:
                raise NotFound("no_such_device", "There is no such bot.")
            return open_key(
                device.key_sealed, device_id=product_id, secrets=SecretBox(settings.encryption_key)
            )
    finally:
        engine.dispose()


def running_digest(settings: Settings, product_id: str) -> str:
    """The digest of the image a bot last reported; empty if it never called."""
    engine = open_engine(settings.database_url)
    try:
        with make_sessions(engine)() as session:
            device = session.get(Device, product_id)
            return device.image_digest if device else ""
    finally:
        engine.dispose()
