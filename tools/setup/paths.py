"""Where everything of one copy of Airsketch lies."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import config


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The folders and files that set-up and supervisor share.

    Attributes:
        root: the project folder.
        tools: compilers and programs fetched by the set-up.
        instance: database, Redis data, secrets and logs.
    """

    root: Path
    tools: Path
    instance: Path

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, root: Path = config.ROOT) -> Self:
        """The paths, moved where the environment says so."""
        return cls(
            root=root,
            tools=config.tools_dir(env, root),
            instance=config.instance_dir(env, root),
        )

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def venv_python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def arduino_cli(self) -> Path:
        """The arduino-cli of this copy."""
        return self.tools / "bin" / "arduino-cli"

    @property
    def arduino_data(self) -> Path:
        """The folder arduino-cli calls `directories.data`."""
        return self.tools / "arduino" / "data"

    @property
    def node_folder(self) -> Path:
        """The Node.js of this copy, used when the machine has none."""
        return self.tools / "node"

    @property
    def bwrap(self) -> Path:
        """The bubblewrap of this copy, used when the machine has none."""
        return self.tools / "bwrap" / "bwrap"

    @property
    def zig_folder(self) -> Path:
        """The prepared compiler of the virtual bot."""
        return self.tools / "zig"

    @property
    def vendor(self) -> Path:
        """The bundled browser parts."""
        return self.root / "static" / "vendor"

    @property
    def secrets(self) -> Path:
        """The generated secrets of this copy."""
        return self.instance / "secrets.json"

    @property
    def kept_environment(self) -> Path:
        """The settings of the last start."""
        return self.instance / config.KEPT_ENVIRONMENT

    @property
    def sqlite_file(self) -> Path:
        """The database that is used when no other is named."""
        return config.sqlite_file(self.instance)

    @property
    def logs(self) -> Path:
        """The folder of logs."""
        return self.instance / "logs"

    @property
    def setup_log(self) -> Path:
        """What the programs started by the set-up printed."""
        return self.tools / "setup.log"
