"""Compile the sources of one sketch: from a BuildSpec to a BuildResult, with no database and no queue.

A sketch may make the compile end in any way it likes; each way has a name in the result. Exceptions
mean that something is wrong with this server.
"""

import errno
import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from app.builds.images import ImageFacts
from app.builds.rules import (
    ArtifactFacts,
    BuildResult,
    BuildSpec,
    BuildState,
    FailureReason,
    LibraryUse,
    Stage,
)
from app.kernel.errors import AppError
from app.toolchain.rules import Catalog, core_of
from compiler_worker.arduino.toolchain import CompilePaths, Toolchain, ToolchainError, sketch_dir
from compiler_worker.arduino.warm_cache import WarmCache
from compiler_worker.compile import artifacts, outcomes, progress, workspace
from compiler_worker.compile.diagnostics import DiagnosticReader
from compiler_worker.compile.libraries import used_libraries
from compiler_worker.sandbox.process import End, Listener, Outcome, Stream
from compiler_worker.sandbox.procfs import command_line

logger = logging.getLogger(__name__)

_EMPTY_SKETCH = "void setup() {}\nvoid loop() {}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler:
    """What compiles need from this server.

    Attributes:
        tool_version: version of arduino-cli.
        core_versions: by core.
        toolchain_keys: by FQBN, the digest of all versions that go into a board's firmware.
    """

    toolchain: Toolchain
    cache: WarmCache
    tool_version: str
    core_versions: Mapping[str, str]
    toolchain_keys: Mapping[str, str]

    @classmethod
    def of_catalog(cls, catalog: Catalog, toolchain: Toolchain, cache: WarmCache) -> Self:
        """The compiler with the versions that the catalog names."""
        return cls(
            toolchain=toolchain,
            cache=cache,
            tool_version=catalog.tool_version,
            core_versions={core.core: core.version for core in catalog.cores},
            toolchain_keys={board.fqbn: board.toolchain_key for board in catalog.boards},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileObserver:
    """Callbacks for a running compile.

    Attributes:
        on_line: gets each line for the build's log.
        on_stage: gets each stage as it starts.
        is_cancelled: asked about twenty times a second; True stops the compile.
    """

    on_line: Callable[[str], None]
    on_stage: Callable[[Stage], None]
    is_cancelled: Callable[[], bool]


def compile_sketch(
    spec: BuildSpec, *, out_dir: Path, compiler: Compiler, observer: CompileObserver
) -> BuildResult:
    """Compile the sources of a sketch and put the artifacts into `out_dir`.

    Args:
        out_dir: an empty folder.
    """
    observer.on_stage(Stage.PREPARING)
    with tempfile.TemporaryDirectory(prefix="airsketch-build-") as scratch:
        sketch = workspace.prepare(spec.sources, Path(scratch), with_agent=compiler.toolchain.has_agent)
        return _Compile(spec, compiler, observer, sketch, out_dir).run()


class _Compile:
    """One compile under way."""

    def __init__(
        self, spec: BuildSpec, compiler: Compiler, observer: CompileObserver, sketch: Path, out_dir: Path
    ) -> None:
        self._spec = spec
        self._compiler = compiler
        self._observer = observer
        self._sketch = sketch
        self._out_dir = out_dir
        self._made_dir = sketch.parent / "output"
        self._made_dir.mkdir()
        self._sizes = progress.Sizes()
        self._libraries: tuple[LibraryUse, ...] = ()
        self._stage = Stage.PREPARING
        self._built_clean = False
        self._messages = DiagnosticReader(str(sketch_dir(spec.sketch_name)))

    def run(self) -> BuildResult:
        """Compile, find the outcome, store the artifacts."""
        cache = self._compiler.cache
        key = self._compiler.toolchain_keys.get(self._spec.fqbn, "")
        try:
            with (
                cache.of_core(key, self._spec.fqbn, self._fill_cores) as cores,
                cache.of_sketch(self._spec.cache_owner, self._spec.fqbn, (key, *self._file_names())) as own,
            ):
                self._built_clean = not any(own.iterdir())
                outcome = self._call(own, cores)
                self._libraries = used_libraries(own, self._compiler.toolchain.mounts())
                if outcome.end is not End.EXITED:
                    # What a killed compiler has half written would spoil every later compile.
                    shutil.rmtree(own, ignore_errors=True)
        except ToolchainError as error:
            return outcomes.failed(FailureReason.TOOLCHAIN, str(error))
        return self._with_facts(self._judge(outcome), outcome)

    def _file_names(self) -> list[str]:
        files = (path for path in self._sketch.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self._sketch)) for path in files)

    def _call(self, own: Path, cores: Path) -> Outcome:
        toolchain = self._compiler.toolchain
        paths = CompilePaths(
            sketch=self._sketch,
            cache=own,
            cores=cores,
            output=self._made_dir,
            has_agent=toolchain.has_agent,
        )
        listener = Listener(
            on_line=self._take, on_processes=self._find_stage, cancelled=self._observer.is_cancelled
        )
        return toolchain.compile(self._spec.fqbn, paths, listener)

    def _take(self, stream: Stream, line: str) -> None:
        if stream is Stream.ERR:
            self._messages.read(line)
        else:
            self._sizes.read(line)
        self._observer.on_line(line)

    def _find_stage(self, pids: Sequence[int]) -> None:
        """Find out from the running programs whether a later stage has started."""
        for pid in pids:
            stage = progress.stage_of(command_line(pid))
            if stage and progress.is_later(stage, self._stage):
                self._stage = stage
                self._observer.on_stage(stage)
                self._observer.on_line(progress.title_of(stage))

    def _fill_cores(self, cache: Path) -> bool:
        """Compile the empty sketch, so that every sketch finds its board's core compiled."""
        self._observer.on_stage(Stage.COMPILING_CORE)
        with tempfile.TemporaryDirectory(prefix="airsketch-core-") as scratch:
            sketch, output, no_cores = (Path(scratch) / name for name in ("Empty", "output", "cores"))
            for folder in (sketch, output, no_cores):
                folder.mkdir()
            (sketch / "Empty.ino").write_text(_EMPTY_SKETCH, encoding="ascii")
            outcome = self._compiler.toolchain.compile(
                self._spec.fqbn,
                CompilePaths(sketch=sketch, cache=cache, cores=no_cores, output=output),
                Listener(cancelled=self._observer.is_cancelled),
            )
        if outcome.rc != 0:
            logger.error(
                "core_not_compiled",
                extra={"fqbn": self._spec.fqbn, "end": outcome.end, "output": outcome.err[-1000:]},
            )
        return outcome.rc == 0

    def _judge(self, outcome: Outcome) -> BuildResult:
        limits = self._compiler.toolchain.limits
        failure = outcomes.of_failed(outcome, self._messages, wall_limit_s=limits.wall_s)
        if failure is None:
            return self._store()
        if failure.reason is FailureReason.TOOLCHAIN:
            # What the tools printed may quote the sketch; it stands in the build's own log.
            logger.error("toolchain_failed", extra={"build_id": self._spec.build_id, "rc": outcome.rc})
        return failure

    def _store(self) -> BuildResult:
        self._observer.on_stage(Stage.CHECKING_IMAGE)
        try:
            image = artifacts.collect_image(self._made_dir, self._spec, self._out_dir)
            self._observer.on_stage(Stage.STORING)
            artifacts.collect_others(self._made_dir, self._spec, self._out_dir)
        except AppError as error:
            too_big = error.code == "image_too_big"
            return outcomes.failed(
                FailureReason.TOO_BIG if too_big else FailureReason.BAD_IMAGE, error.message
            )
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            return outcomes.failed(
                FailureReason.DISK_FULL, "The server's disk is full. Contact the server administrator."
            )
        return BuildResult(state=BuildState.SUCCEEDED, image=image, artifacts=self._write_manifest(image))

    def _write_manifest(self, image: ImageFacts) -> tuple[ArtifactFacts, ...]:
        return artifacts.write_manifest(
            self._out_dir,
            spec=self._spec,
            image=image,
            versions={"tool": self._compiler.tool_version, "core": self._core_version},
            libraries=self._libraries,
            sizes=tuple(self._sizes.found.values()),
        )

    @property
    def _core_version(self) -> str:
        return self._compiler.core_versions.get(core_of(self._spec.fqbn), "")

    def _with_facts(self, result: BuildResult, outcome: Outcome) -> BuildResult:
        return replace(
            result,
            diagnostics=self._messages.result(),
            sizes=tuple(self._sizes.found.values()),
            libraries=self._libraries,
            core_version=self._core_version,
            tool_version=self._compiler.tool_version,
            compile_s=outcome.wall_s,
            built_clean=self._built_clean,
        )
