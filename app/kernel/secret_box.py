"""Encryption at rest with AES-256-GCM (NIST SP 800-38D).

A sealed value is one version byte, a random nonce, then ciphertext and tag. The context is
authenticated with it, so a sealed value copied into another row or column does not open.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16


class SecretBox:
    """Encryption at rest under one key.

    Args:
        key: 32 random bytes, which decrypt everything.
    Raises:
        ValueError: the key has another length.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the encryption key must have {KEY_BYTES} bytes")
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt under a fresh nonce; sealing twice gives different bytes."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, _VERSION + context.encode())

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt what `seal` made for the same context."""
        start = len(_VERSION) + _NONCE_BYTES
        if sealed[: len(_VERSION)] != _VERSION or len(sealed) < start + _TAG_BYTES:
            raise ValueError("this is not a sealed value")
        try:
            return self._cipher.decrypt(
                sealed[len(_VERSION) : start], sealed[start:], _VERSION + context.encode()
            )
        except InvalidTag:
            raise ValueError("the sealed value was changed, or made for another place or key") from None
