"""`make bench`: measure a real server on this machine and say how it compares."""

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.bench.bench import Bench
from tools.bench.check_ins import measure_check_ins
from tools.bench.compiles import measure_compiles
from tools.bench.concurrent_builds import measure_concurrent_builds
from tools.bench.downloads import measure_downloads
from tools.bench.edits import measure_again, measure_edits
from tools.bench.figures import Figure, machine, table
from tools.bench.log_events import measure_log_events
from tools.bench.virtual_bots import measure_many, measure_running
from tools.trial.server import ROOT, running_server

_PARTS: dict[str, Callable[[Bench], list[Figure]]] = {
    "a": measure_edits,
    "b": measure_again,
    "c": measure_concurrent_builds,
    "d": measure_check_ins,
    "e": measure_downloads,
    "f": measure_log_events,
    "g": measure_running,
    "h": measure_compiles,
    "i": measure_many,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, write JSON."""
    options = _options(arguments)
    before = machine()
    with (
        tempfile.TemporaryDirectory(prefix="airsketch-bench-") as folder,
        running_server(Path(folder)) as server,
    ):
        bench = Bench(server=server, folder=Path(folder), is_quick=options.quick)
        found = [_measure(part, bench) for part in options.only]
    figures = [figure for part in found for figure in part or []]
    options.json.parent.mkdir(parents=True, exist_ok=True)
    result = {
        "is_quick": options.quick,
        "before": before,
        "after": machine(),
        "figures": [figure.as_dict() for figure in figures],
    }
    options.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.write(f"\n{table(figures)}\n\nLoad average before and after: ")
    sys.stdout.write(f"{_load(before)} / {_load(machine())}. As JSON: {options.json}\n")
    return 1 if None in found else 0


def _measure(part: str, bench: Bench) -> list[Figure] | None:
    """The figures of a part; None if it failed, which takes nothing from the other parts."""
    sys.stderr.write(f"{_PARTS[part].__doc__}\n")
    started = time.monotonic()
    try:
        found = _PARTS[part](bench)
    except Exception:
        traceback.print_exc()
        return None
    sys.stderr.write(f"    took {time.monotonic() - started:.0f} s\n")
    return found


def _load(facts: dict[str, object]) -> str:
    loads = facts["load_average"]
    assert isinstance(loads, list)
    return " ".join(f"{load:.1f}" for load in loads)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--only", type=_letters, default=list(_PARTS), help="parts, such as a,d")
    parser.add_argument(
        "--quick", action="store_true", help="small counts: shows that it works, not how fast"
    )
    parser.add_argument("--json", type=Path, default=ROOT / "instance" / "bench.json", help="where to write")
    return parser.parse_args(arguments)


def _letters(text: str) -> list[str]:
    letters = text.split(",")
    unknown = [letter for letter in letters if letter not in _PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"there is no part {', '.join(unknown)}; there are {', '.join(_PARTS)}"
        )
    return letters


if __name__ == "__main__":
    sys.exit(main())
