"""NVS partitions, made in memory by Espressif's own maker."""

from collections.abc import Iterable
from io import BytesIO

from esp_idf_nvs_partition_gen.nvs_partition_gen import (
    InputError,
    InsufficientSizeError,
    Page,
    PageFullError,
    nvs_open,
    write_entry,
)

from app.domain.bot_memory import NVS_NAMESPACE, check_nvs_key
from app.domain.errors import Invalid

# NVS keeps one empty page for moving entries.
_RESERVED_BYTES = 0x1000


class EspressifNvsMaker:
    """The NvsMaker of a real server."""

    def make(self, entries: Iterable[tuple[str, str]], size: int) -> bytes:
        """A partition of `size` bytes with texts in the name space `airsketch`."""
        made = BytesIO()
        try:
            with nvs_open(made, size - _RESERVED_BYTES, Page.VERSION2) as nvs:
                write_entry(nvs, NVS_NAMESPACE, "namespace", "", "")
                for key, text in entries:
                    write_entry(nvs, check_nvs_key(key), "data", "string", text)
        except (InputError, InsufficientSizeError, PageFullError):
            raise Invalid("memory_full", "What the bot shall know does not fit into its memory.") from None
        return made.getvalue()
