"""Native protocol v1, for the Airsketch library; its wire description is `docs/DEVICE_API.md`."""

import json

from flask import Blueprint, Response, g, request

from app.devices import credentials
from app.devices.rules import link_name
from app.http.device import signing
from app.http.device.auth import DeviceCall, authenticate, claimed_id, signed_call
from app.http.device.images import count, image_answer
from app.http.device.messages import CheckInBody, LogBody, ReportBody, read_body, write_response
from app.http.extensions import db
from app.http.responses import current_runtime
from app.updates.check_in import statements

_TO_JSON = json.JSONEncoder(separators=(",", ":"))

bp = Blueprint("native", __name__, url_prefix="/device/v1")


@bp.post("/check-in")
def check_in() -> Response:
    """Handle a check-in: store the bot's report, and respond with what it should do."""
    runtime = current_runtime()
    with db.engine.connect() as connection:
        # One query both authenticates the caller and finds the answer.
        row = statements.load(connection, device_id=claimed_id())
        if row is None:
            authenticate(request, None)
        call = authenticate(
            request, credentials.from_row(row, device_id=row.device_id, secrets=runtime.secrets)
        )
        report = read_body(CheckInBody, call.body).as_report()
        response = runtime.check_ins.check_in(connection, row, report, counter=call.counter)
    return _json(write_response(response, key=call.key, nonce=call.nonce, next_key=call.next_key))


@bp.get("/firmware/<update_id>")
def firmware(update_id: str) -> Response:
    """The image of the bot's own open update, whole or one range."""
    call = signed_call()
    runtime = current_runtime()
    row, release = runtime.downloads.open_firmware(call.device_id, update_id, counter=call.counter)
    image = runtime.releases.image(release)
    answer = image_answer(image, release, name=link_name(call.device_id))
    count(answer, image, release, row.id, installs=False)
    return answer


@bp.post("/updates/<update_id>/reports")
def report(update_id: str) -> Response:
    """A bot's report on the state of its update."""
    call = signed_call()
    body = read_body(ReportBody, call.body).as_report()
    state = current_runtime().downloads.report(call.device_id, update_id, body, counter=call.counter)
    return _json({"state": state})


@bp.post("/log")
def log() -> Response:
    """Lines that the bot's sketch printed."""
    call = signed_call()
    body = read_body(LogBody, call.body)
    current_runtime().device_logs.append(
        device_id=call.device_id, counter=call.counter, lines=body.lines, dropped=body.dropped
    )
    return Response(status=204)


@bp.after_request
def _sign(answer: Response) -> Response:
    """Sign everything but the bytes of an image, whose digest is in the signed offer."""
    call: DeviceCall | None = g.get("device_call")
    if call is not None and not answer.direct_passthrough:
        answer.headers["X-Server-Signature"] = signing.answer_signature(
            call.key, status=answer.status_code, nonce=call.nonce, body=answer.get_data()
        )
    return answer


def _json(body: dict[str, object]) -> Response:
    return Response(_TO_JSON.encode(body), content_type="application/json")
