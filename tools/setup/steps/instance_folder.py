"""The instance folder with its generated secrets."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from tools.setup.commands import Progress
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.setup.steps.step import Step

_KEY_BYTES = 32
_NAMES = ("secret_key", "encryption_key")
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600


def read_secrets(paths: Paths) -> dict[str, str]:
    """The generated secrets, by name.

    Raises:
        SetupError: the file is missing or damaged.
    """
    try:
        stored = json.loads(paths.secrets.read_text(encoding="utf-8"))
        return {name: str(stored[name]) for name in _NAMES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(
            f"{paths.secrets} cannot be read.",
            "Restore it from a backup: without its keys the stored Wi-Fi settings and bot keys are lost.",
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceFolder(Step):
    """Makes the folder that only its owner may enter, and the secrets in it."""

    @property
    def name(self) -> str:
        """What the step provides."""
        return "Instance folder"

    def is_done(self) -> bool:
        """Whether the folder is private and holds secrets."""
        folder = self.paths.instance
        return (
            self.paths.secrets.is_file()
            and self.paths.logs.is_dir()
            and folder.stat().st_mode & 0o777 == _PRIVATE_FOLDER
            and os.access(folder, os.W_OK)
        )

    def do(self, progress: Progress) -> None:
        """Make what is missing; never replace a secret that is there."""
        self.paths.instance.mkdir(parents=True, exist_ok=True)
        self.paths.instance.chmod(_PRIVATE_FOLDER)
        self.paths.logs.mkdir(exist_ok=True)
        if not self.paths.secrets.exists():
            progress("creating secrets")
            write_private(
                self.paths.secrets, json.dumps({name: secrets.token_hex(_KEY_BYTES) for name in _NAMES})
            )


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read at any moment, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE), "w") as file:
        file.write(text)
    partial.replace(path)
