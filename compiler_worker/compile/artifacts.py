"""The files of a finished compile: picked by name, checked, measured, put where the build keeps them.

The folder was writable for a hostile compile, so every file in it is opened without following
links, must be an ordinary file and may not exceed a size.
"""

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from app.builds.images import ImageFacts, check_image, read_image
from app.builds.rules import (
    BOOTLOADER_NAME,
    FIRMWARE_NAME,
    PARTITIONS_NAME,
    ArtifactFacts,
    BuildSpec,
    LibraryUse,
    SectionSize,
)
from app.kernel.errors import Invalid

MANIFEST = "manifest.json"
# The 32-bit address space of the largest chip holds 16 MB of flash; an .elf with debug information is larger.
_MAX_IMAGE_BYTES = 16 * 1024**2
_MAX_OTHER_BYTES = 96 * 1024**2
_OPTIONAL = {
    ".ino.elf": "firmware.elf",
    ".ino.map": "firmware.map",
    ".ino.bootloader.bin": BOOTLOADER_NAME,
    ".ino.partitions.bin": PARTITIONS_NAME,
}


def read_file(path: Path, *, max_bytes: int) -> bytes:
    """The content of a file that may be hostile.

    Raises:
        Invalid: it is a link or no ordinary file, or it is larger than `max_bytes`.
        FileNotFoundError: it is not there.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Invalid("bad_artifact", f"“{path.name}” cannot be read: {error.strerror}.") from error
    try:
        facts = os.fstat(fd)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise Invalid("bad_artifact", f"“{path.name}” is not an ordinary file.")
        with os.fdopen(fd, "rb", closefd=False) as file:
            data = file.read(max_bytes + 1)
    finally:
        os.close(fd)
    if len(data) > max_bytes:
        raise Invalid("bad_artifact", f"“{path.name}” is larger than {max_bytes} bytes.")
    return data


def collect_image(made_dir: Path, spec: BuildSpec, out_dir: Path) -> ImageFacts:
    """Check the firmware and store it; what it is.

    Raises:
        Invalid: there is no image, or a bot of this board could not boot it.
    """
    try:
        data = read_file(made_dir / f"{spec.sketch_name}.ino.bin", max_bytes=_MAX_IMAGE_BYTES)
    except FileNotFoundError:
        raise Invalid("bad_image", "The compile succeeded but produced no firmware file.") from None
    image = read_image(data)
    check_image(image, chip=spec.chip, slot_bytes=spec.slot_bytes)
    _store(out_dir / FIRMWARE_NAME, data)
    return image


def collect_others(made_dir: Path, spec: BuildSpec, out_dir: Path) -> None:
    """Store the other files that the core made for this sketch.

    Raises:
        Invalid: one of them is not an ordinary file or is too large.
    """
    for suffix, name in _OPTIONAL.items():
        try:
            data = read_file(made_dir / f"{spec.sketch_name}{suffix}", max_bytes=_MAX_OTHER_BYTES)
        except FileNotFoundError:
            continue
        _store(out_dir / name, data)


def write_manifest(
    out_dir: Path,
    *,
    spec: BuildSpec,
    image: ImageFacts,
    versions: Mapping[str, str],
    libraries: tuple[LibraryUse, ...],
    sizes: tuple[SectionSize, ...],
) -> tuple[ArtifactFacts, ...]:
    """Write the manifest; facts of all files of the build, the manifest included.

    Args:
        versions: versions by name: `tool`, `core`.
    """
    files = [_facts(path) for path in sorted(out_dir.iterdir())]
    manifest = {
        "manifest_version": 1,
        "sketch": spec.sketch_name,
        "board": spec.fqbn,
        "chip": image.chip,
        "slot_bytes": spec.slot_bytes,
        "image": asdict(image),
        "versions": dict(versions),
        "libraries": [asdict(library) for library in libraries],
        "sizes": [asdict(size) for size in sizes],
        "files": [asdict(file) for file in files],
    }
    path = out_dir / MANIFEST
    _store(path, (json.dumps(manifest, indent=2) + "\n").encode())
    return (*files, _facts(path))


def _store(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)


def _facts(path: Path) -> ArtifactFacts:
    data = path.read_bytes()
    return ArtifactFacts(name=path.name, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
