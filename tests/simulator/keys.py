"""Keys of bots, read from the database of a server on this machine; for development only."""

import secrets as randomness

from sqlalchemy import select

from app.adapters.clock import SystemClock
from app.adapters.database import make_sessions, open_engine
from app.adapters.passwords import Argon2Hasher
from app.adapters.secrets import AesSecretBox
from app.cli import DEMO_PRODUCT_ID
from app.domain.devices import parse_product_id
from app.models import Account, Device
from app.services.provisioning import device_key as key_of
from app.services.provisioning import is_known, new_device
from config import Settings


def give_to_demo_account(settings: Settings, product_id: str) -> bool:
    """Enter a bot for the demo account, whose own lives in a browser; False if it cannot or need not be."""
    engine = open_engine(settings.database_url)
    try:
        with make_sessions(engine).begin() as session:
            owner = session.scalar(select(Account).where(Account.login_name == DEMO_PRODUCT_ID))
            if owner is None or is_known(session, product_id=product_id):
                return False
            device = new_device(
                product_id=parse_product_id(product_id),
                account_id=owner.id,
                # It has an owner; nobody claims it.
                password_hash=Argon2Hasher().hash(randomness.token_urlsafe()),
                secrets=AesSecretBox(settings.encryption_key),
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
