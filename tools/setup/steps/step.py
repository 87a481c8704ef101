"""What every step of the set-up is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from tools.setup.commands import Progress
from tools.setup.paths import Paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(ABC):
    """One thing the set-up makes; doing it twice does no harm.

    Attributes:
        paths: where to look and where to put things.
    """

    paths: Paths

    @property
    @abstractmethod
    def name(self) -> str:
        """What the step provides, as printed."""

    @property
    def is_required(self) -> bool:
        """Whether Airsketch cannot start without it."""
        return True

    @abstractmethod
    def is_done(self) -> bool:
        """Whether there is nothing left to do; must be quick."""

    @abstractmethod
    def do(self, progress: Progress) -> None:
        """Provide it.

        Raises:
            SetupError: it cannot be provided; says what is missing and what to do.
        """
