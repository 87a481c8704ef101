"""Rows for tests, committed. Every value that does not matter to a test has a sensible default."""

import itertools
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy.orm import Session

from app.accounts.service import as_actor
from app.accounts.tables import Account
from app.builds.rules import END_STATES, BuildState
from app.builds.tables import Build
from app.devices.provisioning import open_key
from app.devices.rules import KEY_BYTES, Admission, DeviceId
from app.devices.tables import Device
from app.kernel.actor import Actor, Role
from app.kernel.secret_box import SecretBox
from app.kernel.tables import Base
from app.sketches.sources import Sources
from app.sketches.store import SketchStore
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain.rules import VIRTUAL_CHIP, VIRTUAL_FQBN, Catalog, WorkerName
from app.toolchain.tables import BoardRow, WorkerRow
from app.updates.rules import END_STATES as ENDED_UPDATES
from app.updates.rules import WITHDRAWN_STATES, UpdateState, status_of
from app.updates.tables import Release, Update
from tests.fakes import START, FastPasswords
from tools.fleet.slots import SLOT_BYTES

PASSWORD = "correct horse"
DEVICE_KEY = bytes(range(KEY_BYTES))
"""The key of every device made here unless a test gives another; that of the protocol's check values."""

_numbers = itertools.count(1)
Row = TypeVar("Row", bound=Base)


def commit(session: Session, row: Row) -> Row:
    """Store a row and end the transaction, so that the application sees it."""
    session.add(row)
    session.commit()
    return row


def reread(session: Session, row: Row) -> Row:
    """The row as the database has it now, regardless of who changed it."""
    session.rollback()
    session.refresh(row)
    session.commit()
    return row


def make_account(session: Session, *, login_name: str | None = None, **values: Any) -> Account:
    """An account whose password is `PASSWORD`; an owner by default."""
    name = login_name or f"bot_{next(_numbers):03}"
    row = Account(
        **{
            "id": uuid4().hex,
            "login_name": name,
            "password_hash": FastPasswords().hash(PASSWORD),
            "role": Role.OWNER,
            "must_change_password": False,
            "session_epoch": 0,
            "created_at": START,
            **values,
        }
    )
    return commit(session, row)


def actor_of(account: Account, *, address: str = "") -> Actor:
    """The account as one that asks for something."""
    return as_actor(account, address=address)


def key_of(session: Session, device_id: str, *, secrets: SecretBox) -> bytes:
    """The key by which a device signs."""
    device = session.get_one(Device, device_id)
    return open_key(device.key_sealed, device_id=device_id, secrets=secrets)


def make_device(
    session: Session,
    *,
    secrets: SecretBox,
    account: Account | None = None,
    product_id: str | None = None,
    key: bytes = DEVICE_KEY,
    **values: Any,
) -> Device:
    """An accepted device with a known key; it never called. Without an account it is in the inventory."""
    name = product_id or (account.login_name if account else f"bot_{next(_numbers):03}")
    row = Device(
        **{
            "id": DeviceId(name),
            "account_id": account.id if account else None,
            "password_hash": None if account else FastPasswords().hash(PASSWORD),
            "initial_password": account is None,
            "key_sealed": secrets.seal(key, context=f"device_key:{name}"),
            "admission": Admission.ACCEPTED,
            "created_at": START,
            **values,
        }
    )
    return commit(session, row)


def make_sketch(
    session: Session,
    *,
    account: Account,
    store: SketchStore,
    name: str = "Blink",
    files: dict[str, bytes] | None = None,
    **values: Any,
) -> Sketch:
    """A sketch with one revision, its sources in the store."""
    sources = Sources(sketch_name=name, files=files) if files else Sources.empty(name)
    row = Sketch(
        **{
            "id": uuid4().hex,
            "account_id": account.id,
            "name": name,
            "fqbn": VIRTUAL_FQBN,
            "revision": 1,
            "created_at": START,
            "updated_at": START,
            **values,
        }
    )
    store.put(row.id, sources)
    commit(session, row)
    commit(
        session,
        SketchRevision(
            sketch_id=row.id,
            number=row.revision,
            sketch_name=name,
            digest=sources.digest,
            size_bytes=sources.size_bytes,
            created_at=START,
        ),
    )
    return row


NO_CATALOG = Catalog(boards=(), cores=(), tool_version="")


def make_board(session: Session, **values: Any) -> BoardRow:
    """A board of a worker that can be built for; the virtual one by default."""
    worker = WorkerName(values.pop("worker", "worker"))
    if session.get(WorkerRow, worker) is None:
        commit(session, WorkerRow(name=worker, tool_version="1.5.1", seen_at=START))
    row = BoardRow(
        **{
            "worker": worker,
            "fqbn": VIRTUAL_FQBN,
            "name": "Virtual bot",
            "core": "airsketch:virtual",
            "chip": VIRTUAL_CHIP,
            "slot_bytes": SLOT_BYTES,
            "available": True,
            "reason": "",
            "toolchain_key": "a" * 64,
            "position": next(_numbers),
            **values,
        }
    )
    return commit(session, row)


def make_build(
    session: Session,
    *,
    account: Account,
    sketch: Sketch | None = None,
    state: BuildState = BuildState.SUCCEEDED,
    **values: Any,
) -> Build:
    """A build; a succeeded one by default. It has no files in the artifact store."""
    ended = state in END_STATES
    image = {"sha256": "b" * 64, "image_digest": "b" * 64, "image_bytes": 1000, "version": "1"}
    row = Build(
        **{
            "id": uuid4().hex,
            "account_id": account.id,
            "sketch_id": sketch.id if sketch else None,
            "sketch_name": sketch.name if sketch else "Blink",
            "sketch_revision": sketch.revision if sketch else 1,
            "fqbn": VIRTUAL_FQBN,
            "chip": VIRTUAL_CHIP,
            "slot_bytes": SLOT_BYTES,
            "sources_digest": "c" * 64,
            "cache_key": uuid4().hex * 2,
            "state": state,
            "stage": None,
            "reason": None,
            "message": "",
            "diagnostics": [],
            "sizes": [],
            "libraries": [],
            "artifacts": [],
            "core_version": "",
            "tool_version": "",
            "compile_s": 1.0 if ended else 0.0,
            "built_clean": state is BuildState.SUCCEEDED,
            "created_at": START,
            "started_at": START if state is not BuildState.QUEUED else None,
            "finished_at": START + timedelta(seconds=1) if ended else None,
            "revision": 1,
            **(image if state is BuildState.SUCCEEDED else {}),
            **values,
        }
    )
    return commit(session, row)


def make_release(session: Session, *, build: Build, **values: Any) -> Release:
    """The release of a succeeded build."""
    row = Release(
        **{
            "id": uuid4().hex,
            "account_id": build.account_id,
            "build_id": build.id,
            "artifact_id": build.id,
            "name": build.sketch_name,
            "version": f"r{build.sketch_revision}",
            "fqbn": build.fqbn,
            "chip": build.chip,
            "size_bytes": build.image_bytes,
            "sha256": build.sha256,
            "md5": "d" * 32,
            "image_digest": build.image_digest,
            "created_at": START,
            **values,
        }
    )
    return commit(session, row)


def make_update(
    session: Session,
    *,
    device: Device,
    release: Release,
    state: UpdateState = UpdateState.ARMED,
    **values: Any,
) -> Update:
    """An update in the given state, and the update status that its device then has."""
    if state not in WITHDRAWN_STATES:
        device.update_status = status_of(state)
    row = Update(
        **{
            "id": uuid4().hex,
            "device_id": device.id,
            "release_id": release.id,
            "state": state,
            "created_at": START,
            "changed_at": START,
            "offered_at": None,
            "deadline_at": None,
            "ended_at": START if state in ENDED_UPDATES else None,
            "revision": 1,
            **values,
        }
    )
    return commit(session, row)
