"""The jail from inside, and what stands in its place."""

import os
import platform
import shutil
from pathlib import Path

import pytest

from compiler_worker.sandbox import jail as jail_module
from compiler_worker.sandbox.jail import Jail, JailError, Mount, NoSandbox, Sandbox, Scrubber, find_jail
from compiler_worker.sandbox.process import Limits, Outcome, run
from tests.compiler_worker.conftest import TOOLS

# Of Linux on each processor.
SYS_SOCKET = {"x86_64": 41, "aarch64": 198}.get(platform.machine(), 198)
ENV = {"PATH": "/usr/bin:/bin"}


@pytest.fixture
def jail() -> Jail:
    """The jail of this machine, by the bubblewrap of this copy if it has one."""
    try:
        return find_jail(TOOLS)
    except JailError as error:
        pytest.skip(str(error))


def inside(sandbox: Sandbox, script: str, *mounts: Mount, cwd: Path = Path("/tmp")) -> Outcome:
    argv = ["/bin/sh", "-c", script]
    with sandbox.launch(argv, mounts=mounts, env=ENV, cwd=cwd) as launch:
        return run(
            launch.argv, env=launch.env, cwd=launch.cwd, limits=Limits(wall_s=20), pass_fds=launch.pass_fds
        )


@pytest.mark.system
def test_nothing_of_the_server_is_there(jail: Jail) -> None:
    outcome = inside(
        jail, "ls -d /root /home /var /run /etc/passwd /etc/shadow /work 2>/dev/null; ls -A /etc"
    )
    assert set(outcome.out.split()) <= {"ld.so.cache", "alternatives"}


@pytest.mark.system
def test_only_what_is_mounted_writable_can_be_written(jail: Jail, tmp_path: Path) -> None:
    for name in ("read", "write"):
        (tmp_path / name).mkdir()
    mounts = (
        Mount(source=tmp_path / "read", target=Path("/a/read")),
        Mount(source=tmp_path / "write", target=Path("/a/write"), writable=True),
    )
    inside(jail, "for d in / /usr /dev /a /a/read /a/write; do echo x > $d/new; done", *mounts)
    assert [path.name for path in tmp_path.rglob("new")] == ["new"]
    assert (tmp_path / "write" / "new").exists()
    assert not Path("/usr/new").exists()


@pytest.mark.system
def test_other_processes_and_the_network_are_out_of_sight(jail: Jail) -> None:
    script = f"ls /proc | grep -c '^[0-9]'; cat /proc/net/dev | grep -c eth; kill -0 {os.getpid()}"
    outcome = inside(jail, script)
    processes, interfaces = outcome.out.split()
    assert int(processes) < 10
    assert interfaces == "0"
    assert outcome.rc != 0


@pytest.mark.system
def test_proc_tells_nothing_of_the_machine_and_of_the_jail(jail: Jail) -> None:
    files = "cmdline config.gz version modules kallsyms keys 1/cmdline 1/mountinfo 1/environ"
    outcome = inside(jail, f"cd /proc; for f in {files}; do cat $f; done; ls -A 1 sys; echo x > 1/new")
    assert outcome.out.split() == ["1:", "sys:"]


@pytest.mark.system
@pytest.mark.parametrize(
    "source",
    [
        '#include "/proc/cmdline"',
        '#line 1 "/proc/cmdline"\nint x = ;',
        '#line 1 "/proc/1/cmdline"\nint x = ;',
    ],
)
def test_gcc_quotes_no_command_line_in_its_messages(jail: Jail, tmp_path: Path, source: str) -> None:
    gcc = shutil.which("gcc", path="/usr/bin")
    if gcc is None:
        pytest.skip("no GCC to try it with; unlike Clang it reads the file that #line names")
    (tmp_path / "sketch.c").write_text(source + "\n")
    mount = Mount(source=tmp_path, target=Path("/airsketch/sketch"))
    outcome = inside(jail, f"{gcc} -fsyntax-only /airsketch/sketch/sketch.c", mount)
    assert "error: " in outcome.err
    for secret in (Path("/proc/cmdline").read_text().strip(), "bwrap", "--unshare"):
        assert secret not in outcome.err


@pytest.mark.system
def test_proc_tells_compilers_of_processors_memory_and_themselves(jail: Jail) -> None:
    outcome = inside(
        jail, "cd /proc; grep -c ^processor cpuinfo; grep -c MemTotal meminfo; readlink self/exe"
    )
    processors, memory, program = outcome.out.split()
    assert int(processors) == os.cpu_count()
    assert memory == "1"
    assert program.endswith("readlink")


@pytest.mark.system
def test_no_capability_and_no_new_namespace(jail: Jail) -> None:
    outcome = inside(
        jail, "grep CapEff /proc/self/status; grep Seccomp: /proc/self/status; unshare -U true && echo bad"
    )
    assert "CapEff:\t0000000000000000" in outcome.out
    assert "bad" not in outcome.out
    if jail_module.filter_program():
        assert "Seccomp:\t2" in outcome.out


def system_python() -> str:
    """The interpreter that the jail shows."""
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if python is None:
        pytest.skip("no system Python to try it with")
    return python


@pytest.mark.system
@pytest.mark.parametrize(
    "family",
    [
        pytest.param(40, id="vsock"),
        pytest.param(0x1_0000_0028, id="vsock-with-a-high-bit"),
        pytest.param(0xFFFF_FFFF_0000_0028, id="vsock-with-all-high-bits"),
        pytest.param(0x1_0000_0011, id="packet-with-a-high-bit"),
        pytest.param(0x8000_0000_0000_002C, id="xdp-with-the-highest-bit"),
    ],
)
def test_filter_refuses_sockets_into_the_machine_below(jail: Jail, family: int) -> None:
    if not jail_module.filter_program():
        pytest.skip("libseccomp is missing")
    call = f"ctypes.CDLL(None, use_errno=True).syscall({SYS_SOCKET}, ctypes.c_ulong({family}), 1, 0)"
    script = f"import ctypes, errno; print({call}, errno.errorcode[ctypes.get_errno()])"
    outcome = inside(jail, f"{system_python()} -c '{script}'")
    assert outcome.out.split() == ["-1", "EAFNOSUPPORT"]


@pytest.mark.system
def test_filter_leaves_sockets_between_programs(jail: Jail) -> None:
    outcome = inside(jail, f"{system_python()} -c 'import socket; socket.socketpair(); socket.socket(1)'")
    assert (outcome.rc, outcome.err) == (0, "")


@pytest.mark.system
def test_environment_of_the_worker_does_not_enter(jail: Jail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRSKETCH_SECRET_KEY", "very secret")
    outcome = inside(jail, "env; cat /proc/1/environ")
    assert "very secret" not in outcome.out


@pytest.mark.system
def test_room_for_temporary_files_is_bounded(jail: Jail) -> None:
    outcome = inside(jail, "df -k --output=size /tmp /dev/shm | tail -n 2")
    assert all(int(size) <= 512 * 1024 for size in outcome.out.split())


@pytest.mark.system
def test_check_says_that_it_works(jail: Jail, capsys: pytest.CaptureFixture[str]) -> None:
    assert jail_module.main(["--check"]) == 0
    assert capsys.readouterr().out.startswith("The jail works")


def test_check_says_in_one_line_why_it_does_not_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bwrap").mkdir()
    (tmp_path / "bwrap" / "bwrap").write_text("#!/bin/sh\necho No permission >&2\nexit 1\n")
    (tmp_path / "bwrap" / "bwrap").chmod(0o755)
    assert jail_module.main(["--check", "--tools", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "No permission" in out
    assert out.count("\n") == 1


def test_missing_bubblewrap_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JailError, match="bubblewrap is not installed"):
        find_jail(tmp_path)


def test_unjailed_uses_the_real_places(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("content")
    mount = Mount(source=tmp_path, target=Path("/airsketch/cache"), writable=True)
    argv = ["/bin/cat", "/airsketch/cache/file"]
    with NoSandbox().launch(argv, mounts=[mount], env={"TMPDIR": "/tmp"}, cwd=mount.target) as launch:
        assert launch.cwd == tmp_path
        assert Path(launch.env["TMPDIR"]).is_dir()
        assert launch.env["TMPDIR"] != "/tmp"
        outcome = run(launch.argv, env=launch.env, cwd=launch.cwd, limits=Limits())
    assert outcome.out == "content"


def test_scrubber_names_places_as_the_compile_sees_them() -> None:
    scrubber = Scrubber(
        [
            Mount(source=Path("/srv/x"), target=Path("/airsketch")),
            Mount(source=Path("/srv/x/cache"), target=Path("/airsketch/cache")),
        ]
    )
    assert scrubber.rewrite("-I/srv/x/cache/a.h: error; /srv/x/b; /srv/xy") == (
        "-I/airsketch/cache/a.h: error; /airsketch/b; /srv/xy"
    )
