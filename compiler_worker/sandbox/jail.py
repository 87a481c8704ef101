"""The jail: a compile may run any code, but finds nothing to read and has no network.

bubblewrap starts the tool in namespaces of its own (no network, no other processes, no
capabilities), with a read-only view of the toolchain and one sketch, and with a private /tmp. A
seccomp filter closes the system calls that namespaces leave open. docs/THREAT_MODEL.md says what
each part is for.

`python -m compiler_worker.sandbox.jail --check` prints whether the jail works on this machine.
"""

import argparse
import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from compiler_worker.sandbox.process import Limits, run

# Programs and their libraries. Nothing of /etc, /home, /root, /var or /run is there.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives")
# What /proc tells of the machine and of the kernel. Compilers read the processors, the memory and themselves.
_HIDDEN_FILES = (
    "cmdline", "config.gz", "version", "modules", "kallsyms", "keys", "key-users", "timer_list", "interrupts",
    "partitions", "diskstats", "swaps",
)  # fmt: skip
# The settings of the kernel, and bubblewrap itself with the folders of the server in its command line.
_HIDDEN_FOLDERS = ("/proc/sys", "/proc/1")
_TMP = Path("/tmp")  # noqa: S108 - the jail's own
_SHM = Path("/dev/shm")  # noqa: S108 - the jail's own
_TMP_BYTES = 512 * 1024**2
_SHM_BYTES = 16 * 1024**2
# An unprivileged user inside, whichever user runs the worker.
_USER_ID = "1000"
_CHECK_LIMIT_S = 20
# AF_PACKET and all after it (AF_ALG, AF_VSOCK, AF_XDP …): what a compiler could want ends with AF_NETLINK.
_REFUSED_SOCKETS = range(17, 64)
# The kernel takes an `int` and drops the upper half of the register, which a filter would compare too.
_INT_BITS = 0xFFFF_FFFF
# Calls that a compiler never needs and that reach past namespaces or widen the kernel's surface.
_REFUSED_CALLS = (
    "ptrace", "process_vm_readv", "process_vm_writev", "keyctl", "add_key", "request_key", "bpf",
    "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "mount",
    "umount2", "pivot_root", "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig", "unshare", "setns",
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "open_by_handle_at",
    "name_to_handle_at", "quotactl", "reboot", "swapon", "swapoff", "syslog", "acct", "settimeofday",
    "clock_settime", "iopl", "ioperm", "lookup_dcookie", "vhangup",
)  # fmt: skip


class JailError(RuntimeError):
    """The jail does not work on this machine; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A file or folder of this machine as a compile sees it.

    Attributes:
        source: where it is on this machine.
        target: where the compile sees it.
        writable: whether the compile may write there.
    """

    source: Path
    target: Path
    writable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What `process.run` needs to start a program inside a sandbox."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    pass_fds: tuple[int, ...]


class Sandbox(Protocol):
    """Where compiles run."""

    is_jail: bool

    def launch(
        self, argv: Sequence[str], *, mounts: Sequence[Mount], env: Mapping[str, str], cwd: Path
    ) -> AbstractContextManager[Launch]:
        """Prepare a program; `argv`, `env` and `cwd` are in the paths of the mounts' targets."""
        ...


class Jail:
    """Starts programs inside bubblewrap."""

    is_jail = True

    def __init__(self, bwrap: Path) -> None:
        self._bwrap = bwrap

    @contextmanager
    def launch(
        self, argv: Sequence[str], *, mounts: Sequence[Mount], env: Mapping[str, str], cwd: Path
    ) -> Iterator[Launch]:
        """See `Sandbox`."""
        with ExitStack() as stack:
            fds = _filter_fds(stack)
            options = [*_walls(), *_mount_options(mounts), "--remount-ro", "/", "--chdir", str(cwd)]
            for name, value in env.items():
                options += ["--setenv", name, value]
            for fd in fds:
                options += ["--seccomp", str(fd)]
            yield Launch(
                argv=(str(self._bwrap), *options, "--", *argv),
                env={"PATH": os.defpath},
                cwd=Path("/"),
                pass_fds=fds,
            )


class NoSandbox:
    """Starts programs with the worker's own rights; only for a server whose users are trusted."""

    is_jail = False

    @contextmanager
    def launch(
        self, argv: Sequence[str], *, mounts: Sequence[Mount], env: Mapping[str, str], cwd: Path
    ) -> Iterator[Launch]:
        """See `Sandbox`; the mounts' targets are replaced by their sources."""
        with tempfile.TemporaryDirectory(prefix="airsketch-") as tmp:
            own_tmp = Mount(source=Path(tmp), target=_TMP, writable=True)
            real = _Rewriter({str(mount.target): str(mount.source) for mount in (*mounts, own_tmp)})
            yield Launch(
                argv=tuple(map(real.rewrite, argv)),
                env={name: real.rewrite(value) for name, value in env.items()},
                cwd=Path(real.rewrite(str(cwd))),
                pass_fds=(),
            )


class _Rewriter:
    """Replaces paths in a text, the longest first, each once."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths = dict(paths)
        longest_first = sorted(self._paths, key=len, reverse=True)
        alternatives = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"({alternatives})(?![\w-])") if alternatives else None

    def rewrite(self, text: str) -> str:
        """The text with its paths replaced."""
        if not self._pattern:
            return text
        return self._pattern.sub(lambda match: self._paths[match[0]], text)


class Scrubber(_Rewriter):
    """Replaces paths of this machine in a text by the paths that a compile sees."""

    def __init__(self, mounts: Sequence[Mount]) -> None:
        super().__init__({str(mount.source): str(mount.target) for mount in mounts})


def _walls() -> list[str]:
    """The options that do not depend on the program."""
    return [
        "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session",
        "--cap-drop", "ALL", "--clearenv", "--uid", _USER_ID, "--gid", _USER_ID, "--hostname", "airsketch",
        *_system_options(),
        "--proc", "/proc", *_proc_masks(),
        "--dev", "/dev", "--size", str(_SHM_BYTES), "--tmpfs", str(_SHM), "--remount-ro", "/dev",
        "--size", str(_TMP_BYTES), "--tmpfs", str(_TMP),
    ]  # fmt: skip


@cache
def _system_options() -> tuple[str, ...]:
    options: list[str] = []
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), name]
        elif path.exists():
            options += ["--ro-bind", name, name]
    return tuple(options)


@cache
def _proc_masks() -> tuple[str, ...]:
    options: list[str] = []
    for path in (Path("/proc", name) for name in _HIDDEN_FILES):
        if path.exists():
            options += ["--ro-bind", os.devnull, str(path)]
    for folder in _HIDDEN_FOLDERS:
        options += ["--tmpfs", folder, "--remount-ro", folder]
    return tuple(options)


def _mount_options(mounts: Sequence[Mount]) -> list[str]:
    options: list[str] = []
    for mount in sorted(mounts, key=lambda mount: len(mount.target.parts)):
        options += ["--bind" if mount.writable else "--ro-bind", str(mount.source), str(mount.target)]
    return options


def _filter_fds(stack: ExitStack) -> tuple[int, ...]:
    """An open file with the system call filter; empty where libseccomp is missing."""
    program = filter_program()
    if not program:
        return ()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stack`
    stack.enter_context(file)
    file.write(program)
    file.seek(0)
    return (file.fileno(),)


@cache
def filter_program() -> bytes:
    """The system call filter as BPF; empty where libseccomp is missing."""
    try:
        import pyseccomp  # noqa: PLC0415 - the import itself fails where the C library is missing
    except (ImportError, RuntimeError, OSError):
        return b""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in _REFUSED_CALLS:
        # A machine's kernel interface may lack a call of the list.
        if pyseccomp.resolve_syscall(pyseccomp.system_arch(), name) >= 0:
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    for family in _REFUSED_SOCKETS:
        of_family = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _INT_BITS, family)
        rules.add_rule(pyseccomp.ERRNO(errno.EAFNOSUPPORT), "socket", of_family)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def find_jail(tools_dir: Path) -> Jail:
    """The jail of this machine, tried once.

    Raises:
        JailError: there is no bubblewrap, or the kernel does not let it make namespaces.
    """
    # Programs in the jail start in another folder, where a relative path would lead elsewhere.
    own = (tools_dir / "bwrap" / "bwrap").resolve()
    found = str(own) if own.exists() else shutil.which("bwrap")
    if not found:
        raise JailError("bubblewrap is not installed; install the package “bubblewrap” (Linux only).")
    jail = Jail(Path(found))
    with jail.launch(["/usr/bin/env", "true"], mounts=(), env={"PATH": os.defpath}, cwd=_TMP) as launch:
        outcome = run(
            launch.argv,
            env=launch.env,
            cwd=launch.cwd,
            limits=Limits(wall_s=_CHECK_LIMIT_S),
            pass_fds=launch.pass_fds,
        )
    if outcome.rc != 0:
        output = outcome.err.strip() or outcome.end
        raise JailError(f"bubblewrap cannot make a jail here (are user namespaces allowed?): {output}")
    return jail


def main(arguments: Sequence[str]) -> int:
    """Print one line about whether the jail works here; 0 if it does."""
    parser = argparse.ArgumentParser(prog="python -m compiler_worker.sandbox.jail")
    parser.add_argument("--check", action="store_true", required=True, help="try the jail")
    parser.add_argument("--tools", type=Path, default=Path(".tools"), help="folder of the toolchain")
    options = parser.parse_args(arguments)
    try:
        find_jail(options.tools)
    except JailError as error:
        sys.stdout.write(f"The jail does not work: {error}\n")
        return 1
    calls = "with" if filter_program() else "without (libseccomp is missing)"
    sys.stdout.write(f"The jail works, {calls} a system call filter.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
