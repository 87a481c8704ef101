"""The steps of the set-up, in their order."""

from tools.setup.paths import Paths
from tools.setup.steps.arduino_cli import ArduinoCli
from tools.setup.steps.arduino_data import ArduinoData
from tools.setup.steps.browser_parts import BrowserParts
from tools.setup.steps.bubblewrap import Bubblewrap
from tools.setup.steps.instance_folder import InstanceFolder
from tools.setup.steps.node import Node
from tools.setup.steps.python_packages import PythonPackages
from tools.setup.steps.step import Step
from tools.setup.steps.virtual_board import VirtualBoard

TEST_REQUIREMENTS = "tests/requirements.txt"


def steps_to_run(paths: Paths) -> list[Step]:
    """What Airsketch needs to run."""
    return [
        PythonPackages(paths=paths),
        Node(paths=paths),
        BrowserParts(paths=paths),
        ArduinoCli(paths=paths),
        ArduinoData(paths=paths),
        Bubblewrap(paths=paths),
        VirtualBoard(paths=paths),
        InstanceFolder(paths=paths),
    ]


def steps_to_check(paths: Paths) -> list[Step]:
    """What the checks need."""
    return [
        PythonPackages(paths=paths, requirements=TEST_REQUIREMENTS),
        Node(paths=paths),
        BrowserParts(paths=paths, with_checks=True),
    ]


def steps_to_test(paths: Paths) -> list[Step]:
    """What the tests need."""
    return [*steps_to_check(paths), *steps_to_run(paths)[3:]]
