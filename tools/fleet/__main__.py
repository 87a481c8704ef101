"""`make fleet`: run many virtual bots with the real agent against a server, and disturb their update."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import requests

from tools.fleet.faults import hand_out, parse_rates
from tools.fleet.report import table
from tools.fleet.run import RunOptions, run_fleet
from tools.trial.server import Server, running_server

_FAULTS = "cut=0.05,stall=0.02,corrupt=0.02,crash=0.05,hang=0.02,power-cut=0.05"
_CLEAR_LINE = "\r\x1b[K"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a fleet; 0 if every bot and every update ended well."""
    options = _options(arguments)
    faults = hand_out(options.faults, options.bots, options.seed)
    try:
        with _server(options.server) as (url, outage):
            run_options = RunOptions(
                faults=faults,
                poll_for_s=options.minutes * 60,
                outage=outage if options.outage else None,
            )
            result = run_fleet(url, run_options, _tell)
    except (LookupError, requests.ConnectionError) as error:
        sys.stderr.write(f"\nThe fleet cannot use this server: {error}\n")
        return 1
    sys.stdout.write(f"\n\n{table(result)}\n")
    return int(any(bot.failure for bot in result.bot_results))


@contextmanager
def _server(url: str) -> Iterator[tuple[str, Callable[[], None] | None]]:
    """The server that was named, else one of our own for a block; and what kills its web process."""
    if url:
        yield url, None
        return
    _tell("starting a server")
    with (
        tempfile.TemporaryDirectory(prefix="airsketch-fleet-") as folder,
        running_server(Path(folder)) as server,
    ):
        yield server.url, partial(_kill_web, server)


def _kill_web(server: Server) -> None:
    server.kill("gunicorn")


def _tell(line: str) -> None:
    """One line that changes in place; where it cannot, in a log, a line for each time."""
    sys.stderr.write(f"{_CLEAR_LINE}{line}" if sys.stderr.isatty() else f"{line}\n")
    sys.stderr.flush()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.fleet", description=__doc__)
    parser.add_argument("--bots", type=_count, default=200, help="number of bots (default 200)")
    parser.add_argument("--server", default="", help="address of a server of this machine; default: its own")
    parser.add_argument("--minutes", type=float, default=1.0, help="minutes of polling first (default 1)")
    parser.add_argument(
        "--faults", type=parse_rates, default=_FAULTS, help=f"rate of each fault (default {_FAULTS})"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same faults")
    parser.add_argument(
        "--outage",
        action="store_true",
        help="kill the web server in the middle of the update; not with --server",
    )
    options = parser.parse_args(arguments)
    if options.outage and options.server:
        parser.error("--outage kills a server of its own only, not one named by --server")
    return options


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 9999:
        raise argparse.ArgumentTypeError("between 1 and 9999 bots")
    return number


if __name__ == "__main__":
    # Ended by another program it must end its own server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
