"""The real toolchain in the real jail, and a real worker beside a real Redis."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from app.builds.rules import BuildId, BuildResult, BuildSpec, Stage
from app.sketches.sources import Sources
from app.toolchain.rules import VIRTUAL_FQBN, Board, Catalog, Fqbn
from compiler_worker.arduino.catalog import read_catalog
from compiler_worker.arduino.toolchain import Toolchain
from compiler_worker.arduino.warm_cache import WarmCache
from compiler_worker.compile.compile import CompileObserver, Compiler, compile_sketch
from compiler_worker.sandbox.jail import JailError, find_jail
from compiler_worker.sandbox.process import Limits
from tools.trial.server import free_port, redis_server_binary, wait_until

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
SETUP = "\nvoid setup() {}\nvoid loop() {}\n"


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    """The tools of this checkout, in a jail."""
    if not (TOOLS / "bin" / "arduino-cli").exists():
        pytest.skip("the toolchain is not set up; run `make test`")
    try:
        jail = find_jail(TOOLS)
    except JailError as error:
        pytest.skip(str(error))
    return Toolchain(tools=TOOLS, sketchbook=ROOT / "device_sketch", sandbox=jail, limits=Limits(wall_s=60))


@pytest.fixture(scope="session")
def catalog(toolchain: Toolchain) -> Catalog:
    """What the tools can build for."""
    return read_catalog(toolchain)


@pytest.fixture(scope="session")
def warm_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of caches for all tests, so that the core is compiled once."""
    return tmp_path_factory.mktemp("warm")


@dataclass(slots=True)
class Compiled:
    """What came of a compile, and what was reported meanwhile."""

    result: BuildResult
    out_dir: Path
    lines: list[str] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    @property
    def log(self) -> str:
        """All lines of the log."""
        return "\n".join(self.lines)


class Bench:
    """Compiles sources for a board."""

    def __init__(self, toolchain: Toolchain, catalog: Catalog, cache: WarmCache, folder: Path) -> None:
        self.toolchain = toolchain
        self.catalog = catalog
        self.cache = cache
        self._folder = folder

    def board(self, fqbn: Fqbn = VIRTUAL_FQBN) -> Board:
        """A board of the catalog."""
        return next(board for board in self.catalog.boards if board.fqbn == fqbn)

    def compile(
        self,
        source: str,
        *,
        name: str = "Sketch",
        more: Mapping[str, str] | None = None,
        fqbn: Fqbn = VIRTUAL_FQBN,
        limits: Limits | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        slot_bytes: int | None = None,
    ) -> Compiled:
        """Compile a sketch of one file, or of several with `more`."""
        texts = {f"{name}.ino": source, **(more or {})}
        files = {path: text.encode() for path, text in texts.items()}
        board = self.board(fqbn)
        spec = BuildSpec(
            build_id=BuildId("0" * 32),
            sources=Sources(sketch_name=name, files=files),
            cache_owner=str(self._folder),
            fqbn=fqbn,
            chip=board.chip,
            slot_bytes=board.slot_bytes if slot_bytes is None else slot_bytes,
        )
        toolchain = replace(self.toolchain, limits=limits) if limits else self.toolchain
        compiler = Compiler.of_catalog(self.catalog, toolchain, self.cache)
        done = Compiled(
            result=BuildResult(state=None),  # type: ignore[arg-type]
            out_dir=Path(tempfile.mkdtemp(dir=self._folder)),
        )
        observer = CompileObserver(
            on_line=done.lines.append, on_stage=done.stages.append, is_cancelled=cancelled
        )
        done.result = compile_sketch(spec, out_dir=done.out_dir, compiler=compiler, observer=observer)
        return done


@pytest.fixture
def bench(toolchain: Toolchain, catalog: Catalog, warm_dir: Path, tmp_path: Path) -> Bench:
    """Compiles with the real tools; each test is another tenant."""
    return Bench(toolchain, catalog, WarmCache(warm_dir), tmp_path)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of our own."""
    port = free_port()
    folder = tempfile.mkdtemp(prefix="airsketch-redis-")
    server = subprocess.Popen(
        [redis_server_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"
    try:
        wait_until(lambda: _answers(url), "start of Redis", limit_s=20)
        yield url
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder)


def _answers(url: str) -> bool:
    client = Redis.from_url(url)
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()
