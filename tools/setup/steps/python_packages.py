"""The virtual environment with the pinned requirements."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.setup.commands import CommandFailed, Progress, command_error, output_of, run_logged
from tools.setup.errors import SetupError
from tools.setup.stamps import digest_of, is_stamped, write_stamp
from tools.setup.steps.step import Step

# uv trusts only its own list of authorities unless told so; pip and npm use the machine's.
_UV_ENVIRONMENT = {"UV_NATIVE_TLS": "1", "UV_SYSTEM_CERTS": "1"}
_NO_INTERNET = "Connect to the internet (or set PIP_INDEX_URL to a mirror), then run the command again."


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonPackages(Step):
    """Installs requirements into `.venv`, with uv when it is there, else with pip.

    Attributes:
        requirements: the pinned list, relative to the project folder.
    """

    requirements: str = "requirements.txt"

    @property
    def name(self) -> str:
        """What the step provides."""
        return "Python packages" if self.requirements == "requirements.txt" else "Python packages for tests"

    @property
    def _list(self) -> Path:
        return self.paths.root / self.requirements

    @property
    def _stamp(self) -> Path:
        return self.paths.venv / f"airsketch-{self.requirements.replace('/', '-')}.stamp"

    def _digest(self) -> str:
        return digest_of([self._list], str(self.paths.venv), str(sys.version_info[:2]))

    def is_done(self) -> bool:
        """Whether this very list was installed into a venv that works."""
        return is_stamped(self._stamp, self._digest()) and self._venv_works()

    def _venv_works(self) -> bool:
        """Whether the venv belongs to this folder and to a Python that is still there and new enough."""
        code = "import sys; print(sys.prefix if sys.version_info >= (3, 11) else '')"
        prefix = output_of([self.paths.venv_python, "-c", code])
        return prefix is not None and Path(prefix.strip()).resolve() == self.paths.venv.resolve()

    def do(self, progress: Progress) -> None:
        """Make the venv if need be, then install."""
        if not self._list.is_file():
            raise SetupError(f"{self.requirements} is missing.", "Get a complete copy of the project.")
        if not self._venv_works():
            self._make_venv(progress)
        progress(f"installing {self.requirements} (5 to 60 seconds)")
        if not self._install_with_uv(progress):
            self._install_with_pip(progress)
        write_stamp(self._stamp, self._digest())

    def _make_venv(self, progress: Progress) -> None:
        progress("creating the virtual environment")
        shutil.rmtree(self.paths.venv, ignore_errors=True)
        try:
            run_logged(
                [sys.executable, "-m", "venv", self.paths.venv], log=self.paths.setup_log, progress=progress
            )
        except CommandFailed as error:
            # A half-made folder would look like a venv to the next start.
            shutil.rmtree(self.paths.venv, ignore_errors=True)
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            raise command_error(
                error,
                "Python cannot create a virtual environment.",
                f"On Debian and Ubuntu: sudo apt install {package}. Then run the command again.",
                self.paths.setup_log,
            ) from error

    def _install_with_uv(self, progress: Progress) -> bool:
        """Install with uv; False when uv is not there or did not manage."""
        uv = shutil.which("uv")
        if uv is None or output_of([uv, "--version"]) is None:
            return False
        command = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--python",
            str(self.paths.venv_python),
            "-r",
            str(self._list),
        ]
        try:
            run_logged(command, log=self.paths.setup_log, progress=progress, env=_UV_ENVIRONMENT)
        except CommandFailed:
            progress("uv failed; trying pip")
            return False
        return True

    def _install_with_pip(self, progress: Progress) -> None:
        pip = [str(self.paths.venv_python), "-m", "pip"]
        command = [*pip, "install", "--require-hashes", "-r", str(self._list)]
        try:
            run_logged(command, log=self.paths.setup_log, progress=progress)
        except CommandFailed as error:
            raise command_error(
                error, "The Python packages could not be installed.", _NO_INTERNET, self.paths.setup_log
            ) from error
