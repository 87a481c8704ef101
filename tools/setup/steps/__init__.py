"""The steps of the set-up, in their order."""

from tools.setup.paths import Places
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


def steps_to_run(places: Places) -> list[Step]:
    """What Airsketch needs to run."""
    return [
        PythonPackages(places=places),
        Node(places=places),
        BrowserParts(places=places),
        ArduinoCli(places=places),
        ArduinoData(places=places),
        Bubblewrap(places=places),
        VirtualBoard(places=places),
        InstanceFolder(places=places),
    ]


def steps_to_check(places: Places) -> list[Step]:
    """What the checks need."""
    return [
        PythonPackages(places=places, requirements=TEST_REQUIREMENTS),
        Node(places=places),
        BrowserParts(places=places, with_checks=True),
    ]


def steps_to_test(places: Places) -> list[Step]:
    """What the tests need."""
    return [*steps_to_check(places), *steps_to_run(places)[3:]]
