"""The installation of the ESP32 core, with a script in arduino-cli's place."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.toolchain.rules import ESP32_CORE, Catalog, CoreState, CoreStatus
from compiler_worker.worker import cores


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[CoreState, str]]:
    """What the pages receive."""
    received: list[tuple[CoreState, str]] = []

    catalogs = SimpleNamespace(
        publish=lambda _worker, _catalog: received.append((CoreState.INSTALLED, "")),
        set_core=lambda _worker, core: received.append((core.state, core.message)),
    )
    context = SimpleNamespace(
        name="worker",
        toolchain=SimpleNamespace(tools=tmp_path),
        sessions=SimpleNamespace(remove=lambda: None),
        runtime=SimpleNamespace(toolchain=catalogs),
    )
    status = CoreStatus(core=ESP32_CORE, state=CoreState.MISSING, version="", message="")
    catalog = Catalog(boards=(), cores=(status,), tool_version="1.5.1")
    monkeypatch.setattr(cores, "worker_context", lambda: context)
    monkeypatch.setattr(cores, "read_catalog", lambda _: catalog)
    monkeypatch.setattr(cores, "_REPORT_INTERVAL_S", 0.0)
    return received


def play(folder: Path, script: str) -> None:
    (folder / "bin").mkdir()
    (folder / "bin" / "arduino-cli").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bin" / "arduino-cli").chmod(0o755)


def test_without_the_internet_it_says_so_and_ends_well(
    tmp_path: Path, published: list[tuple[CoreState, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    play(tmp_path, "echo no such host >&2; exit 1")
    assert cores.main() == 0
    assert published[-1][0] is CoreState.MISSING
    assert "internet" in published[-1][1]
    assert "internet" in capsys.readouterr().out


def test_progress_reaches_the_page_and_the_catalog_is_renewed(
    tmp_path: Path, published: list[tuple[CoreState, str]]
) -> None:
    play(tmp_path, 'echo "$2 50%"')
    assert cores.main() == 0
    assert (CoreState.INSTALLING, "install 50%") in published
    assert published[-1] == (CoreState.INSTALLED, "")


def test_pinned_version_is_asked_for(tmp_path: Path, published: list[tuple[CoreState, str]]) -> None:
    play(
        tmp_path,
        f'echo "$@" >> {tmp_path}/calls; echo $ARDUINO_BOARD_MANAGER_ADDITIONAL_URLS >> {tmp_path}/calls',
    )
    cores.main()
    calls = (tmp_path / "calls").read_text()
    assert f"core install esp32:esp32@{cores.ESP32_VERSION}" in calls
    assert "package_esp32_index.json" in calls
