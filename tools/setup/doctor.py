"""Prints what works on this machine, what does not, and what to do about it."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tools.setup import doctor_checks
from tools.setup.errors import SetupError, setup_error_of
from tools.setup.paths import Paths


class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the table.

    Attributes:
        part: what was looked at.
        health: how it is.
        text: what was found; for a problem, what it means and what to do.
    """

    part: str
    health: Health
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check.

    Attributes:
        part: its name in the table.
        look: returns what was found, or raises SetupError.
        is_needed: whether Airsketch cannot run without it.
    """

    part: str
    look: Callable[[Paths], str]
    is_needed: bool = True


CHECKS = (
    Check(part="Python", look=doctor_checks.python),
    Check(part="Python packages", look=doctor_checks.packages),
    Check(part="Node.js", look=doctor_checks.node),
    Check(part="Browser parts", look=doctor_checks.browser_parts),
    Check(part="arduino-cli", look=doctor_checks.arduino_cli),
    Check(part="ctags", look=doctor_checks.ctags),
    Check(part="Virtual bot", look=doctor_checks.virtual_board),
    Check(part="ESP32 core", look=doctor_checks.esp32_core, is_needed=False),
    Check(part="Jail", look=doctor_checks.jail, is_needed=False),
    Check(part="Redis", look=doctor_checks.redis),
    Check(part="Instance folder", look=doctor_checks.instance_folder),
    Check(part="Database", look=doctor_checks.database),
    Check(part="Disk", look=doctor_checks.disk),
    Check(part="Address", look=doctor_checks.address),
    Check(part="Server", look=doctor_checks.server, is_needed=False),
    Check(part="Internet", look=doctor_checks.internet, is_needed=False),
    Check(part="Browser of tests", look=doctor_checks.browser_of_tests, is_needed=False),
)


def examine(check: Check, paths: Paths) -> Finding:
    """Run one check; an unexpected error of the check is a finding too."""
    try:
        return Finding(part=check.part, health=Health.OK, text=check.look(paths))
    except SetupError as error:
        found = error
    except OSError as error:
        found = setup_error_of(error, check.part)
    health = Health.MISSING if check.is_needed else Health.WARNING
    return Finding(part=check.part, health=health, text=f"{found.missing} {found.remedy}")


def table_of(findings: Sequence[Finding]) -> str:
    """The findings in columns."""
    widths = (max(len(finding.part) for finding in findings), max(len(health) for health in Health))
    return "\n".join(f"{f.part:<{widths[0]}}  {f.health:<{widths[1]}}  {f.text}" for f in findings)


def main() -> int:
    """Print the table.

    Returns:
        0 if nothing that is needed is missing, else 1.
    """
    paths = Paths.from_env()
    os.chdir(paths.root)
    findings = [examine(check, paths) for check in CHECKS]
    print(table_of(findings))
    return 1 if any(finding.health is Health.MISSING for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
