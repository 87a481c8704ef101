"""The first flash over USB: suitable builds, the plan, and the files with a bot's secrets.

Only `make` hands out secrets: to the owner, made for this one request, noted in the audit trail, kept
nowhere.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.builds.artifact_store import ArtifactStore
from app.builds.rules import BOOTLOADER_NAME, FIRMWARE_NAME, PARTITIONS_NAME, BuildState
from app.builds.tables import Build
from app.devices import keys as device_keys
from app.devices import service as devices
from app.devices.rules import DeviceId
from app.devices.tables import Device
from app.events.publisher import EventPublisher
from app.flashing.layout import (
    BOOTLOADER_OFFSETS,
    BuildFiles,
    Part,
    factory_command,
    factory_image,
    lay_out,
    parts_command,
    read_layout,
)
from app.flashing.nvs import make_nvs
from app.flashing.nvs_identity import Identity, Wiring
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, NotFound
from app.kernel.secret_box import SecretBox
from app.kernel.transaction import writing
from app.updates.releases import find_build

_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FlashSet:
    """All files to flash into one bot, and how."""

    device_id: str
    chip: str
    parts: tuple[Part, ...]

    @property
    def factory_name(self) -> str:
        """The file name of the whole image."""
        return f"{self.device_id}.factory.bin"

    @property
    def command(self) -> str:
        """The esptool command that writes the whole image."""
        return factory_command(self.chip, self.factory_name)

    @property
    def parts_command(self) -> str:
        """The esptool command that writes the separate parts."""
        return parts_command(self.chip, self.parts)

    def as_image(self) -> bytes:
        """The whole image as one file."""
        return factory_image(self.parts)

    def as_zip(self) -> bytes:
        """The separate parts with the command that writes them."""
        made = BytesIO()
        with ZipFile(made, "w", ZIP_DEFLATED) as archive:
            for part in self.parts:
                archive.writestr(part.name, part.data)
            archive.writestr("flash.txt", f"{self.parts_command}\n")
        return made.getvalue()


class Flashing:
    """The first flash of bots over USB.

    Args:
        ca_pem: the authority that bots check the server's certificate against; may be empty.
    """

    def __init__(
        self,
        *,
        sessions: Callable[[], Session],
        artifacts: ArtifactStore,
        secrets: SecretBox,
        events: EventPublisher,
        clock: Clock,
        ca_pem: str,
    ) -> None:
        self._sessions = sessions
        self._artifacts = artifacts
        self._secrets = secrets
        self._events = events
        self._clock = clock
        self._ca_pem = ca_pem

    def list_builds(self, actor: Actor, device_id: DeviceId) -> list[Build]:
        """The newest finished builds of an account for boards that are flashed over USB, newest first.

        Raises:
            NotFound: no such device of this account.
        """
        session = self._sessions()
        devices.get(session, account_id=actor.account_id, device_id=device_id)
        query = (
            select(Build)
            .where(
                Build.account_id == actor.account_id,
                Build.state == BuildState.SUCCEEDED,
                Build.chip.in_(list(BOOTLOADER_OFFSETS)),
            )
            .order_by(Build.finished_at.desc(), Build.id)
            .limit(_LISTED)
        )
        return list(session.scalars(query))

    def plan(self, actor: Actor, device_id: DeviceId, build_id: str) -> FlashSet:
        """What a first flash would write, with a blank NVS partition instead of the bot's secrets.

        Raises:
            NotFound: no such device or build of this account.
            Conflict: the build did not succeed, or its files are not what was built.
            Invalid: the build is not for a board that is flashed over USB.
        """
        session = self._sessions()
        device = devices.get(session, account_id=actor.account_id, device_id=device_id)
        build, files = self._files(session, actor, build_id)
        blank = b"\xff" * read_layout(files.partitions).nvs.size
        return FlashSet(device_id=device.id, chip=build.chip, parts=lay_out(build.chip, files, blank))

    def make(
        self, actor: Actor, device_id: DeviceId, build_id: str, *, server: str, wiring: Wiring
    ) -> FlashSet:
        """Everything for the first flash of one bot, its secrets included.

        Args:
            server: where the bot finds this server, as `parse_server` gives it.
        Raises:
            NotFound: no such device or build of this account.
            Conflict: no Wi-Fi is set for the bot; or as in `plan`.
            Invalid: as in `plan`, or what the bot has to know does not fit.
        """
        session = self._sessions()
        now = self._clock.now()
        with writing(session):
            device = devices.lock(session, account_id=actor.account_id, device_id=device_id)
            build, files = self._files(session, actor, build_id)
            before = device.revision
            key = device_keys.for_flash(device, secrets=self._secrets)
            if device.wants_log is not None:
                # The later choice of the two counts.
                device.wants_log = wiring.logs
            identity = self._identity(device, server, key, wiring)
            memory = make_nvs(identity.entries(), read_layout(files.partitions).nvs.size)
            made = FlashSet(device_id=device.id, chip=build.chip, parts=lay_out(build.chip, files, memory))
            audit.note(session, actor, "device.usb_flash", device_id, at=now)
        if device.revision != before:
            devices.publish([device], events=self._events)
        return made

    def _identity(self, device: Device, server: str, key: bytes, wiring: Wiring) -> Identity:
        if device.wifi_sealed is None:
            raise Conflict(
                "no_network", "Set the bot's Wi-Fi first. Without it the bot cannot reach the server."
            )
        wifi = devices.open_network(device.wifi_sealed, device_id=device.id, secrets=self._secrets)
        return Identity(
            product_id=device.id,
            device_key=key,
            server=server,
            ssid=wifi.ssid,
            password=wifi.password,
            network_revision=device.network_revision,
            wiring=wiring,
            ca_pem=self._ca_pem,
        )

    def _files(self, session: Session, actor: Actor, build_id: str) -> tuple[Build, BuildFiles]:
        build = find_build(session, account_id=actor.account_id, build_id=build_id)
        names = (BOOTLOADER_NAME, PARTITIONS_NAME, FIRMWARE_NAME)
        try:
            bootloader, partitions, app = (self._artifacts.artifact(build.id, name).read() for name in names)
        except NotFound:
            raise Conflict(
                "not_flashable",
                "This build has no files for a first flash over USB. Choose a build for an ESP32 board.",
            ) from None
        if hashlib.sha256(app).hexdigest() != build.sha256:
            raise Conflict(
                "image_changed", "The image on the server differs from the one that was built. Compile again."
            )
        return build, BuildFiles(bootloader=bootloader, partitions=partitions, app=app)
