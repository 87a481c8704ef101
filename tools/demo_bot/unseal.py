"""The bot's half of sealed fields: what the server sealed for it (`docs/DEVICE_API.md`, section 3)."""

from app.http.device import signing


def unseal(key: bytes, *, label: str, revision: int, nonce: str, sealed: str) -> str:
    """The text that `signing.seal` encrypted with the same arguments.

    Raises:
        ValueError: `sealed` is not 65 bytes of hex with a sound length byte.
    """
    data = bytes.fromhex(sealed)
    if len(data) != signing.SEALED_BYTES:
        raise ValueError("a sealed text has 65 bytes")
    block = signing.keystream_xor(key, label=label, revision=revision, nonce=nonce, data=data)
    if block[0] >= signing.SEALED_BYTES:
        raise ValueError("the sealed text is damaged")
    return block[1 : 1 + block[0]].decode()
