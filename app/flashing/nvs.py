"""NVS partitions, generated in memory by Espressif's own tool."""

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

from app.flashing.nvs_identity import NVS_NAMESPACE, check_nvs_key
from app.kernel.errors import Invalid

# NVS keeps one empty page for moving entries.
_RESERVED_BYTES = 0x1000


def make_nvs(entries: Iterable[tuple[str, str]], size: int) -> bytes:
    """An NVS partition with texts by key in the namespace `airsketch`.

    Args:
        size: bytes of the whole partition, as its partition table says.
    Raises:
        Invalid: they do not fit.
    """
    made = BytesIO()
    try:
        with nvs_open(made, size - _RESERVED_BYTES, Page.VERSION2) as nvs:
            write_entry(nvs, NVS_NAMESPACE, "namespace", "", "")
            for key, text in entries:
                write_entry(nvs, check_nvs_key(key), "data", "string", text)
    except (InputError, InsufficientSizeError, PageFullError):
        raise Invalid("memory_full", "The bot's settings do not fit into its NVS partition.") from None
    return made.getvalue()
