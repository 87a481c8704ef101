"""Native protocol v1, for the Airsketch library; its wire description is `docs/DEVICE_API.md`."""

import json
from typing import cast

from flask import Blueprint, Response, g

from app.devices.rules import link_name
from app.devices.service import credentials_in
from app.http.device import signing
from app.http.device.auth import Caller, believed, claimed_id, signed_caller
from app.http.device.images import count, image_answer
from app.http.device.messages import CheckInBody, LogBody, ReportBody, read_body, write_orders
from app.http.extensions import db
from app.http.responses import current_runtime
from app.runtime import Runtime
from app.updates import check_in as check_ins
from app.updates import check_in_statements as check_in_rows
from app.updates import downloads
from app.updates.check_in import CheckInParts
from app.updates.check_in_statements import Known
from app.updates.downloads import DownloadParts
from app.updates.releases import image_of
from app.updates.rules import UpdateId

_TO_JSON = json.JSONEncoder(separators=(",", ":"))

bp = Blueprint("native", __name__, url_prefix="/device/v1")


@bp.post("/check-in")
def check_in() -> Response:
    """One call of a bot: its facts in, its orders out."""
    runtime = current_runtime()
    with db.engine.connect() as connection:
        # One look tells whom to believe and what to answer.
        known = check_in_rows.look(connection, device_id=claimed_id())
        caller = believed(
            credentials_in(known, device_id=claimed_id(), secrets=runtime.secrets) if known else None
        )
        orders = check_ins.check_in(
            connection,
            sessions=runtime.sessions,
            device_id=caller.device_id,
            known=cast(Known, known),
            counter=caller.counter,
            said=read_body(CheckInBody, caller.body).as_check_in(),
            parts=_check_in_parts(runtime),
        )
    answer = write_orders(orders, key=caller.key, nonce=caller.nonce, next_key=caller.next_key)
    return _json(answer)


def _check_in_parts(runtime: Runtime) -> CheckInParts:
    return CheckInParts(
        artifacts=runtime.artifacts,
        secrets=runtime.secrets,
        events=runtime.events,
        quiet_events=runtime.quiet_events,
        clock=runtime.clock,
    )


@bp.get("/firmware/<update_id>")
def firmware(update_id: str) -> Response:
    """The image of the bot's own open update, whole or one range."""
    caller = signed_caller()
    runtime = current_runtime()
    row, release = downloads.open_firmware(
        runtime.sessions(), device_id=caller.device_id, update_id=update_id, counter=caller.counter
    )
    image = image_of(release, artifacts=runtime.artifacts)
    answer = image_answer(image, release, name=link_name(caller.device_id))
    count(answer, image, release, UpdateId(row.id), installs=False)
    return answer


@bp.post("/updates/<update_id>/reports")
def report(update_id: str) -> Response:
    """A bot's word on the state of its update."""
    caller = signed_caller()
    said = read_body(ReportBody, caller.body).as_report()
    runtime = current_runtime()
    state = downloads.report(
        runtime.sessions(),
        device_id=caller.device_id,
        update_id=update_id,
        counter=caller.counter,
        said=said,
        parts=DownloadParts(events=runtime.events, clock=runtime.clock),
    )
    return _json({"state": state})


@bp.post("/log")
def log() -> Response:
    """Lines that the bot's sketch printed."""
    caller = signed_caller()
    said = read_body(LogBody, caller.body)
    current_runtime().device_logs.append(
        device_id=caller.device_id, counter=caller.counter, lines=said.lines, dropped=said.dropped
    )
    return Response(status=204)


@bp.after_request
def _sign(answer: Response) -> Response:
    """Sign everything but the bytes of an image, whose digest is in the signed offer."""
    caller: Caller | None = g.get("caller")
    if caller is not None and not answer.direct_passthrough:
        answer.headers["X-Server-Signature"] = signing.answer_signature(
            caller.key, status=answer.status_code, nonce=caller.nonce, body=answer.get_data()
        )
    return answer


def _json(body: dict[str, object]) -> Response:
    return Response(_TO_JSON.encode(body), content_type="application/json")
