"""Entry of `make run`, `make setup` and the set-up of the tests; finds a Python that is new enough.

This file keeps to words that an old Python understands, so that it can say what is missing.
"""

import os
import shutil
import subprocess
import sys

MINIMUM = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def works(python):
    # type: (str) -> bool
    """Whether it really is a newer Python; a version manager's stand-in may not be."""
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        return subprocess.call([python, "-c", code], stdout=nowhere, stderr=nowhere) == 0


def become_newer_python():
    # type: () -> None
    """Start again under a newer Python of this machine, or say that there is none."""
    for name in NEWER:
        found = shutil.which(name)
        if found and works(found):
            os.execv(found, [found, "-m", "tools.setup.run"] + sys.argv[1:])  # noqa: RUF005
    sys.exit(
        "Airsketch cannot go on: Python {}.{} is too old.\n".format(*sys.version_info)
        + "What to do: install Python 3.11 or newer (macOS: brew install python), then run the command again."
    )


if __name__ == "__main__":
    if sys.version_info < MINIMUM:
        become_newer_python()
    from tools.setup.entry import main

    sys.exit(main(sys.argv[1:]))
