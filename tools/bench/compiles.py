"""(h) A compile alone: what arduino-cli costs for an edit, beside the compiler calls that it needs."""

import resource
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tools.bench.bench import Bench
from tools.bench.edits import example
from tools.bench.figures import Aim, Figure, Series
from tools.bench.plain_cli import AGENT, PlainCli

# The second sketch uses the agent's library; the number in the line is what each edit changes.
_SKETCHES = (("Blink", "onTime_ms = 500;", "onTime_ms = {};"), ("OtaAware", '"OtaAware 1"', '"OtaAware {}"'))
_AIM = Aim(limit=2, is_of_ratio=True)
_NOTE = "Processor time of all processes, so that others on the machine hardly matter."


class _Compiler:
    """One sketch that is edited again and again, by arduino-cli and by bare calls, each in its folder."""

    def __init__(self, folder: Path, name: str, old: str, new: str) -> None:
        self._name, self._old, self._new = name, old, new
        self._source = example(name)
        assert old in self._source, f"{name} does not hold “{old}”"
        self._numbers = count(20_001)
        self._plain, self._bare_cli = PlainCli(folder / "plain"), PlainCli(folder / "bare")
        # Twice, for the first compile of all builds the core.
        for number in (next(self._numbers), next(self._numbers)):
            self._plain.compile(self._write(self._plain, number))
            self._bare_cli.compile(self._write(self._bare_cli, number))
        self._last = next(self._numbers)
        self._bare = self._bare_cli.bare_commands(self._write(self._bare_cli, self._last))

    def edit(self) -> tuple[float, float]:
        """Processor milliseconds of one edit: arduino-cli, bare calls."""
        last, self._last = self._last, next(self._numbers)
        sketch = self._write(self._plain, self._last)
        plain = _cpu_ms(lambda: self._plain.compile(sketch))
        change = (self._new.format(last), self._new.format(self._last))
        return plain, _cpu_ms(lambda: self._bare_cli.run_bare(self._bare, *change))

    def _write(self, cli: PlainCli, number: int) -> Path:
        return cli.write(self._name, self._source.replace(self._old, self._new.format(number)), AGENT)


def measure_compiles(bench: Bench) -> list[Figure]:
    """(h): arduino-cli against the bare calls, in processor time."""
    found = []
    for name, old, new in _SKETCHES:
        compiler = _Compiler(bench.folder, name, old, new)
        plain, bare = zip(*(compiler.edit() for _ in range(bench.pick(12, 2))), strict=True)
        found.append(
            Figure(
                part="h",
                title=f"{name}: compile alone, CPU",
                ours=Series(name="arduino-cli", unit="ms", values=plain),
                baseline=Series(name="compile + link", unit="ms", values=bare),
                aim=_AIM,
                note=_NOTE,
            )
        )
    return found


def _cpu_ms(work: Callable[[], object]) -> float:
    """Processor time of the processes that some work starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
