"""Builds: one attempt to turn the sources of a sketch into firmware for one board."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from app.builds.images import ImageFacts
from app.kernel.errors import IllegalTransition
from app.sketches.sources import Sources
from app.toolchain.rules import Fqbn

BuildId = NewType("BuildId", str)

FIRMWARE_NAME = "firmware.bin"
"""The artifact of a build that a bot boots."""
BOOTLOADER_NAME = "bootloader.bin"
PARTITIONS_NAME = "partitions.bin"
"""Artifacts that only the initial flash of an ESP32 needs."""


class BuildState(StrEnum):
    """Where a build stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    LOST = "lost"


class BuildEvent(StrEnum):
    """What can happen to a build."""

    START = "start"
    SUCCEED = "succeed"
    FAIL = "fail"
    TIME_OUT = "time_out"
    CANCEL = "cancel"
    LOSE = "lose"


class FailureReason(StrEnum):
    """Why a build failed; permanent words of the API."""

    COMPILE_ERROR = "compile_error"
    LINK_ERROR = "link_error"
    TOO_BIG = "too_big"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_FLOOD = "output_flood"
    DISK_FULL = "disk_full"
    BAD_IMAGE = "bad_image"
    TOOLCHAIN = "toolchain"
    INTERNAL = "internal"


class Stage(StrEnum):
    """The part of a compile that is under way, in the order in which they come."""

    PREPARING = "preparing"
    DETECTING_LIBRARIES = "detecting_libraries"
    GENERATING_PROTOTYPES = "generating_prototypes"
    COMPILING_SKETCH = "compiling_sketch"
    COMPILING_LIBRARIES = "compiling_libraries"
    COMPILING_CORE = "compiling_core"
    LINKING = "linking"
    CHECKING_IMAGE = "checking_image"
    STORING = "storing"


class Severity(StrEnum):
    """How bad a diagnostic is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One message of the compiler or the linker.

    Attributes:
        file: path inside the sketch; empty when the message belongs to no file of the sketch.
        line: 1-based; 0 when unknown.
        column: 1-based; 0 when unknown.
        message: the first line of the message, at most 500 characters.
    """

    severity: Severity
    file: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSize:
    """How full one memory is: `text` is the slot, `data` the RAM for globals. Sizes in bytes."""

    name: str
    size_bytes: int
    max_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactFacts:
    """A file of a build: its name in the build's folder, size in bytes, lower-case hex SHA-256."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryUse:
    """A library that went into the firmware."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSpec:
    """All that a compile needs to know.

    Attributes:
        cache_owner: names the account and the sketch, for the sketch's own build cache.
        slot_bytes: the largest image that fits the board's slot.
        chip: the chip the image must be made for.
    """

    build_id: BuildId
    sources: Sources
    cache_owner: str
    fqbn: Fqbn
    chip: str
    slot_bytes: int

    @property
    def sketch_name(self) -> str:
        """The name of the sketch and of its main `.ino`."""
        return self.sources.sketch_name


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """How a compile ended. A compile error is a result, not an exception.

    Attributes:
        state: SUCCEEDED, FAILED, TIMED_OUT or CANCELLED.
        reason: set when `state` is FAILED.
        message: one sentence for people that says what happened and what to do; empty on success.
        image: facts of the firmware; set on success.
        core_version: version of the core; empty when unknown.
        compile_s: seconds spent in arduino-cli.
        built_clean: nothing an earlier compile left behind had a part in it, so anybody may be given
            the result.
    """

    state: BuildState
    reason: FailureReason | None = None
    message: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    sizes: tuple[SectionSize, ...] = ()
    libraries: tuple[LibraryUse, ...] = ()
    artifacts: tuple[ArtifactFacts, ...] = ()
    image: ImageFacts | None = None
    core_version: str = ""
    tool_version: str = ""
    compile_s: float = 0.0
    built_clean: bool = False


END_STATES = frozenset(
    {BuildState.SUCCEEDED, BuildState.FAILED, BuildState.TIMED_OUT, BuildState.CANCELLED, BuildState.LOST}
)
OPEN_STATES = frozenset(BuildState) - END_STATES

_MOVES: dict[tuple[BuildState, BuildEvent], BuildState] = {
    (BuildState.QUEUED, BuildEvent.START): BuildState.RUNNING,
    (BuildState.QUEUED, BuildEvent.CANCEL): BuildState.CANCELLED,
    (BuildState.QUEUED, BuildEvent.LOSE): BuildState.LOST,
    # A queued build ends at once when a duplicate of it has just been built.
    (BuildState.QUEUED, BuildEvent.SUCCEED): BuildState.SUCCEEDED,
    (BuildState.RUNNING, BuildEvent.SUCCEED): BuildState.SUCCEEDED,
    (BuildState.RUNNING, BuildEvent.FAIL): BuildState.FAILED,
    (BuildState.RUNNING, BuildEvent.TIME_OUT): BuildState.TIMED_OUT,
    (BuildState.RUNNING, BuildEvent.CANCEL): BuildState.CANCELLED,
    (BuildState.RUNNING, BuildEvent.LOSE): BuildState.LOST,
}


def advance(state: BuildState, event: BuildEvent) -> BuildState:
    """The state after `event`.

    Raises:
        IllegalTransition: a build in `state` cannot take `event`.
    """
    try:
        return _MOVES[state, event]
    except KeyError:
        raise IllegalTransition("build", state, event) from None


def sources_of(event: BuildEvent) -> frozenset[BuildState]:
    """The states in which `event` is legal; the guard of a compare-and-set."""
    return frozenset(state for state, known in _MOVES if known == event)


def cache_key(*, sources_digest: str, fqbn: Fqbn, toolchain_key: str) -> str:
    """The name of everything that decides the bytes of the firmware, as lower-case hex SHA-256."""
    parts = "\n".join(("build-v1", sources_digest, fqbn, toolchain_key))
    return hashlib.sha256(parts.encode()).hexdigest()


def estimate_wait_s(recent_s: Sequence[float], *, position: int, workers: int) -> float | None:
    """Seconds until a queued build should be done, from the median of recent compile times.

    Args:
        recent_s: wall times of recent builds in seconds, any order.
        position: 1 for the next to start.
        workers: compile workers now at work, at least 1.

    Returns:
        None when there is no history yet.
    """
    if not recent_s:
        return None
    ordered = sorted(recent_s)
    median = ordered[len(ordered) // 2]
    rounds = (position + workers - 1) // workers
    # The builds now running are half done on average.
    return median * (rounds + 0.5)
