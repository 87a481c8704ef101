"""A real arduino-cli with both platforms; skipped where the set-up has not put the tools in place."""

import functools
import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.standin_core.sketchbook import make_sketchbook

PROJECT = Path(__file__).parents[2]
TOOLS = PROJECT / ".tools"
EXAMPLES = PROJECT / "sketches" / "examples"
VIRTUAL = "airsketch:virtual:bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What a compile said and left."""

    answer: Mapping[str, Any]
    output: Path

    @property
    def succeeded(self) -> bool:
        """Whether arduino-cli calls it a success."""
        return self.answer["success"] is True

    @property
    def diagnostics(self) -> list[dict[str, Any]]:
        """Every warning and error the compiler gave."""
        return list((self.answer["builder_result"] or {}).get("diagnostics") or [])

    def file(self, ending: str) -> bytes:
        """The content of the one file of this name ending."""
        (found,) = self.output.glob(f"*.ino.{ending}")
        return found.read_bytes()


Compile = Callable[..., Compiled]


@pytest.fixture(scope="session")
def compile_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of every compile: our sketchbook, caches of this run only."""
    for part in (TOOLS / "bin" / "arduino-cli", TOOLS / "zig" / "zig-g++"):
        if not part.exists():
            pytest.skip(f"{part.relative_to(PROJECT)} is missing; `make test` puts it in place")
    folder = tmp_path_factory.mktemp("arduino")
    make_sketchbook(folder / "sketchbook", compiler_path=f"{TOOLS}/zig/")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ARDUINO_DIRECTORIES_DATA": str(TOOLS / "arduino" / "data"),
        "ARDUINO_DIRECTORIES_USER": str(folder / "sketchbook"),
        "ARDUINO_DIRECTORIES_DOWNLOADS": str(folder / "downloads"),
        "ARDUINO_BUILD_CACHE_PATH": str(folder / "cache"),
        "ARDUINO_UPDATER_ENABLE_NOTIFICATION": "false",
        "ZIG_GLOBAL_CACHE_DIR": str(folder / "zig"),
        "ZIG_LOCAL_CACHE_DIR": str(folder / "zig"),
    }


@pytest.fixture(scope="session")
def compile_sketch(compile_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """Compile a sketch folder for a board, all warnings on."""

    def compile_folder(sketch: Path, fqbn: str = VIRTUAL, *extra: str) -> Compiled:
        output = tmp_path_factory.mktemp("output")
        command = [str(TOOLS / "bin" / "arduino-cli"), "compile", "--json", "--warnings", "all"]
        done = subprocess.run(
            [*command, "--fqbn", fqbn, *extra, "--output-dir", str(output), str(sketch)],
            env=compile_environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Compiled(answer=json.loads(done.stdout or done.stderr), output=output)

    return compile_folder


@pytest.fixture(scope="session")
def compile_text(compile_sketch: Compile, tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """Compile a sketch given as text; the same text is compiled once for all tests."""

    @functools.cache
    def compile_source(source: str, fqbn: str = VIRTUAL, *extra: str) -> Compiled:
        folder = tmp_path_factory.mktemp("text") / "Sketch"
        folder.mkdir()
        (folder / "Sketch.ino").write_text(source, encoding="utf-8")
        return compile_sketch(folder, fqbn, *extra)

    return compile_source
