"""Makes and measures the small files around a stand-in image: partition table, bootloader, section sizes.

The standard library suffices. Formats: ESP-IDF, "Partition Tables" and "App Image Format"; ELF, System V ABI.
"""

import hashlib
import struct
import sys
from pathlib import Path

PARTITION_MAGIC = 0x50AA
TABLE_BYTES = 0xC00
TYPE_APP, TYPE_DATA = 0, 1
# name, type, subtype, offset, size: the default table of Espressif's core.
PARTITIONS = (
    ("nvs", TYPE_DATA, 0x02, 0x9000, 0x5000),
    ("otadata", TYPE_DATA, 0x00, 0xE000, 0x2000),
    ("app0", TYPE_APP, 0x10, 0x10000, 0x140000),
    ("app1", TYPE_APP, 0x11, 0x150000, 0x140000),
    ("spiffs", TYPE_DATA, 0x82, 0x290000, 0x160000),
    ("coredump", TYPE_DATA, 0x03, 0x3F0000, 0x10000),
)
CHECKSUM_SEED = 0xEF


def partition_table() -> bytes:
    """The binary partition table with its MD5 row."""
    rows = b"".join(
        struct.pack("<HBBII16sI", PARTITION_MAGIC, kind, subtype, offset, size, name.encode(), 0)
        for name, kind, subtype, offset, size in PARTITIONS
    )
    digest_row = b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(rows).digest()
    return (rows + digest_row).ljust(TABLE_BYTES, b"\xff")


def bootloader(chip_id: int) -> bytes:
    """A well-formed image that holds nothing but its name."""
    text = b"STAND-IN bootloader, not for flashing".ljust(40, b"\0")
    header = struct.pack("<BBBBI", 0xE9, 1, 2, 0x20, 0x40080400)
    extended = struct.pack("<B3sHBHH4sB", 0xEE, b"\0\0\0", chip_id, 0, 0, 0xFFFF, b"\0" * 4, 1)
    segment = struct.pack("<II", 0x3FFF0000, len(text)) + text
    body = header + extended + segment
    checksum = CHECKSUM_SEED
    for byte in text:
        checksum ^= byte
    body = body.ljust(len(body) | 15, b"\0") + bytes([checksum])
    return body + hashlib.sha256(body).digest()


def section_sizes(elf: bytes) -> dict[str, int]:
    """Name and size of every section of a 32-bit little-endian ELF file."""
    table_at, entry_bytes, count, names_index = struct.unpack_from("<I10xHHH", elf, 32)
    headers = [struct.unpack_from("<10I", elf, table_at + entry_bytes * index) for index in range(count)]
    names_at = headers[names_index][4]
    sizes: dict[str, int] = {}
    for name_offset, _, _, _, _, size, *_ in headers:
        start = names_at + name_offset
        sizes[elf[start : elf.index(b"\0", start)].decode()] = size
    return sizes


def print_sizes(elf: bytes) -> None:
    """Print flash and memory use as `.flash N` and `.ram N`, in bytes."""
    sizes = section_sizes(elf)
    data = sizes.get(".dram0.data", 0)
    flash = data + sum(size for name, size in sizes.items() if name.startswith(".flash."))
    ram = data + sizes.get(".dram0.bss", 0)
    sys.stdout.write(f".flash {flash}\n.ram {ram}\n")


def main() -> None:
    """Run one of the commands `partitions OUT`, `bootloader OUT CHIP_ID`, `sizes ELF`."""
    command, path = sys.argv[1], Path(sys.argv[2])
    if command == "partitions":
        path.write_bytes(partition_table())
    elif command == "bootloader":
        path.write_bytes(bootloader(int(sys.argv[3])))
    elif command == "sizes":
        print_sizes(path.read_bytes())
    else:
        raise SystemExit(f"unknown command {command}")


if __name__ == "__main__":
    main()
