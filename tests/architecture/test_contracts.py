"""The import contracts hold."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEATURES = [path.parent.name for path in sorted((ROOT / "app").glob("*/rules.py"))]


def test_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("feature", FEATURES)
def test_rules_load_neither_flask_nor_sqlalchemy(feature: str) -> None:
    code = (
        f"import sys, app.{feature}.rules\n"
        "print(sorted({'flask', 'sqlalchemy', 'redis', 'rq'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_worker_loads_no_flask() -> None:
    code = "import sys, compiler_worker.worker\nprint('flask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
