"""The composition root: one value that holds every outside part."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from app.accounts.passwords import PasswordHasher
from app.accounts.service import Accounts
from app.builds.artifact_store import ArtifactStore, DiskArtifactStore
from app.builds.queue import JobQueue, RqJobQueue
from app.builds.runs import BuildRuns
from app.builds.service import Builds, sources_in_use
from app.devices.claims import Claims
from app.devices.enrolment import Enrolment
from app.devices.keys import DeviceKeys
from app.devices.logs import DeviceLogs
from app.devices.service import Devices
from app.events.batching import BatchingManager
from app.events.publisher import EventPublisher, RedisEventPublisher
from app.flashing.service import Flashing
from app.kernel.clock import Clock, SystemClock
from app.kernel.redis_client import open_redis
from app.kernel.secret_box import SecretBox
from app.sketches.service import Sketches
from app.sketches.store import SketchStore, ZipSketchStore
from app.toolchain.service import Toolchain
from app.updates.check_in.service import CheckIns
from app.updates.downloads import Downloads
from app.updates.releases import Releases
from app.updates.service import Updates
from app.virtual_devices.service import VirtualDevices
from config import Settings

# RQ's own limit comes after the compiler's and leaves time to store the result.
_JOB_GRACE_S = 60


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The outside parts, and the services made from them, each on first use.

    Attributes:
        sessions: makes a session, or gives the one of the present request.
        batched_events: for events that may arrive a moment later than others; many go out together.
    """

    settings: Settings
    sessions: Callable[[], Session]
    sketch_store: SketchStore
    artifacts: ArtifactStore
    queue: JobQueue
    events: EventPublisher
    batched_events: EventPublisher
    secrets: SecretBox
    passwords: PasswordHasher
    clock: Clock

    @cached_property
    def check_ins(self) -> CheckIns:
        """The check-ins of bots."""
        return CheckIns(
            sessions=self.sessions,
            artifacts=self.artifacts,
            secrets=self.secrets,
            events=self.events,
            batched_events=self.batched_events,
            clock=self.clock,
        )

    @cached_property
    def downloads(self) -> Downloads:
        """Images on their way to bots."""
        return Downloads(sessions=self.sessions, events=self.events, clock=self.clock)

    @cached_property
    def releases(self) -> Releases:
        """Images that were offered to bots."""
        return Releases(sessions=self.sessions, artifacts=self.artifacts, sketches=self.sketch_store)

    @cached_property
    def updates(self) -> Updates:
        """Updates of bots."""
        return Updates(sessions=self.sessions, artifacts=self.artifacts, events=self.events, clock=self.clock)

    @cached_property
    def accounts(self) -> Accounts:
        """Log in, change the password."""
        return Accounts(
            sessions=self.sessions, passwords=self.passwords, events=self.events, clock=self.clock
        )

    @cached_property
    def claims(self) -> Claims:
        """Register and claim bots."""
        return Claims(
            sessions=self.sessions,
            registration=self.settings.registration,
            passwords=self.passwords,
            secrets=self.secrets,
            events=self.events,
            clock=self.clock,
        )

    @cached_property
    def enrolment(self) -> Enrolment:
        """Enrol bots before anybody owns them."""
        return Enrolment(
            sessions=self.sessions, passwords=self.passwords, secrets=self.secrets, clock=self.clock
        )

    @cached_property
    def devices(self) -> Devices:
        """Bots as their owners see and change them."""
        return Devices(sessions=self.sessions, secrets=self.secrets, events=self.events, clock=self.clock)

    @cached_property
    def device_keys(self) -> DeviceKeys:
        """The keys by which bots sign."""
        return DeviceKeys(sessions=self.sessions, secrets=self.secrets, events=self.events, clock=self.clock)

    @cached_property
    def device_logs(self) -> DeviceLogs:
        """The serial output of bots."""
        return DeviceLogs(sessions=self.sessions, events=self.events, clock=self.clock)

    @cached_property
    def flashing(self) -> Flashing:
        """The first flash over USB."""
        return Flashing(
            sessions=self.sessions,
            artifacts=self.artifacts,
            secrets=self.secrets,
            events=self.events,
            clock=self.clock,
            ca_pem=self.settings.device_ca_pem,
        )

    @cached_property
    def virtual_devices(self) -> VirtualDevices:
        """Bots in their owner's browser."""
        return VirtualDevices(
            sessions=self.sessions,
            secrets=self.secrets,
            events=self.events,
            clock=self.clock,
        )

    @cached_property
    def toolchain(self) -> Toolchain:
        """Boards and cores."""
        return Toolchain(sessions=self.sessions, events=self.events, clock=self.clock)

    @cached_property
    def sketches(self) -> Sketches:
        """Sketches and their revisions."""
        return Sketches(
            sessions=self.sessions,
            store=self.sketch_store,
            sources_in_use=sources_in_use,
            events=self.events,
            clock=self.clock,
        )

    @cached_property
    def builds(self) -> Builds:
        """Builds as users see them."""
        return Builds(
            sessions=self.sessions,
            artifacts=self.artifacts,
            queue=self.queue,
            events=self.events,
            clock=self.clock,
            max_open=self.settings.max_open_builds,
        )

    @cached_property
    def build_runs(self) -> BuildRuns:
        """Builds as the worker drives them."""
        return BuildRuns(
            sessions=self.sessions,
            sketch_store=self.sketch_store,
            artifacts=self.artifacts,
            queue=self.queue,
            events=self.events,
            clock=self.clock,
        )


def make_runtime(settings: Settings, sessions: Callable[[], Session]) -> Runtime:
    """The runtime of a real process."""
    redis = open_redis(settings.redis_url)
    return Runtime(
        settings=settings,
        sessions=sessions,
        sketch_store=ZipSketchStore(settings.sketches_dir),
        artifacts=DiskArtifactStore(settings.builds_dir),
        queue=RqJobQueue(redis, job_limit_s=settings.build_time_limit_s + _JOB_GRACE_S),
        events=RedisEventPublisher.immediate(redis, settings.redis_url),
        batched_events=RedisEventPublisher(redis, BatchingManager(redis)),
        secrets=SecretBox(settings.encryption_key),
        passwords=PasswordHasher(),
        clock=SystemClock(),
    )
