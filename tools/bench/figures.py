"""Measured figures: median and spread, the baseline of the same run, ratio and aim; table and JSON."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_MANY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Repeated measurements of one thing.

    Attributes:
        name: what was measured.
        unit: of all values.
        values: at least one.
    """

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The value in the middle."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """From the tenth to the ninetieth percentile; of few values the smallest and the largest."""
        if len(self.values) < _MANY:
            return min(self.values), max(self.values)
        return percentile(self.values, 10), percentile(self.values, 90)

    def as_dict(self) -> dict[str, object]:
        """For the JSON file."""
        low, high = self.spread
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "low": low,
            "high": high,
            "count": len(self.values),
        }

    def __str__(self) -> str:
        low, high = self.spread
        return f"{short(self.median)} {self.unit} [{short(low)}–{short(high)}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a figure should not exceed."""

    limit: float
    is_of_ratio: bool = False

    def __str__(self) -> str:
        return f"≤ {self.limit:g}{' ×' if self.is_of_ratio else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the result.

    Attributes:
        part: the letter of the measurement.
        title: what it is about.
        note: what a reader must know to judge it.
    """

    part: str
    title: str
    ours: Series
    baseline: Series | None = None
    aim: Aim | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the baseline, by medians; None if that was too short to be measured."""
        if self.baseline is None or not self.baseline.median:
            return None
        return self.ours.median / self.baseline.median

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; None without one."""
        if self.aim is None:
            return None
        value = self.ratio if self.aim.is_of_ratio else self.ours.median
        return value is not None and value <= self.aim.limit

    def as_dict(self) -> dict[str, object]:
        """For the JSON file."""
        return {
            "part": self.part,
            "title": self.title,
            "ours": self.ours.as_dict(),
            "baseline": self.baseline.as_dict() if self.baseline else None,
            "ratio": self.ratio,
            "aim": str(self.aim) if self.aim else None,
            "is_met": self.is_met,
            "note": self.note,
        }


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of all values lie, 0 to 100, interpolated."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def short(value: float) -> str:
    """A number with three significant digits."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    digits = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1
    return f"{value:.{digits}f}"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table, with the notes below."""
    found = list(figures)
    head = ("", "figure", "ours: median [spread]", "baseline: median [spread]", "ratio", "aim")
    rows = [head, *(_cells(figure) for figure in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = dict.fromkeys(f"- ({figure.part}) {figure.note}" for figure in found if figure.note)
    return "\n".join([*lines, *([""] if notes else []), *notes])


def _cells(figure: Figure) -> tuple[str, ...]:
    verdict = {None: "", True: ": met", False: ": MISSED"}[figure.is_met]
    return (
        figure.part,
        figure.title,
        str(figure.ours),
        f"{figure.baseline.name}: {figure.baseline}" if figure.baseline else "–",
        f"{figure.ratio:.2f}" if figure.ratio is not None else "–",
        f"{figure.aim}{verdict}" if figure.aim else "–",
    )


def machine() -> dict[str, object]:
    """Where the run took place, and how busy others keep the machine now."""
    return {
        "cpus": os.cpu_count(),
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "load_average": list(os.getloadavg()),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
