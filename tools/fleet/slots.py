"""The two slots of a bot and what its bootloader does with them, as on an ESP32 with rollback."""

from enum import IntEnum, StrEnum

SLOT_BYTES = 1_310_720
"""Size of a slot; HOST_INTERFACE.md of the virtual board."""


class Reason(IntEnum):
    """Why a bot starts; ESP-IDF's numbers, as HOST_INTERFACE.md gives them."""

    POWER_ON = 1
    BY_PROGRAM = 3
    CRASH = 4
    WATCHDOG = 6


class BootKind(StrEnum):
    """What the bootloader tells the image about this start."""

    NORMAL = "normal"
    ROLLED_BACK = "rolled_back"


class Slots:
    """Two slots, the mark which one starts next, and the mark that the running image is on trial.

    Args:
        image: what was flashed over USB into the first slot; such an image is not on trial.
    """

    def __init__(self, image: bytes) -> None:
        self._slots = [bytes(image), b""]
        self._is_bootable = [True, False]
        self._running = 0
        self._next: int | None = None
        self._is_on_trial = False
        self._spare: bytearray | None = None
        self.boot_kind = BootKind.NORMAL

    @property
    def image(self) -> bytes:
        """The image that runs."""
        return self._slots[self._running]

    @property
    def name(self) -> str:
        """The name of the running slot."""
        return f"ota_{self._running}"

    @property
    def spare(self) -> bytes:
        """What lies in the slot that does not run, whole or not."""
        return bytes(self._spare) if self._spare is not None else self._slots[1 - self._running]

    @property
    def is_on_trial(self) -> bool:
        """Whether the running image is not confirmed yet."""
        return self._is_on_trial

    def boot(self) -> None:
        """Choose the image that starts: a new one once, on trial; if it was not confirmed, the former."""
        self._leave_half_written()
        self.boot_kind = BootKind.NORMAL
        if self._next is not None:
            self._running, self._next, self._is_on_trial = self._next, None, True
        elif self._is_on_trial and self._is_bootable[1 - self._running]:
            self._running, self._is_on_trial = 1 - self._running, False
            self.boot_kind = BootKind.ROLLED_BACK

    def begin(self, size_bytes: int) -> bool:
        """Open the spare slot; False if the image does not fit or the running one is still on trial.

        Args:
            size_bytes: of the whole image; negative if not known.
        """
        if self._is_on_trial or size_bytes > SLOT_BYTES:
            return False
        self._spare = bytearray()
        self._is_bootable[1 - self._running] = False
        self._next = None
        return True

    def write(self, data: bytes) -> bool:
        """Append to the open slot; False if it is full or not open."""
        if self._spare is None or len(self._spare) + len(data) > SLOT_BYTES:
            return False
        self._spare += data
        return True

    def switch(self) -> None:
        """The spare slot holds a whole, checked image: it starts next."""
        spare = 1 - self._running
        self._leave_half_written()
        self._is_bootable[spare] = True
        self._next = spare

    def confirm(self) -> None:
        """The running image is good."""
        self._is_on_trial = False

    def _leave_half_written(self) -> None:
        """What was written stays in the flash memory, but nothing starts it."""
        if self._spare is not None:
            self._slots[1 - self._running] = bytes(self._spare)
            self._spare = None
