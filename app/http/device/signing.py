"""Signatures of the native device protocol, which authenticate each request and response.

The messages and check values are in `docs/DEVICE_API.md`. All texts are ASCII.
"""

import hashlib
import hmac
import re

_COUNTER = re.compile(r"[0-9a-f]{16}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
SEALED_BYTES = 65
"""One length byte and up to 64 bytes of text."""


def request_signature(key: bytes, *, method: str, path: str, counter: str, nonce: str, body: bytes) -> str:
    """The signature of a bot's request, lower-case hex HMAC-SHA256.

    Args:
        key: the device key, 32 bytes.
        path: path with query, exactly as in the request line.
        counter: 16 lower-case hex digits.
        nonce: 32 lower-case hex digits.
    """
    body_digest = hashlib.sha256(body).hexdigest()
    return _hmac_hex(key, "\n".join(("v1", method, path, counter, nonce, body_digest)))


def answer_signature(key: bytes, *, status: int, nonce: str, body: bytes) -> str:
    """The signature of the server's answer to the request with `nonce`, lower-case hex HMAC-SHA256."""
    return _hmac_hex(key, "\n".join(("v1", str(status), nonce, hashlib.sha256(body).hexdigest())))


def is_well_formed(*, counter: str, nonce: str, signature: str) -> bool:
    """Whether the three headers have the right lengths and digits."""
    return bool(_COUNTER.fullmatch(counter) and _NONCE.fullmatch(nonce) and _SIGNATURE.fullmatch(signature))


def same(left: str, right: str) -> bool:
    """Compare two texts in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def seal(key: bytes, *, label: str, revision: int, nonce: str, text: str) -> str:
    """Encrypt a short text for one bot, as lower-case hex of 65 bytes.

    The keystream is HMAC-SHA256 in counter mode under a key of its own; the request's nonce
    makes it unique. Integrity comes from the answer's signature. A bot needs SHA-256 only.

    Args:
        label: which field it is: `ssid`, `password` or `device_key`.
        text: at most 64 bytes of UTF-8.
    Raises:
        ValueError: `text` is longer than 64 bytes.
    """
    plain = text.encode()
    if len(plain) >= SEALED_BYTES:
        raise ValueError("a sealed text can have at most 64 bytes")
    block = bytes([len(plain)]) + plain.ljust(SEALED_BYTES - 1, b"\0")
    return keystream_xor(key, label=label, revision=revision, nonce=nonce, data=block).hex()


def keystream_xor(key: bytes, *, label: str, revision: int, nonce: str, data: bytes) -> bytes:
    """Encrypt or decrypt; the same both ways."""
    field_key = hmac.new(key, b"v1 network key", hashlib.sha256).digest()
    stream = b""
    for block in range(-(-len(data) // 32)):
        message = f"{label}\n{revision}\n{nonce}\n{block}"
        stream += hmac.new(field_key, message.encode(), hashlib.sha256).digest()
    return bytes(left ^ right for left, right in zip(data, stream, strict=False))


def _hmac_hex(key: bytes, message: str) -> str:
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
