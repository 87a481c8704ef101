"""The small memory of a bot that survives everything but a cable."""

CAPACITY_BYTES = 20_480
"""For all keys and values together; HOST_INTERFACE.md."""
_MAX_NAME_BYTES = 15
# Preferences keeps a text behind one byte that tells its type.
_TEXT_TYPE = b"\x08"
_AGENT = "airsketch"


class Nvs:
    """Keys and values by name space."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], bytes] = {}

    def get(self, space: str, key: str) -> bytes | None:
        """A value; None if there is none."""
        return self._values.get((space, key))

    def set(self, space: str, key: str, value: bytes) -> bool:
        """Store a value; False if a name is too long or the memory is full."""
        if not all(0 < len(name.encode()) <= _MAX_NAME_BYTES for name in (space, key)):
            return False
        grown = {**self._values, (space, key): value}
        if sum(len(name) + len(content) for (_, name), content in grown.items()) > CAPACITY_BYTES:
            return False
        self._values = grown
        return True

    def delete(self, space: str, key: str) -> bool:
        """Delete a key, or with an empty key the whole space; False if there was nothing."""
        gone = [name for name in self._values if name[0] == space and key in ("", name[1])]
        for name in gone:
            del self._values[name]
        return bool(gone)

    def set_text(self, space: str, key: str, text: str) -> None:
        """Store a text as Arduino's Preferences does.

        Raises:
            ValueError: it does not fit.
        """
        if not self.set(space, key, _TEXT_TYPE + text.encode()):
            raise ValueError(f"{space}/{key} does not fit into the memory")

    def get_text(self, space: str, key: str) -> str | None:
        """A text that Preferences or the agent stored."""
        value = self.get(space, key)
        return value[1:].decode() if value is not None and value[:1] == _TEXT_TYPE else None


def set_up(product_id: str, key: bytes, server: str) -> Nvs:
    """The memory as the first flash over USB leaves it, for a bot without a trigger button."""
    nvs = Nvs()
    texts = {"product_id": product_id, "device_key": key.hex(), "server": server, "trig_pin": "none"}
    for name, text in texts.items():
        nvs.set_text(_AGENT, name, text)
    return nvs
