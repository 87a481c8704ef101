"""The cost of the agent in bytes and compile time; `python -m tests.device_sketch.measure_agent`.

Times are ratios in disguise: each is the least of several runs, with and without the agent in turn.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.device_sketch.conftest import EXAMPLES, TOOLS
from tests.standin_core.sketchbook import make_sketchbook

BOARDS = (
    "airsketch:virtual:bot",
    *(f"esp32:esp32:{chip}" for chip in ("esp32", "esp32s2", "esp32s3", "esp32c3", "esp32c6")),
)
TIMED = ("airsketch:virtual:bot", "esp32:esp32:esp32c3")
ROUNDS = 7
AGENT_SOURCE = "#include <AirsketchBot.h>\n"


class Bench:
    """A sketchbook and two Blinks, one of them with the agent."""

    def __init__(self, folder: Path) -> None:
        make_sketchbook(folder / "sketchbook", compiler_path=f"{TOOLS}/zig/")
        self.folder = folder
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ARDUINO_DIRECTORIES_DATA": str(TOOLS / "arduino" / "data"),
            "ARDUINO_DIRECTORIES_USER": str(folder / "sketchbook"),
            "ARDUINO_BUILD_CACHE_PATH": str(folder / "cache"),
            "ARDUINO_BUILD_CACHE_COMPILATIONS_BEFORE_PURGE": "0",
            "ARDUINO_UPDATER_ENABLE_NOTIFICATION": "false",
            "ZIG_GLOBAL_CACHE_DIR": str(folder / "zig"),
            "ZIG_LOCAL_CACHE_DIR": str(folder / "zig"),
        }

    def sketch(self, *, with_agent: bool, number: int = 0) -> Path:
        """A folder with Blink, new for each number."""
        name = f"Blink{'Agent' if with_agent else ''}{number}"
        folder = self.folder / "sketches" / name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(EXAMPLES / "Blink" / "Blink.ino", folder / f"{name}.ino")
        if with_agent:
            (folder / "airsketch+agent.cpp").write_text(AGENT_SOURCE, encoding="ascii")
        return folder

    def compile(self, sketch: Path, fqbn: str) -> tuple[float, dict[str, int]]:
        """Seconds, and the sizes that arduino-cli tells."""
        command = [str(TOOLS / "bin" / "arduino-cli"), "compile", "--json", "--fqbn", fqbn, str(sketch)]
        start = time.monotonic()
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=True)
        seconds = time.monotonic() - start
        rows = json.loads(done.stdout)["builder_result"]["executable_sections_size"]
        return seconds, {row["name"]: int(row["size"]) for row in rows}

    def forget(self) -> None:
        """Make the next compile a cold one."""
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def times(self, fqbn: str, prepare: Callable[[Path, int], Path]) -> tuple[float, float]:
        """The least seconds without and with the agent."""
        best = {False: 1e9, True: 1e9}
        for number in range(ROUNDS):
            for with_agent in (False, True):
                sketch = prepare(self.sketch(with_agent=with_agent), number)
                best[with_agent] = min(best[with_agent], self.compile(sketch, fqbn)[0])
        return best[False], best[True]


def cold(bench: Bench, sketch: Path, _: int) -> Path:
    """Nothing is cached, the core neither."""
    bench.forget()
    return sketch


def other(bench: Bench, sketch: Path, number: int) -> Path:
    """A sketch that was never compiled, on a warm core."""
    return bench.sketch(with_agent="Agent" in sketch.name, number=number + 1)


def edited(_: Bench, sketch: Path, number: int) -> Path:
    """One line changed."""
    main = sketch / f"{sketch.name}.ino"
    main.write_text(main.read_text(encoding="utf-8") + f"int edit{number};\n", encoding="utf-8")
    return sketch


def unchanged(_: Bench, sketch: Path, __: int) -> Path:
    """Nothing changed."""
    return sketch


def main() -> None:
    """Print both tables in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        print("| board | flash without | with | agent | RAM of the agent |\n|---|---|---|---|---|")  # noqa: T201
        for fqbn in BOARDS:
            plain = bench.compile(bench.sketch(with_agent=False), fqbn)[1]
            agent = bench.compile(bench.sketch(with_agent=True), fqbn)[1]
            flash, ram = agent["text"] - plain["text"], agent["data"] - plain["data"]
            print(f"| `{fqbn}` | {plain['text']} | {agent['text']} | {flash} | {ram} |")  # noqa: T201
        print("\n| board | compile | without, s | with, s | ratio |\n|---|---|---|---|---|")  # noqa: T201
        for fqbn in TIMED:
            for prepare in (cold, other, edited, unchanged):

                def prepared(
                    sketch: Path, number: int, prepare: Callable[[Bench, Path, int], Path] = prepare
                ) -> Path:
                    return prepare(bench, sketch, number)

                without, with_it = bench.times(fqbn, prepared)
                name = prepare.__name__
                print(f"| `{fqbn}` | {name} | {without:.2f} | {with_it:.2f} | {with_it / without:.2f} |")  # noqa: T201


if __name__ == "__main__":
    main()
