"""The logs of a running server: one form in every process, and no secret in any."""

import pytest

from tools.trial.server import Owner, Server

pytestmark = pytest.mark.system

WIFI = {"ssid": "canary-network", "password": "canary-wifi-password"}
SOURCE = '#error "canary-source"\nvoid setup() { canary_call(); }\nvoid loop() {}\n'


def _log(server: Server, process: str) -> list[str]:
    return (server.folder / "instance" / "logs" / f"{process}.log").read_text().splitlines()


def test_web_and_worker_log_in_one_form_and_tell_no_secret(server: Server) -> None:
    owner = Owner(server.url)
    owner.password = "canary-password-1"
    owner.register()
    owner.call("PUT", f"/devices/{owner.product_id}/network", WIFI, expect=200)
    build = owner.compile(owner.new_sketch("Canary", SOURCE))["build"]
    assert isinstance(build, dict)
    assert owner.ended_build(str(build["id"]))["state"] == "failed"
    for process, first in (("web", 'message="Starting gunicorn'), ("worker", "message=worker_started")):
        lines = _log(server, process)
        assert any(first in line for line in lines)
        assert [line for line in lines if not line.startswith("time=20")] == [], process
        assert "canary" not in "\n".join(lines)
