"""Authentication of bots: signed calls of the native protocol, and HTTP Basic for the static link.

Nothing is written here but the first use of a new key, and every refusal looks the same: who does not hold
a bot's key learns neither whether the bot exists nor what was wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, overload

from flask import Request, abort, g, request
from werkzeug.datastructures import Authorization

from app.devices.credentials import Credentials
from app.devices.credentials import load as load_credentials
from app.devices.rules import KEY_BYTES, Admission, DeviceId
from app.http.device import signing
from app.http.responses import current_runtime, problem
from app.kernel.errors import Forbidden
from app.kernel.logging import bind

MAX_BODY_BYTES = 4096
_SIGNED_BY = ("COUNTER", "NONCE", "SIGNATURE")
# Compared with when there is no such device, so that its absence costs the same time.
_NO_KEY = bytes(KEY_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCall:
    """An authenticated call of a bot.

    Attributes:
        key: the one that it is signed with.
        next_key: the one to hand over to the bot; None if there is none.
        counter: not used up yet.
        nonce: the answer's signature is bound to it.
        body: the signed body.
    """

    device_id: DeviceId
    key: bytes
    next_key: bytes | None
    counter: str
    nonce: str
    body: bytes


def claimed_id() -> str:
    """The product id that a signed request names; not authenticated yet."""
    claimed: str = request.environ.get("HTTP_X_DEVICE_ID", "")
    return claimed


def signed_call() -> DeviceCall:
    """This request as a signed call; see `authenticate`."""
    return authenticate(request, credentials_of(claimed_id()))


@overload
def authenticate(request: Request, credentials: None) -> NoReturn: ...


@overload
def authenticate(request: Request, credentials: Credentials | None) -> DeviceCall: ...


def authenticate(request: Request, credentials: Credentials | None) -> DeviceCall:
    """The call of the bot that signed a request; from here on the answer is signed too.

    Args:
        credentials: those of the claimed id; None if there is no such device.
    Raises:
        HTTPException: 401 `unauthorised`, or 413 if the body has more than 4 KiB.
        Forbidden: the bot may not take part.
    """
    request.max_content_length = MAX_BODY_BYTES
    body = request.get_data(cache=False)
    environ = request.environ
    device_id = DeviceId(environ.get("HTTP_X_DEVICE_ID", ""))
    counter, nonce, signature = (environ.get(f"HTTP_X_DEVICE_{name}", "") for name in _SIGNED_BY)
    if not signing.is_well_formed(counter=counter, nonce=nonce, signature=signature):
        _refuse()
    path = environ.get("RAW_URI") or environ.get("REQUEST_URI", "")

    def signs(key: bytes) -> bool:
        expected = signing.request_signature(
            key, method=environ["REQUEST_METHOD"], path=path, counter=counter, nonce=nonce, body=body
        )
        return signing.same(expected, signature)

    key = _first_key(credentials, signs)
    if key is None or credentials is None:
        _refuse()
    call = DeviceCall(
        device_id=device_id,
        key=key,
        next_key=_key_to_hand_over(credentials, key),
        counter=counter,
        nonce=nonce,
        body=body,
    )
    g.device_call = call
    bind(device_id=device_id)
    _check_admission(credentials.admission)
    _adopt_next(device_id, credentials, key)
    return call


def _check_admission(admission: Admission) -> None:
    if admission is not Admission.ACCEPTED:
        raise Forbidden("not_accepted", "This bot's access has been revoked.", {"admission": admission})


def holds_key(product_id: str, credentials: Credentials | None) -> bool:
    """Whether the request carries the key of this device by HTTP Basic.

    Args:
        credentials: those of this id; None if there is no such device.
    """
    given = _authorization()
    if given is None or given.type != "basic":
        return False
    password = (given.password or "").lower()
    key = _first_key(credentials, lambda key: signing.same(key.hex(), password))
    if key is None or credentials is None or not signing.same(product_id, given.username or ""):
        return False
    bind(device_id=product_id)
    if credentials.admission is Admission.ACCEPTED:
        _adopt_next(product_id, credentials, key)
    return True


def _authorization() -> Authorization | None:
    try:
        return request.authorization
    except ValueError:
        # Werkzeug refuses what is not Base64, but not what is not ASCII.
        return None


def credentials_of(device_id: str) -> Credentials | None:
    """The credentials of a device; None if there is no such device."""
    runtime = current_runtime()
    return load_credentials(runtime.sessions(), device_id=device_id, secrets=runtime.secrets)


def _first_key(credentials: Credentials | None, fits: Callable[[bytes], bool]) -> bytes | None:
    """The key of a device that fits; a refusal costs the same time whatever the device has."""
    keys = (credentials.key, credentials.next_key or _NO_KEY) if credentials else (_NO_KEY, _NO_KEY)
    found = next((key for key in keys if fits(key)), None)
    return None if found is _NO_KEY else found


def _key_to_hand_over(credentials: Credentials, key: bytes) -> bytes | None:
    """The next key, if the response to a call under `key` should deliver it."""
    if credentials.next_key_over_usb or key == credentials.next_key:
        return None
    return credentials.next_key


def _adopt_next(device_id: str, credentials: Credentials, key: bytes) -> None:
    """From its first use on, the next key is the only one."""
    if key != credentials.next_key:
        return
    current_runtime().device_keys.adopt(device_id, key)


def _refuse() -> NoReturn:
    abort(problem(401, "unauthorised", "This request is not signed by an enrolled bot."))
