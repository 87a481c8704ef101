"""The commands behind the Makefile, once a Python that is new enough runs them."""

import argparse
import os
import sys
from collections.abc import Sequence

from tools.setup.errors import SetupError, setup_error_of, tell
from tools.setup.paths import Paths
from tools.setup.plan import run_steps, say
from tools.setup.steps import steps_to_check, steps_to_run, steps_to_test
from tools.setup.steps.step import Step
from tools.supervisor.address import Address
from tools.supervisor.instance_lock import InstanceLock

_PLANS = {"run": steps_to_run, "setup": steps_to_run, "check": steps_to_check, "test": steps_to_test}


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit code: 0, 1 for an error that was printed, 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog="tools.setup.run", description="Set up Airsketch and start it.")
    parser.add_argument("command", choices=sorted(_PLANS))
    command = parser.parse_args(arguments).command
    paths = Paths.from_env()
    try:
        _run(command, paths, _PLANS[command](paths))
    except SetupError as error:
        tell(error)
        return 1
    except OSError as error:
        tell(setup_error_of(error, "Starting Airsketch"))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the command again to continue from here.")
        return 130
    return 0


def _run(command: str, paths: Paths, steps: Sequence[Step]) -> None:
    if command == "run":
        # Before minutes of set-up, find out what would forbid the start anyway.
        InstanceLock.refuse_if_held(paths)
        Address.from_env().refuse_if_taken()
    run_steps(steps, paths)
    if command in ("run", "setup"):
        options = ["--only-prepare"] if command == "setup" else []
        os.chdir(paths.root)
        sys.stdout.flush()
        os.execv(paths.venv_python, [str(paths.venv_python), "-m", "tools.supervisor", *options])
