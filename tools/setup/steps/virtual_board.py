"""The compiler of the virtual bot, prepared once so that sketches compile in a fraction of a second."""

from dataclasses import dataclass
from pathlib import Path

from tools.setup.commands import CommandFailed, Progress, command_error, run_logged
from tools.setup.stamps import digest_of, is_stamped, write_stamp
from tools.setup.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualBoard(Step):
    """Runs the warm-up of zig."""

    @property
    def name(self) -> str:
        """What the step provides."""
        return "Compiler of the virtual bot"

    @property
    def _stamp(self) -> Path:
        return self.paths.tools / "zig.stamp"

    def _digest(self) -> str:
        sources = sorted((self.paths.root / "device_sketch" / "toolchain").glob("*.[cp]*"))
        pinned = (self.paths.root / "requirements.txt").read_text(encoding="utf-8").splitlines()
        zig = [line for line in pinned if line.startswith("ziglang")]
        return digest_of([path for path in sources if path.is_file()], str(self.paths.root), *zig)

    def is_done(self) -> bool:
        """Whether the warm-up was done with these sources, this zig and in this folder."""
        compiler = self.paths.zig_folder / "zig-g++"
        return is_stamped(self._stamp, self._digest()) and compiler.exists()

    def do(self, progress: Progress) -> None:
        """Build the libraries of the virtual bot."""
        progress("building its libraries once (about a minute)")
        script = self.paths.root / "device_sketch" / "toolchain" / "warm_zig.py"
        try:
            run_logged(
                [self.paths.venv_python, script, self.paths.zig_folder],
                log=self.paths.setup_log,
                progress=progress,
            )
        except CommandFailed as error:
            raise command_error(
                error,
                "The compiler of the virtual bot could not be prepared.",
                "Check that 2 GB of disk are free, then run the command again.",
                self.paths.setup_log,
            ) from error
        write_stamp(self._stamp, self._digest())
