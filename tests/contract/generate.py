"""What the server shares with the pages and with bots: codes, keys, and an example of each payload.

`python -m tests.contract.generate` writes `contract.json`; pytest fails when the file is stale. The node
tests and the C++ tests of the agent read the file, so neither side can drift from the other.
"""

import ast
import importlib
import json
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from typing_extensions import is_typeddict

from app.builds.payload import of_build
from app.builds.rules import BuildState, FailureReason, Stage
from app.devices.payload import of_device
from app.devices.rules import Boot, KeyState, NetworkError, Trigger, UpdateStatus
from app.events.names import EventName
from app.flashing.nvs_identity import Identity, Wiring
from app.kernel.secret_box import SecretBox
from app.kernel.tables import Base
from app.sketches.payload import of_sketch
from app.sketches.sources import Sources
from app.toolchain.rules import VIRTUAL_CHIP, VIRTUAL_FQBN
from app.updates.payload import of_update
from app.updates.rules import FirmwareKind, InferredError, ReportState, UpdateError, UpdateState
from app.updates.running import firmware_of
from config import ROOT
from tests.factories import (
    make_account,
    make_build,
    make_device,
    make_release,
    make_sketch,
    make_update,
)
from tests.fakes import START, MemorySketchStore

CONTRACT_FILE = Path(__file__).with_name("contract.json")
_ENUMS: dict[str, tuple[type[StrEnum], ...]] = {
    "update_states": (UpdateState,),
    "update_errors": (UpdateError,),
    "update_failures": (UpdateError, InferredError),
    "report_states": (ReportState,),
    "firmware_kinds": (FirmwareKind,),
    "build_states": (BuildState,),
    "build_stages": (Stage,),
    "build_failure_reasons": (FailureReason,),
    "event_names": (EventName,),
    "boots": (Boot,),
    "triggers": (Trigger,),
    "network_errors": (NetworkError,),
    "key_states": (KeyState,),
    "update_statuses": (UpdateStatus,),
}
_ERRORS = {"Invalid", "NotFound", "Forbidden", "Conflict", "LimitExceeded", "Unavailable"}


def contract() -> dict[str, Any]:
    """Codes and keys by name, each list in the order of its declaration."""
    return {
        **{name: [code.value for enum in enums for code in enum] for name, enums in _ENUMS.items()},
        "nvs_keys": _nvs_keys(),
        "problem_codes": sorted(set(_problem_codes())),
        "payloads": {name: list(get_type_hints(kind)) for name, kind in _payloads().items()},
        "examples": _examples(),
    }


def as_text() -> str:
    """The contract as it lies in the file."""
    return json.dumps(contract(), indent=2, ensure_ascii=False) + "\n"


def _nvs_keys() -> list[str]:
    """Every key that a first flash can write."""
    fields: dict[str, Any] = {name: kind is bool or 0 for name, kind in get_type_hints(Wiring).items()}
    wiring = Wiring(**fields)
    plain = Identity(product_id="bot_001", device_key=b"", server="", ssid="", password="", wiring=wiring)
    return [key for key, _ in replace(plain, ca_pem="-").entries()]


def _payloads() -> dict[str, type]:
    modules = [_module_of(path) for path in sorted((ROOT / "app").glob("*/payload.py"))]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if is_typeddict(value) and value.__module__ == module.__name__
    }


def _module_of(path: Path) -> ModuleType:
    return importlib.import_module(f"app.{path.parent.name}.{path.stem}")


def _problem_codes() -> Iterator[str]:
    """The codes of all errors that the server raises or answers with, from its sources."""
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            place = 0 if called in _ERRORS else 1 if called in {"problem", "error_answer"} else None
            if place is None or len(node.args) <= place:
                continue
            code = node.args[place]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def _examples() -> dict[str, Any]:
    """One row of each kind as a page gets it; they belong together."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        store = MemorySketchStore()
        account = make_account(session, id="a" * 32, login_name="bot_001")
        sketch = make_sketch(session, account=account, store=store, id="sketch1")
        image: dict[str, Any] = {"chip": VIRTUAL_CHIP, "fqbn": VIRTUAL_FQBN}
        facts = {"cache_key": "c" * 64, "sources_digest": Sources.empty(sketch.name).digest, **image}
        build = make_build(session, account=account, sketch=sketch, id="build1", **facts)
        release = make_release(session, build=build, id="release1")
        called: dict[str, Any] = {"board": VIRTUAL_FQBN, "chip": VIRTUAL_CHIP, "last_seen_at": START}
        device = make_device(
            session, secrets=SecretBox(bytes(32)), account=account, image_digest=build.image_digest, **called
        )
        update = make_update(session, device=device, release=release, id="update1")
        examples = {
            "SketchPayload": of_sketch(sketch),
            "BuildPayload": of_build(build),
            "DevicePayload": of_device(device),
            "UpdatePayload": of_update(update, release),
            "FirmwarePayload": firmware_of(session, device, sketches=store),
        }
    engine.dispose()
    return examples


if __name__ == "__main__":
    CONTRACT_FILE.write_text(as_text(), encoding="utf-8")
