"""The report of a run: how each update ended, what each fault did, what it cost."""

from collections import Counter
from collections.abc import Mapping

from tools.fleet.faults import FaultKind
from tools.fleet.run import Costs, Result

_MEBIBYTE = 1024 * 1024


def table(result: Result) -> str:
    """The report of a run."""
    bot_results = result.bot_results
    rows = [("bots", "by fault", "happened", "ended")]
    kinds = [None, *FaultKind]
    for kind in kinds:
        ours = [bot for bot in bot_results if bot.kind is kind]
        if ours:
            happened = str(sum(bot.status.fault_happened for bot in ours)) if kind else "-"
            ends = Counter(bot.end for bot in ours)
            rows.append((str(len(ours)), kind or "none", happened, _words(ends)))
    lines = [f"{row[0]:>5}  {row[1]:<10}  {row[2]:>8}  {row[3]}" for row in rows]
    lines += ["", *_costs(result.costs), ""]
    failed = [bot for bot in bot_results if bot.failure]
    lines += [f"{bot.status.product_id}: {bot.failure}" for bot in failed]
    lines.append(
        f"Bots that failed: {len(failed)}."
        if failed
        else "Every bot boots and checks in, and every update ended as expected."
    )
    return "\n".join(lines)


def _costs(costs: Costs) -> list[str]:
    ends = f"half ended after {costs.median_update_s:.0f} s, the last after {costs.last_update_s:.0f} s"
    return [
        f"updates per minute        {costs.updates_per_minute:8.0f}   ({ends})",
        f"agents per core           {costs.agents_per_core:8.0f}   (polling)",
        f"memory per agent          {costs.memory_bytes_per_agent / _MEBIBYTE:8.2f} MiB",
        f"server CPU per check-in   {costs.cpu_ms_per_check_in:8.2f} ms",
        f"server CPU per update     {costs.cpu_ms_per_update:8.1f} ms (all its calls, and polls meanwhile)",
        f"server, peak memory       {costs.peak_memory_bytes / _MEBIBYTE:8.0f} MiB",
    ]


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
