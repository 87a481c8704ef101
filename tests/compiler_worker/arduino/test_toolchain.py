"""What a call of arduino-cli sees, and what it may not."""

from pathlib import Path

import pytest

from app.toolchain.rules import VIRTUAL_FQBN, Fqbn
from compiler_worker.arduino.toolchain import (
    AGENT_LINK_FLAGS,
    CompilePaths,
    Toolchain,
    ToolchainError,
    compile_command,
)
from compiler_worker.sandbox.jail import NoSandbox


@pytest.fixture
def toolchain(tmp_path: Path) -> Toolchain:
    tools, book = tmp_path / ".tools", tmp_path / "device_sketch"
    zig_home = tmp_path / "venv" / "ziglang"
    for folder in (tools / "bin", tools / "arduino" / "data", tools / "zig", book, zig_home):
        folder.mkdir(parents=True)
    (tools / "bin" / "arduino-cli").write_text("#!/bin/sh\necho broken >&2\nexit 7\n")
    (tools / "bin" / "arduino-cli").chmod(0o755)
    (zig_home / "zig").touch()
    (tools / "zig" / "zig-g++").symlink_to("../../venv/ziglang/zig")
    return Toolchain(tools=tools, sketchbook=book, sandbox=NoSandbox())


def test_compiler_is_shown_where_its_link_points(toolchain: Toolchain, tmp_path: Path) -> None:
    shown = {str(mount.target): mount.source for mount in toolchain.mounts()}
    assert shown["/airsketch/venv/ziglang"] == tmp_path / "venv" / "ziglang"
    assert shown["/airsketch/.tools/zig"] == tmp_path / ".tools" / "zig"


def test_only_cache_and_output_are_writable(toolchain: Toolchain, tmp_path: Path) -> None:
    paths = CompilePaths(sketch=tmp_path, cache=tmp_path / "c", cores=tmp_path / "k", output=tmp_path / "o")
    writable = {mount.source.name for mount in (*toolchain.mounts(), *paths.mounts()) if mount.writable}
    assert writable == {"c", "o"}


def test_command_leaves_the_core_cache_on() -> None:
    command = compile_command(VIRTUAL_FQBN, "Blink", with_agent=True)
    assert "--build-path" not in command
    assert "--verbose" not in command
    assert command[-1] == "/airsketch/sketch/Blink"


@pytest.mark.parametrize(
    ("fqbn", "with_agent", "passed"),
    [
        ("esp32:esp32:esp32c3", True, True),
        ("esp32:esp32:esp32:PSRAM=enabled", True, True),
        ("esp32:esp32:esp32c3", False, False),
        (VIRTUAL_FQBN, True, False),
    ],
)
def test_serial_passes_the_agent_only_where_there_is_one_for_esp32(
    fqbn: str, with_agent: bool, passed: bool
) -> None:
    command = compile_command(Fqbn(fqbn), "Blink", with_agent=with_agent)
    assert (f"compiler.libraries.ldflags={AGENT_LINK_FLAGS}" in command) is passed


def test_agent_is_known_by_its_header(toolchain: Toolchain) -> None:
    assert not toolchain.has_agent
    header = toolchain.sketchbook / "libraries" / "AirsketchBot" / "src" / "AirsketchBot.h"
    header.parent.mkdir(parents=True)
    header.touch()
    assert toolchain.has_agent


def test_failed_query_reports_the_output_of_the_tool(toolchain: Toolchain, tmp_path: Path) -> None:
    with pytest.raises(ToolchainError, match="broken") as caught:
        toolchain.ask("version")
    assert str(tmp_path) not in str(caught.value)
