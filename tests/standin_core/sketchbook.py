"""Makes a sketchbook that holds the virtual board's platform, our libraries and the stand-in core."""

import shutil
import sys
from pathlib import Path

_STANDIN = Path(__file__).parent / "hardware" / "esp32"
_DEVICE_SKETCH = Path(__file__).parents[2] / "device_sketch"


def python_folders() -> set[Path]:
    """Folders that a jailed compile for the stand-in must see at the same place: Python and esptool."""
    return {Path(sys.prefix), Path(sys.base_prefix)}


def make_sketchbook(target: Path, *, compiler_path: str | None = None, python: str = sys.executable) -> Path:
    """Copy both platforms and the libraries into a new folder for arduino-cli's `directories.user`.

    Copies, not links, so that the folder can be shown to a compile at any other place.

    Args:
        target: the folder to make; must not exist.
        compiler_path: folder of `zig-g++` as the compile sees it, ending in a slash; None: `../.tools/zig/`
            seen from the sketchbook.
        python: a Python with esptool, as the compile sees it.
    """
    shutil.copytree(_DEVICE_SKETCH / "libraries", target / "libraries")
    shutil.copytree(_DEVICE_SKETCH / "hardware", target / "hardware")
    shutil.copytree(_STANDIN, target / "hardware" / "esp32")
    local = f"standin.python.cmd={python}\n"
    (target / "hardware" / "esp32" / "esp32" / "platform.local.txt").write_text(local, encoding="utf-8")
    if compiler_path is not None:
        for platform in ("airsketch/virtual", "esp32/esp32"):
            with (target / "hardware" / platform / "platform.local.txt").open("a", encoding="utf-8") as text:
                text.write(f"compiler.path={compiler_path}\n")
    return target
