"""The end of a run in words: who ended how, which fault did what, what it cost."""

from collections import Counter
from collections.abc import Mapping

from tools.fleet.faults import FaultKind
from tools.fleet.run import Costs, Result

_MEBIBYTE = 1024 * 1024


def table(result: Result) -> str:
    """The report of a run."""
    verdicts = result.verdicts
    rows = [("bots", "by fault", "happened", "ended")]
    kinds = [None, *FaultKind]
    for kind in kinds:
        ours = [verdict for verdict in verdicts if verdict.kind is kind]
        if ours:
            happened = str(sum(verdict.news.fault_happened for verdict in ours)) if kind else "-"
            ends = Counter(verdict.end for verdict in ours)
            rows.append((str(len(ours)), kind or "none", happened, _words(ends)))
    lines = [f"{row[0]:>5}  {row[1]:<10}  {row[2]:>8}  {row[3]}" for row in rows]
    lines += ["", *_costs(result.costs), ""]
    complaints = [verdict for verdict in verdicts if verdict.complaint]
    lines += [f"{verdict.news.product_id}: {verdict.complaint}" for verdict in complaints]
    lines.append(
        f"{len(complaints)} bots did not end well."
        if complaints
        else "Every bot boots and calls, and every update has an honest end."
    )
    return "\n".join(lines)


def _costs(costs: Costs) -> list[str]:
    ends = f"half ended after {costs.median_update_s:.0f} s, the last after {costs.last_update_s:.0f} s"
    return [
        f"updates a minute        {costs.updates_per_minute:8.0f}   ({ends})",
        f"agents per core         {costs.agents_per_core:8.0f}   (polling)",
        f"memory an agent         {costs.memory_bytes_per_agent / _MEBIBYTE:8.2f} MiB",
        f"server, CPU a check-in  {costs.cpu_ms_per_check_in:8.2f} ms",
        f"server, CPU an update   {costs.cpu_ms_per_update:8.1f} ms (all its calls, and polls meanwhile)",
        f"server, most memory     {costs.peak_memory_bytes / _MEBIBYTE:8.0f} MiB",
    ]


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
