"""Who calls: signed calls of the native protocol, and HTTP Basic of the static link.

Nothing is written here, and every refusal looks the same: who does not hold a bot's key learns
neither whether the bot exists nor what was wrong.
"""

from dataclasses import dataclass
from typing import NoReturn

from flask import abort, g, request

from app.domain import signing
from app.domain.devices import Admission, DeviceId
from app.domain.errors import Forbidden
from app.http import current_runtime, problem
from app.services import devices
from app.services.devices import Credentials

MAX_BODY_BYTES = 4096
# Compared with when there is no such device, so that its absence costs the same time.
_NO_KEY = bytes(signing.KEY_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A bot whose signature holds.

    Attributes:
        counter: the counter of this call; not used up yet.
        nonce: of this call; the answer's signature is bound to it.
        body: the signed body.
    """

    device_id: DeviceId
    key: bytes
    counter: str
    nonce: str
    body: bytes


def signed_caller() -> Caller:
    """The bot that signed this request; from here on the answer is signed too.

    Raises:
        HTTPException: 401 `unauthorised`, or 413 if the body has more than 4 KiB.
        Forbidden: the bot may not take part.
    """
    request.max_content_length = MAX_BODY_BYTES
    body = request.get_data(cache=False)
    headers = request.headers
    device_id = headers.get("X-Device-Id", "")
    counter = headers.get("X-Device-Counter", "")
    nonce = headers.get("X-Device-Nonce", "")
    signature = headers.get("X-Device-Signature", "")
    if not signing.is_well_formed(counter=counter, nonce=nonce, signature=signature):
        _refuse()
    known = credentials_of(device_id)
    expected = signing.request_signature(
        known.key if known else _NO_KEY,
        method=request.method,
        path=request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI", ""),
        counter=counter,
        nonce=nonce,
        body=body,
    )
    if not signing.same(expected, signature) or known is None:
        _refuse()
    caller = Caller(device_id=DeviceId(device_id), key=known.key, counter=counter, nonce=nonce, body=body)
    g.caller = caller
    if known.admission is not Admission.ACCEPTED:
        raise Forbidden("not_accepted", "This bot may not take part.", {"admission": known.admission})
    return caller


def holds_key(product_id: str, known: Credentials | None) -> bool:
    """Whether the request carries the key of this device by HTTP Basic.

    Args:
        known: the device of this id; None if there is none.
    """
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    key = (known.key if known else _NO_KEY).hex()
    is_key = signing.same(key, (given.password or "").lower())
    is_name = signing.same(product_id, given.username or "")
    return is_key and is_name and known is not None


def credentials_of(device_id: str) -> Credentials | None:
    """What a caller that names this device must know; None if there is no such device."""
    runtime = current_runtime()
    return devices.credentials(runtime.sessions(), device_id=device_id, secrets=runtime.secrets)


def _refuse() -> NoReturn:
    abort(problem(401, "unauthorised", "This call is not signed by a known bot."))
