"""`make api-types`: the types of the page API for the browser code, made from the API's description.

With `--check` nothing is written; the exit code tells whether the types are those of the description.
"""

import argparse
import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app import create_app
from config import ROOT, Settings

TYPES_FILE = ROOT / "static" / "js" / "core" / "api-types.d.ts"


def description() -> dict[str, Any]:
    """The OpenAPI description of this code; nothing is asked of a database or of Redis."""
    with TemporaryDirectory() as folder:
        app = create_app(_settings(Path(folder)))
        with app.app_context():
            found = app.spec
    return found if isinstance(found, dict) else dict(json.loads(found))


def types_of(spec: dict[str, Any]) -> str:
    """TypeScript types for the schemas of a description."""
    done = subprocess.run(
        ["node", Path(__file__).with_name("types.mjs")],
        input=json.dumps(spec),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def main() -> int:
    """Write the types, or say that they are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the file is stale")
    options = parser.parse_args()
    types = types_of(description())
    if not options.check:
        TYPES_FILE.write_text(types, encoding="utf-8")
        return 0
    if TYPES_FILE.read_text(encoding="utf-8") == types:
        return 0
    print(f"{TYPES_FILE.relative_to(ROOT)} is stale: run `make api-types`.")
    return 1


def _settings(folder: Path) -> Settings:
    return Settings(
        production=False,
        secret_key="not a secret: nothing is served",
        encryption_key=bytes(32),
        database_url="sqlite://",
        redis_url="redis://127.0.0.1:1/0",
        instance_dir=folder,
        tools_dir=folder,
        builds_dir=folder,
        sketches_dir=folder,
    )


if __name__ == "__main__":
    raise SystemExit(main())
