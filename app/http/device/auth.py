"""Who calls: signed calls of the native protocol, and HTTP Basic of the static link.

Nothing is written here, and every refusal looks the same: who does not hold a bot's key learns
neither whether the bot exists nor what was wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from flask import abort, g, request

from app.devices import service as devices
from app.devices.rules import KEY_BYTES, Admission, DeviceId
from app.devices.service import Credentials
from app.http.device import signing
from app.http.responses import current_runtime, problem
from app.kernel.errors import Forbidden
from app.kernel.logging import bind

MAX_BODY_BYTES = 4096
_SIGNED_BY = ("COUNTER", "NONCE", "SIGNATURE")
# Compared with when there is no such device, so that its absence costs the same time.
_NO_KEY = bytes(KEY_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A bot whose signature holds.

    Attributes:
        key: the one that it signed with.
        next_key: the one to hand over to it; None if there is none.
        counter: the counter of this call; not used up yet.
        nonce: of this call; the answer's signature is bound to it.
        body: the signed body.
    """

    device_id: DeviceId
    key: bytes
    next_key: bytes | None
    counter: str
    nonce: str
    body: bytes


def claimed_id() -> str:
    """The product id that a request to be signed names; not yet believed."""
    claimed: str = request.environ.get("HTTP_X_DEVICE_ID", "")
    return claimed


def signed_caller() -> Caller:
    """The bot that signed this request; see `believed`."""
    return believed(credentials_of(claimed_id()))


def believed(known: Credentials | None) -> Caller:
    """The bot that signed this request; from here on the answer is signed too.

    Args:
        known: the credentials of the claimed id; None if there is no such device.
    Raises:
        HTTPException: 401 `unauthorised`, or 413 if the body has more than 4 KiB.
        Forbidden: the bot may not take part.
    """
    request.max_content_length = MAX_BODY_BYTES
    body = request.get_data(cache=False)
    device_id = claimed_id()
    environ = request.environ
    counter, nonce, signature = (environ.get(f"HTTP_X_DEVICE_{name}", "") for name in _SIGNED_BY)
    if not signing.is_well_formed(counter=counter, nonce=nonce, signature=signature):
        _refuse()
    path = environ.get("RAW_URI") or environ.get("REQUEST_URI", "")

    def signs(key: bytes) -> bool:
        expected = signing.request_signature(
            key, method=environ["REQUEST_METHOD"], path=path, counter=counter, nonce=nonce, body=body
        )
        return signing.same(expected, signature)

    key = _first_key(known, signs)
    if key is None or known is None:
        _refuse()
    caller = Caller(
        device_id=DeviceId(device_id),
        key=key,
        next_key=_handed(known, key),
        counter=counter,
        nonce=nonce,
        body=body,
    )
    g.caller = caller
    bind(device_id=device_id)
    if known.admission is not Admission.ACCEPTED:
        raise Forbidden("not_accepted", "This bot may not take part.", {"admission": known.admission})
    _adopt_next(device_id, known, key)
    return caller


def holds_key(product_id: str, known: Credentials | None) -> bool:
    """Whether the request carries the key of this device by HTTP Basic.

    Args:
        known: the device of this id; None if there is none.
    """
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    said = (given.password or "").lower()
    key = _first_key(known, lambda key: signing.same(key.hex(), said))
    if key is None or known is None or not signing.same(product_id, given.username or ""):
        return False
    bind(device_id=product_id)
    if known.admission is Admission.ACCEPTED:
        _adopt_next(product_id, known, key)
    return True


def credentials_of(device_id: str) -> Credentials | None:
    """What a caller that names this device must know; None if there is no such device."""
    runtime = current_runtime()
    return devices.credentials(runtime.sessions(), device_id=device_id, secrets=runtime.secrets)


def _first_key(known: Credentials | None, fits: Callable[[bytes], bool]) -> bytes | None:
    """The key of a device that fits; a refusal costs the same time whatever the device has."""
    keys = (known.key, known.next_key or _NO_KEY) if known else (_NO_KEY, _NO_KEY)
    found = next((key for key in keys if fits(key)), None)
    return None if found is _NO_KEY else found


def _handed(known: Credentials, key: bytes) -> bytes | None:
    """The next key, if the answer to a call under `key` shall carry it."""
    return None if known.next_key_by_wire or key == known.next_key else known.next_key


def _adopt_next(device_id: str, known: Credentials, key: bytes) -> None:
    """From its first use on, the next key is the only one."""
    if key != known.next_key:
        return
    current_runtime().device_keys.adopt(device_id, key)


def _refuse() -> NoReturn:
    abort(problem(401, "unauthorised", "This call is not signed by a known bot."))
