"""Both platforms compile in the worker's jail, and the image gate knows their images."""

import shutil
from pathlib import Path

import pytest

from app.builds.images import read_image
from app.toolchain.rules import Fqbn
from compiler_worker.arduino.toolchain import CompilePaths, Toolchain
from compiler_worker.sandbox.jail import JailError, Mount, find_jail
from compiler_worker.sandbox.process import End, Limits, Listener
from tests.device_sketch.conftest import EXAMPLES, TOOLS, VIRTUAL
from tests.standin_core.sketchbook import make_sketchbook, python_folders

pytestmark = pytest.mark.system


@pytest.fixture
def toolchain(tmp_path: Path, compile_environment: dict[str, str]) -> Toolchain:
    """The worker's toolchain with the stand-in core added."""
    try:
        jail = find_jail(TOOLS)
    except JailError as error:
        pytest.skip(str(error))
    return Toolchain(
        tools=TOOLS,
        sketchbook=make_sketchbook(tmp_path / "sketchbook"),
        sandbox=jail,
        limits=Limits(wall_s=60),
        extra=tuple(Mount(source=folder.resolve(), target=folder) for folder in python_folders()),
    )


@pytest.mark.parametrize(
    ("fqbn", "chip", "project"),
    [(VIRTUAL, "virtual", "OtaAware"), ("esp32:esp32:esp32c6", "esp32c6", "airsketch-stand-in")],
)
def test_image_from_the_jail_passes_the_gate(
    toolchain: Toolchain, tmp_path: Path, fqbn: str, chip: str, project: str
) -> None:
    folders = {name: tmp_path / name for name in ("cache", "cores", "output")}
    for folder in folders.values():
        folder.mkdir()
    sketch = Path(shutil.copytree(EXAMPLES / "OtaAware", tmp_path / "OtaAware"))
    lines: list[str] = []
    outcome = toolchain.compile(
        Fqbn(fqbn),
        CompilePaths(sketch=sketch, cache=folders["cache"], cores=folders["cores"], output=folders["output"]),
        Listener(on_line=lambda _, line: lines.append(line)),
    )
    assert (outcome.end, outcome.rc) == (End.EXITED, 0), "\n".join(lines)
    facts = read_image((folders["output"] / "OtaAware.ino.bin").read_bytes())
    assert (facts.chip, facts.project) == (chip, project)
