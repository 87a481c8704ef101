"""Preparing the compiler: complete or not at all, once, and clear about what is missing."""

import importlib.util
import stat
from pathlib import Path
from types import ModuleType

import pytest

WARM_ZIG = Path(__file__).parents[2] / "device_sketch" / "toolchain" / "warm_zig.py"
FAKE_ZIG = """#!/bin/sh
if [ "$1" = version ]; then echo "$VERSION_OF_FAKE"; exit 0; fi
echo called >> "{calls}"
if [ -n "$FAILURE_OF_FAKE" ]; then echo "no space left" >&2; exit 1; fi
for name in crt1-reactor.o libc++.a libc++abi.a libc.a libzigc.a libcompiler_rt.a; do
  mkdir -p "$ZIG_GLOBAL_CACHE_DIR/o/$name" && echo "$name" > "$ZIG_GLOBAL_CACHE_DIR/o/$name/$name"
done
for word in "$@"; do out="$word"; done
echo program > "$out"
"""


@pytest.fixture
def warm_zig() -> ModuleType:
    """The module, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("warm_zig", WARM_ZIG)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def zig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that behaves like zig and notes its calls in the file `calls`."""
    path = tmp_path / "zig"
    path.write_text(FAKE_ZIG.format(calls=tmp_path / "calls"), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VERSION_OF_FAKE", "0.17.0")
    return path


def calls(zig: Path) -> int:
    """How often zig was run for work."""
    noted = zig.with_name("calls")
    return len(noted.read_text(encoding="utf-8").splitlines()) if noted.exists() else 0


def test_folder_holds_compiler_libraries_and_tool_and_no_cache(
    warm_zig: ModuleType, zig: Path, tmp_path: Path
) -> None:
    target = tmp_path / "tools" / "zig"
    warm_zig.warm(zig, target, lambda line: None)
    assert {path.name for path in target.iterdir()} == {"zig-g++", "lib", "bot-image", "ready.txt"}
    assert {path.name for path in (target / "lib").iterdir()} == set(warm_zig.LIBRARIES)
    assert (target / "zig-g++").resolve() == zig
    assert [path.name for path in target.parent.iterdir()] == ["zig"]


def test_second_run_does_nothing(warm_zig: ModuleType, zig: Path, tmp_path: Path) -> None:
    warm_zig.warm(zig, tmp_path / "out", lambda line: None)
    before = calls(zig)
    warm_zig.warm(zig, tmp_path / "out", lambda line: None)
    assert calls(zig) == before


def test_another_version_of_zig_prepares_again(
    warm_zig: ModuleType, zig: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm_zig.warm(zig, tmp_path / "out", lambda line: None)
    before = calls(zig)
    monkeypatch.setenv("VERSION_OF_FAKE", "0.18.0")
    warm_zig.warm(zig, tmp_path / "out", lambda line: None)
    assert calls(zig) > before
    assert (tmp_path / "out" / "ready.txt").read_text(encoding="utf-8").startswith("zig 0.18.0\n")


def test_failure_leaves_nothing_and_keeps_the_output_of_zig(
    warm_zig: ModuleType, zig: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILURE_OF_FAKE", "1")
    with pytest.raises(warm_zig.WarmUpError, match="no space left"):
        warm_zig.warm(zig, tmp_path / "tools" / "zig", lambda line: None)
    assert list((tmp_path / "tools").iterdir()) == []


def test_missing_zig_is_said_in_a_line(
    warm_zig: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = warm_zig.main([str(tmp_path / "out"), "--zig", str(tmp_path / "nothing")])
    assert code == 1
    assert "zig is not usable at" in capsys.readouterr().err
