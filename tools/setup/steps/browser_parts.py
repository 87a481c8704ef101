"""The browser parts of other projects, bundled into `static/vendor`."""

import os
from dataclasses import dataclass
from pathlib import Path

from tools.setup.commands import CommandFailed, Progress, command_error, run_logged
from tools.setup.errors import SetupError
from tools.setup.stamps import digest_of, is_stamped, write_stamp
from tools.setup.steps.node import node_bin
from tools.setup.steps.step import Step

_BUNDLES = ("codemirror.js", "esptool.js", "hashes.js", "socket.io.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserParts(Step):
    """Runs `npm ci` and `npm run build`.

    Attributes:
        with_checks: also install the linters and the type checker.
    """

    with_checks: bool = False

    @property
    def name(self) -> str:
        """What the step provides."""
        return "Browser parts with checks" if self.with_checks else "Browser parts"

    def _stamp(self, kind: str) -> Path:
        return self.paths.root / "node_modules" / f".airsketch-{kind}.stamp"

    def _digest(self) -> str:
        here = self.paths.root / "tools" / "setup"
        entries = sorted((here / "vendor").glob("*.js"))
        return digest_of([self.paths.root / "package-lock.json", here / "build_vendor.mjs", *entries])

    def is_done(self) -> bool:
        """Whether the bundles were made from these very inputs."""
        digest = self._digest()
        kinds = ("checks",) if self.with_checks else ("checks", "run")
        made = any(is_stamped(self._stamp(kind), digest) for kind in kinds)
        return made and all((self.paths.vendor / name).is_file() for name in _BUNDLES)

    def do(self, progress: Progress) -> None:
        """Install what the lock file names and bundle it."""
        folder = node_bin(self.paths)
        if folder is None:
            raise SetupError("Node.js is missing.", "Run `make setup` again.")
        path = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        # Node.js trusts only its own list of authorities unless told so (since 22.19 and 24.6).
        env = {"PATH": path, "NODE_USE_SYSTEM_CA": "1"}
        scope = [] if self.with_checks else ["--omit=dev"]
        progress("installing what package-lock.json names (5 to 60 seconds)")
        self._npm([folder / "npm", "ci", *scope], env, progress)
        progress("bundling into static/vendor")
        self._npm([folder / "npm", "run", "build"], env, progress)
        write_stamp(self._stamp("checks" if self.with_checks else "run"), self._digest())

    def _npm(self, command: list[str | Path], env: dict[str, str], progress: Progress) -> None:
        try:
            run_logged(command, log=self.paths.setup_log, progress=progress, env=env, cwd=self.paths.root)
        except CommandFailed as error:
            raise command_error(
                error,
                "The browser parts could not be built.",
                "Connect to the internet (or set npm_config_registry to a mirror), then try again.",
                self.paths.setup_log,
            ) from error
