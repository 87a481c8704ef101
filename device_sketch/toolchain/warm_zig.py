"""Prepares zig once, so that sketches for the virtual bot compile in a fraction of a second.

zig builds the C and C++ libraries of a target on first use and keeps them in its own cache. This
module lets it do so once and copies the results into one folder, against which the platform
`airsketch:virtual` links directly. It needs the standard library only: it runs before anything else
of the project is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

LIBRARIES = ("crt1-reactor.o", "libc++.a", "libc++abi.a", "libc.a", "libzigc.a", "libcompiler_rt.a")
COMPILER_NAME = "zig-g++"
IMAGE_TOOL_NAME = "bot-image"
STAMP_NAME = "ready.txt"
WARM_UP_LIMIT_S = 900
_IMAGE_TOOL_SOURCE = Path(__file__).with_name("bot_image.c")
# Uses the standard library and the maths library, so that zig builds every archive of the target.
_WARM_UP_SOURCE = """\
#include <cmath>
#include <cstdio>
#include <string>
extern "C" __attribute__((export_name("warm_up"))) int warm_up(double value) {
  const std::string text = std::to_string(std::sin(value));
  return std::printf("%s", text.c_str());
}
"""


class WarmUpError(RuntimeError):
    """zig could not build its libraries; the text says which step failed and what zig printed."""


def warm(zig_binary: Path, target_dir: Path, progress: Callable[[str], None]) -> None:
    """Fill `target_dir` with the compiler link, the libraries and the image tool, unless it is done.

    The folder appears complete or not at all: everything is made beside it and moved into place at the end.

    Args:
        zig_binary: zig's own program file, as in the `ziglang` wheel (not the Python entry point).
        target_dir: the folder to make, `<project>/.tools/zig` by convention.
        progress: receives one plain line before each step.
    Raises:
        WarmUpError: zig is missing, stopped with an error, or did not leave an expected library.
    """
    stamp = _stamp_of(zig_binary)
    if _is_ready(target_dir, stamp):
        progress("Compiler for the virtual bot: ready.")
        return
    partial = target_dir.with_name(f"{target_dir.name}.partial-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        _fill(zig_binary, partial, progress)
        (partial / STAMP_NAME).write_text(stamp, encoding="utf-8")
        _move_into_place(partial, target_dir)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    progress("Compiler for the virtual bot: ready.")


def _fill(zig_binary: Path, folder: Path, progress: Callable[[str], None]) -> None:
    """Build everything of the toolchain into an empty folder."""
    cache = folder / "cache"
    progress("Building the C and C++ libraries of the virtual bot (about a minute, once) ...")
    _build_libraries(zig_binary, cache)
    (folder / "lib").mkdir()
    for name in LIBRARIES:
        shutil.copyfile(_find_in_cache(cache, name), folder / "lib" / name)
    progress("Building the image tool of the virtual bot ...")
    _build_image_tool(zig_binary, cache, folder / IMAGE_TOOL_NAME)
    shutil.rmtree(cache)
    (folder / COMPILER_NAME).symlink_to(os.path.relpath(zig_binary.resolve(), folder.resolve()))


def _build_libraries(zig_binary: Path, cache: Path) -> None:
    """Link one small program the ordinary way, which makes zig build all archives of the target."""
    cache.mkdir()
    source = cache / "warm_up.cpp"
    source.write_text(_WARM_UP_SOURCE, encoding="utf-8")
    flags = ["-target", "wasm32-wasi", "-mexec-model=reactor", "-Os", "-fno-exceptions", "-fno-rtti"]
    _run_zig([str(zig_binary), "c++", *flags, str(source), "-o", str(cache / "warm_up.wasm")], cache)


def _build_image_tool(zig_binary: Path, cache: Path, program: Path) -> None:
    """Compile the tool that packs and measures images, for the machine this runs on."""
    flags = ["-Os", "-s", "-Wall", "-Wextra"]
    _run_zig([str(zig_binary), "cc", *flags, str(_IMAGE_TOOL_SOURCE), "-o", str(program)], cache)


def _run_zig(command: Sequence[str], cache: Path) -> None:
    """Run zig with both its caches pinned inside `cache`."""
    environment = {
        **os.environ,
        "ZIG_GLOBAL_CACHE_DIR": str(cache / "global"),
        "ZIG_LOCAL_CACHE_DIR": str(cache / "local"),
    }
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=WARM_UP_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WarmUpError(f"zig could not be run: {error}") from error
    if done.returncode != 0:
        raise WarmUpError(f"zig stopped with code {done.returncode}:\n{done.stderr[-2000:]}")


def _find_in_cache(cache: Path, name: str) -> Path:
    """The one file of this name that zig left in its cache."""
    found = sorted(cache.glob(f"global/o/*/{name}"))
    if not found:
        raise WarmUpError(f"zig did not build {name}; is this another version of zig than the pinned one?")
    return found[0]


def _stamp_of(zig_binary: Path) -> str:
    """A text that changes when zig, its place or the image tool changes."""
    try:
        version = subprocess.run(
            [str(zig_binary), "version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise WarmUpError(f"zig is not usable at {zig_binary}: {error}") from error
    digest = hashlib.sha256(_IMAGE_TOOL_SOURCE.read_bytes() + _WARM_UP_SOURCE.encode()).hexdigest()
    return f"zig {version.stdout.strip()}\n{zig_binary.resolve()}\n{digest}\n"


def _is_ready(target_dir: Path, stamp: str) -> bool:
    """Whether the folder was filled completely by the same zig and the same sources."""
    try:
        written = (target_dir / STAMP_NAME).read_text(encoding="utf-8")
    except OSError:
        return False
    return written == stamp and (target_dir / COMPILER_NAME).exists()


def _move_into_place(partial: Path, target_dir: Path) -> None:
    """Put the finished folder where the old one, if any, was."""
    retired = target_dir.with_name(f"{target_dir.name}.retired-{os.getpid()}")
    if target_dir.exists():
        target_dir.rename(retired)
    partial.rename(target_dir)
    shutil.rmtree(retired, ignore_errors=True)


def zig_of_wheel() -> Path:
    """The program file inside the installed `ziglang` wheel.

    Raises:
        WarmUpError: the wheel is not installed for this Python.
    """
    for folder in map(Path, sys.path):
        for name in ("zig", "zig.exe"):
            if (folder / "ziglang" / name).is_file():
                return folder / "ziglang" / name
    raise WarmUpError("The Python package `ziglang` is not installed; install requirements.txt first.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Warm the toolchain from the command line."""
    parser = argparse.ArgumentParser(description="Prepare the compiler of the virtual bot.")
    parser.add_argument("target_dir", type=Path, help="folder to make, for example .tools/zig")
    parser.add_argument("--zig", type=Path, default=None, help="zig's program; default: the wheel's")
    options = parser.parse_args(arguments)
    try:
        warm(options.zig or zig_of_wheel(), options.target_dir, lambda line: print(line, flush=True))
    except WarmUpError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
