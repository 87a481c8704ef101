"""What many people, bots and processes do at once: nothing gets lost, nothing happens twice.

Every test lets threads begin together, and the database hesitates before each write: a service that reads
without a lock what it then changes fails here.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.tables import Account
from app.audit.tables import AuditEntry
from app.builds.artifact_store import DiskArtifactStore
from app.builds.rules import BuildId, BuildState
from app.builds.tables import Build
from app.devices.tables import Device, DeviceLog
from app.kernel.database import make_sessions
from app.kernel.secret_box import SecretBox
from app.runtime import Runtime
from app.sketches.tables import Sketch, SketchRevision
from app.toolchain.rules import VIRTUAL_FQBN, Board, Catalog, CoreState, CoreStatus, Fqbn, WorkerName
from app.updates.rules import OPEN_STATES, UpdateState
from app.updates.tables import Release, Update
from tests.factories import (
    DEVICE_KEY,
    NO_CATALOG,
    PASSWORD,
    make_account,
    make_board,
    make_build,
    make_device,
    make_release,
    make_sketch,
    make_update,
    reread,
)
from tests.fakes import FixedClock, MemorySketchStore
from tests.firmware import built
from tests.http.device.conftest import Bot
from tests.postgresql.conftest import at_once

pytestmark = pytest.mark.system

Login = Callable[[FlaskClient, Account], FlaskClient]
Call = Callable[[], TestResponse]
MANY = 6


@pytest.fixture
def owners(app: APIFlask, owner: Account, login: Login) -> list[FlaskClient]:
    """One owner in many browsers."""
    return [login(app.test_client(), owner) for _ in range(MANY)]


@pytest.fixture
def image(session: Session, artifacts: DiskArtifactStore, owner: Account) -> Build:
    """A finished build of the owner."""
    make_board(session)
    return built(session, artifacts, owner)


@contextmanager
def own_runtime(runtime: Runtime, engine: Engine) -> Iterator[Runtime]:
    """The services of a process without Flask, for one thread."""
    with make_sessions(engine)() as session:
        yield replace(runtime, sessions=lambda: session)


def queued(session: Session, owner: Account, sketch: Sketch) -> Build:
    """A build that waits for a worker."""
    digest = session.get_one(SketchRevision, (sketch.id, 1)).digest
    return make_build(session, account=owner, sketch=sketch, state=BuildState.QUEUED, sources_digest=digest)


def body_of(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = answer.get_json()
    return found


def statuses(answers: list[TestResponse]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def count(session: Session, row: type, *where: object) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(row).where(*where)) or 0  # type: ignore[arg-type]


def test_saves_of_one_sketch_from_many_tabs_lose_nothing(
    owners: list[FlaskClient], session: Session, sketch: Sketch
) -> None:
    def save(number: int) -> Call:
        body = {"base_revision": 1, "files": {"Blink.ino": f"void setup() {{}} // {number}"}}
        return lambda: owners[number].put(f"/api/v1/sketches/{sketch.id}/files", json=body)

    answers = at_once([save(number) for number in range(MANY)])
    assert statuses(answers) == {200: 1, 409: MANY - 1}
    assert {body_of(answer)["code"] for answer in answers if answer.status_code == 409} == {"newer_revision"}
    assert reread(session, sketch).revision == 2
    assert count(session, SketchRevision, SketchRevision.sketch_id == sketch.id) == 2


def test_a_board_chosen_while_somebody_saves_changes_only_the_board(
    owners: list[FlaskClient], session: Session, sketch: Sketch
) -> None:
    address = f"/api/v1/sketches/{sketch.id}"
    body = {"base_revision": 1, "files": {"Blink.ino": "// saved"}}
    at_once(
        [
            lambda: owners[0].put(f"{address}/files", json=body),
            lambda: owners[1].patch(address, json={"fqbn": "esp32:esp32:esp32"}),
        ]
    )
    assert (reread(session, sketch).revision, sketch.fqbn) == (2, "esp32:esp32:esp32")


def test_sketches_of_one_name_are_made_once(owners: list[FlaskClient], session: Session) -> None:
    answers = at_once([partial(client.post, "/api/v1/sketches", json={"name": "Same"}) for client in owners])
    assert statuses(answers) == {201: 1, 409: MANY - 1}


def test_an_account_gets_no_more_open_builds_than_it_may_have(
    owners: list[FlaskClient], session: Session, owner: Account, sketch_store: MemorySketchStore
) -> None:
    make_board(session)
    sketches = [
        make_sketch(session, account=owner, store=sketch_store, name=f"S{number}") for number in range(MANY)
    ]

    def build(number: int) -> Call:
        address = f"/api/v1/sketches/{sketches[number].id}/builds"
        return lambda: owners[number].post(address, json={"fqbn": VIRTUAL_FQBN})

    answers = at_once([build(number) for number in range(MANY)])
    assert statuses(answers) == {202: 4, 429: MANY - 4}
    assert count(session, Build, Build.state == BuildState.QUEUED) == 4


def test_sends_to_one_bot_leave_one_open_update(
    owners: list[FlaskClient], session: Session, device: Device, image: Build
) -> None:
    address = f"/api/v1/devices/{device.id}/send"
    body = {"build_id": image.id}
    answers = at_once([partial(client.post, address, json=body) for client in owners])
    assert statuses(answers) == {201: MANY}
    assert count(session, Update, Update.state.in_(OPEN_STATES)) == 1
    assert count(session, Update, Update.state == UpdateState.SUPERSEDED) == MANY - 1
    assert count(session, AuditEntry, AuditEntry.action == "update.send") == MANY


def test_sending_one_build_to_many_bots_makes_one_release(
    owners: list[FlaskClient], session: Session, owner: Account, image: Build, secrets: SecretBox
) -> None:
    ids = [
        make_device(session, secrets=secrets, account=owner, product_id=f"bot_m{number}").id
        for number in range(MANY)
    ]

    def send(number: int) -> Call:
        address = f"/api/v1/devices/{ids[number]}/send"
        return lambda: owners[number].post(address, json={"build_id": image.id})

    assert statuses(at_once([send(number) for number in range(MANY)])) == {201: MANY}
    assert count(session, Release) == 1
    assert count(session, Update, Update.state == UpdateState.ARMED) == MANY


def test_a_counter_serves_once(app: APIFlask, device: Device) -> None:
    bots = [Bot(app.test_client(), device.id) for _ in range(MANY)]
    assert statuses(at_once([bot.check_in for bot in bots])) == {200: 1, 409: MANY - 1}


def test_a_cancelled_update_is_not_offered(
    app: APIFlask, owners: list[FlaskClient], session: Session, device: Device, image: Build
) -> None:
    bot = Bot(app.test_client(), device.id)
    for _ in range(4):
        sent = owners[0].post(f"/api/v1/devices/{device.id}/send", json={"build_id": image.id})
        update_id = body_of(sent)["id"]
        cancel: Call = partial(owners[1].post, f"/api/v1/updates/{update_id}/cancel")
        checked, cancelled = at_once([bot.check_in, cancel])
        state = reread(session, session.get_one(Update, update_id)).state
        assert checked.status_code == 200
        # An offer may be called off before the download; but not be made after the cancellation.
        if body_of(checked)["update"] is None:
            assert (cancelled.status_code, state) == (200, UpdateState.CANCELLED)


def test_a_confirmation_and_a_time_out_end_an_update_once(
    app: APIFlask,
    engine: Engine,
    session: Session,
    device: Device,
    image: Build,
    runtime: Runtime,
    clock: FixedClock,
) -> None:
    release = make_release(session, build=image)
    bot = Bot(app.test_client(), device.id)
    for _ in range(4):
        row = make_update(
            session, device=device, release=release, state=UpdateState.RESTARTING, deadline_at=clock.now()
        )
        clock.tick()
        before = reread(session, device).revision

        def expire() -> int:
            with own_runtime(runtime, engine) as own:
                return own.updates.expire()

        checked, expired = at_once(
            [lambda: bot.check_in(image_digest=release.image_digest).status_code, expire]
        )
        assert checked == 200
        assert reread(session, row).state is (UpdateState.TIMED_OUT if expired else UpdateState.CONFIRMED)
        assert reread(session, device).revision > before


def test_many_time_outs_and_check_ins_never_block_each_other(
    app: APIFlask,
    engine: Engine,
    session: Session,
    owner: Account,
    image: Build,
    secrets: SecretBox,
    runtime: Runtime,
    clock: FixedClock,
) -> None:
    release = make_release(session, build=image)
    rows = [
        make_update(
            session,
            device=make_device(session, secrets=secrets, account=owner, product_id=f"bot_t{number}"),
            release=release,
            state=UpdateState.RESTARTING,
            deadline_at=clock.now(),
        )
        for number in range(MANY)
    ]
    clock.tick()

    def expire() -> int:
        with own_runtime(runtime, engine) as own:
            return own.updates.expire()

    def confirm(bot: Bot) -> int:
        return bot.check_in(image_digest=release.image_digest).status_code

    bots = [Bot(app.test_client(), row.device_id) for row in reversed(rows)]
    calls: list[Callable[[], int]] = [partial(confirm, bot) for bot in bots]
    *checked, first, second = at_once([*calls, expire, expire])
    assert set(checked) == {200}
    ended = Counter(reread(session, row).state for row in rows)
    assert ended[UpdateState.TIMED_OUT] == first + second
    assert ended[UpdateState.CONFIRMED] == MANY - first - second


def test_a_network_that_is_set_while_the_bot_calls_is_not_lost(
    app: APIFlask, owners: list[FlaskClient], session: Session, device: Device
) -> None:
    bot = Bot(app.test_client(), device.id)
    address = f"/api/v1/devices/{device.id}/network"
    wifi = {"ssid": "Home", "password": "long enough"}
    sets: list[Call] = [partial(client.put, address, json=wifi) for client in owners]
    before = device.revision
    answers = at_once([*sets, lambda: bot.check_in(version="2")])
    assert statuses(answers) == {200: MANY + 1}
    assert reread(session, device).network_revision == MANY
    assert device.version == "2"
    assert device.revision == before + MANY + 1


def test_settings_of_a_bot_changed_at_once_all_stay(
    owners: list[FlaskClient], session: Session, device: Device
) -> None:
    address = f"/api/v1/devices/{device.id}"
    before = device.revision
    answers = at_once(
        [
            lambda: owners[0].put(f"{address}/link", json={"open": True}),
            lambda: owners[1].put(f"{address}/log", json={"send": True}),
            lambda: owners[2].put(f"{address}/network", json={"ssid": "Home", "password": "long enough"}),
        ]
    )
    assert statuses(answers) == {200: 3}
    assert reread(session, device).revision == before + 3
    assert (device.link_is_open, device.wants_log, device.network_revision) == (True, True, 1)


def test_a_new_key_is_made_once(owners: list[FlaskClient], session: Session, device: Device) -> None:
    answers = at_once([partial(client.post, f"/api/v1/devices/{device.id}/key") for client in owners])
    assert statuses(answers) == {200: MANY}
    assert count(session, AuditEntry, AuditEntry.action == "device.new_key") == 1


def test_a_new_key_is_adopted_once(
    app: APIFlask, session: Session, device: Device, secrets: SecretBox
) -> None:
    fresh = bytes(reversed(DEVICE_KEY))
    device.next_key_sealed = secrets.seal(fresh, context=f"device_key:{device.id}")
    session.commit()
    before = device.revision
    bots = [Bot(app.test_client(), device.id, key=fresh) for _ in range(MANY)]
    answers = at_once([bot.check_in for bot in bots])
    assert statuses(answers) == {200: 1, 409: MANY - 1}
    assert reread(session, device).next_key_sealed is None
    assert device.revision == before + 2, "one for the key, one for the call"


def test_a_key_renewed_while_the_bot_adopts_one_is_not_lost(
    app: APIFlask, owners: list[FlaskClient], session: Session, device: Device, secrets: SecretBox
) -> None:
    fresh = bytes(reversed(DEVICE_KEY))
    device.next_key_sealed = secrets.seal(fresh, context=f"device_key:{device.id}")
    session.commit()
    bot = Bot(app.test_client(), device.id, key=fresh)
    called, _ = at_once([bot.check_in, lambda: owners[0].post(f"/api/v1/devices/{device.id}/key")])
    assert called.status_code == 200
    key = secrets.open(reread(session, device).key_sealed, context=f"device_key:{device.id}")
    assert key == fresh


def test_lines_of_a_bot_are_all_kept(app: APIFlask, session: Session, device: Device) -> None:
    bots = [Bot(app.test_client(), device.id) for _ in range(MANY)]
    for number, bot in enumerate(bots):
        bot.counter += number * 16

    def say(number: int) -> Call:
        body = {"lines": [f"line {number}"], "dropped": 1}
        return lambda: bots[number].say("/device/v1/log", body)

    answers = at_once([say(number) for number in range(MANY)])
    kept = [number for number, answer in enumerate(answers) if answer.status_code == 204]
    assert set(statuses(answers)) <= {204, 409}
    log = session.get_one(DeviceLog, device.id)
    assert [line["text"] for line in log.lines] == [f"line {number}" for number in kept]
    assert (log.total, log.dropped) == (len(kept), len(kept))


def test_a_name_is_registered_once(app: APIFlask, session: Session) -> None:
    form = {"product_id": "bot_race", "password": PASSWORD}
    answers = at_once([lambda: app.test_client().post("/register", data=form) for _ in range(MANY)])
    assert statuses(answers)[302] == 1
    assert 500 not in statuses(answers)
    assert count(session, Account) == count(session, Device) == 1


def test_a_bot_is_claimed_once(app: APIFlask, session: Session, login: Login, secrets: SecretBox) -> None:
    free = make_device(session, secrets=secrets, product_id="bot_free")
    people = [login(app.test_client(), make_account(session)) for _ in range(MANY)]
    body = {"product_id": free.id, "password": PASSWORD}
    answers = at_once([partial(client.post, "/api/v1/devices/claim", json=body) for client in people])
    assert statuses(answers) == {201: 1, 403: MANY - 1}
    assert reread(session, free).account_id is not None


def test_a_password_is_changed_once(owners: list[FlaskClient], session: Session, owner: Account) -> None:
    before = owner.session_epoch

    def change(number: int) -> Call:
        new = f"new password {number}"
        form = {"old_password": PASSWORD, "new_password": new, "new_password_again": new}
        return lambda: owners[number].post("/account", data=form)

    assert 500 not in statuses(at_once([change(number) for number in range(MANY)]))
    assert reread(session, owner).session_epoch == before + 1


def test_a_virtual_bot_is_handed_to_one_browser_at_a_time(
    owners: list[FlaskClient], session: Session, device: Device, secrets: SecretBox
) -> None:
    address = f"/api/v1/virtual-bots/{device.id}/key"
    before = device.revision
    answers = at_once([partial(client.post, address) for client in owners])
    assert statuses(answers) == {200: MANY}
    assert reread(session, device).revision == before + MANY
    kept = secrets.open(device.key_sealed, context=f"device_key:{device.id}").hex()
    assert [body_of(answer)["device_key"] for answer in answers].count(kept) == 1


def test_a_build_is_started_once(
    engine: Engine, session: Session, owner: Account, sketch: Sketch, runtime: Runtime
) -> None:
    build = queued(session, owner, sketch)

    def start() -> bool:
        with own_runtime(runtime, engine) as own:
            return own.build_runs.start(build.id, NO_CATALOG) is not None

    assert sorted(at_once([start] * MANY)) == [False] * (MANY - 1) + [True]
    assert reread(session, build).revision == 2


def test_a_build_is_started_or_stopped(
    owners: list[FlaskClient],
    engine: Engine,
    session: Session,
    owner: Account,
    sketch: Sketch,
    runtime: Runtime,
) -> None:
    def start(build_id: BuildId) -> int:
        with own_runtime(runtime, engine) as own:
            return own.build_runs.start(build_id, NO_CATALOG) is not None

    def stop(build_id: BuildId) -> int:
        return owners[0].post(f"/api/v1/builds/{build_id}/stop").status_code

    for _ in range(4):
        build = queued(session, owner, sketch)
        started, stopped = at_once(
            [
                partial(start, build.id),
                partial(stop, build.id),
            ]
        )
        assert stopped == 200
        expected = BuildState.RUNNING if started else BuildState.CANCELLED
        assert reread(session, build).state is expected


def test_those_who_wait_for_the_same_firmware_are_served_once_each(
    engine: Engine, session: Session, owner: Account, artifacts: DiskArtifactStore, runtime: Runtime
) -> None:
    done = built(session, artifacts, owner, cache_key="k" * 64)
    artifacts.append_log(BuildId(done.id), b"done\n")
    waiting = [
        make_build(session, account=owner, state=BuildState.QUEUED, cache_key="k" * 64) for _ in range(MANY)
    ]

    def start(build: Build) -> bool:
        with own_runtime(runtime, engine) as own:
            return own.build_runs.start(build.id, NO_CATALOG) is None

    calls = [partial(start, build) for build in (*waiting, *waiting)]
    assert at_once(calls) == [True] * len(calls)
    for build in waiting:
        assert (reread(session, build).state, build.revision) == (BuildState.SUCCEEDED, 2)


def test_catalogs_of_a_worker_published_at_once_leave_one_whole(
    engine: Engine, session: Session, runtime: Runtime
) -> None:
    worker = WorkerName("w")
    core = CoreStatus(core="a:b", state=CoreState.INSTALLED, version="1", message="")

    def catalog(number: int) -> Catalog:
        board = Board(
            fqbn=Fqbn("a:b:c"),
            name=str(number),
            core="a:b",
            chip="esp32",
            slot_bytes=1,
            available=True,
            reason="",
            toolchain_key=str(number),
        )
        return Catalog(boards=(board,), cores=(core,), tool_version=str(number))

    def publish(number: int) -> None:
        with own_runtime(runtime, engine) as own:
            own.toolchain.publish(worker, catalog(number))

    def install() -> None:
        with own_runtime(runtime, engine) as own:
            own.toolchain.set_core(worker, core)

    publish(0)
    calls: list[Callable[[], None]] = [partial(publish, number) for number in range(1, MANY)]
    at_once([*calls, install, install])
    with own_runtime(runtime, engine) as own:
        assert own.toolchain.catalog_of(worker) in [catalog(number) for number in range(MANY)]
