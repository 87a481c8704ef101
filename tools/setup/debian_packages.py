"""Fetches single Debian or Ubuntu packages into a project folder: no root, nothing system-wide touched."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.setup.commands import CommandFailed, Progress, run_logged
from tools.setup.paths import Paths

_APT_FOLDER = Path("/etc/apt")
_COMPONENTS = "main universe"
# The suite where the newest packages are, by distribution.
_NEWEST_SUITE = {"debian": "sid", "ubuntu": "devel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place of packages that the machine already uses.

    Attributes:
        uri: address of the mirror.
        suite: name of the release.
        signed_by: key file named by the machine's own entry; empty = the system's trusted keys.
    """

    uri: str
    suite: str
    signed_by: str = ""


def is_available() -> bool:
    """Whether this machine has apt and dpkg."""
    return all(shutil.which(program) for program in ("apt-get", "dpkg"))


def own_source(apt_folder: Path = _APT_FOLDER, release: Path = Path("/etc/os-release")) -> Source | None:
    """The entry of the machine's own distribution and release; None if there is none to be found."""
    codename = release_facts(release).get("VERSION_CODENAME", "")
    fitting = [source for source in _sources(apt_folder) if codename and source.suite == codename]
    return fitting[0] if fitting else None


def newest_source(apt_folder: Path = _APT_FOLDER, release: Path = Path("/etc/os-release")) -> Source | None:
    """The machine's own mirror with the suite of the newest packages."""
    own = own_source(apt_folder, release)
    suite = _NEWEST_SUITE.get(release_facts(release).get("ID", ""))
    return Source(uri=own.uri, suite=suite, signed_by=own.signed_by) if own and suite else None


def release_facts(release: Path = Path("/etc/os-release")) -> dict[str, str]:
    """The `NAME=value` lines that describe the distribution."""
    try:
        lines = release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: value.strip('"') for name, value in pairs}


def unpack_package(package: str, source: Source, paths: Paths, *, target: Path, progress: Progress) -> None:
    """Download a package with a private apt configuration and unpack it into a folder.

    Raises:
        CommandFailed: apt or dpkg did not manage.
    """
    paths.tools.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="apt-", dir=paths.tools) as name:
        folder = Path(name)
        options = _private_options(folder, source)
        progress(f"reading the package list of {source.suite}")
        run_logged(["apt-get", *options, "update"], log=paths.setup_log, progress=progress)
        progress(f"fetching the package {package}")
        run_logged(
            ["apt-get", *options, "download", package], log=paths.setup_log, progress=progress, cwd=folder
        )
        archives = sorted(folder.glob("*.deb"))
        if not archives:
            raise CommandFailed(f"apt-get did not deliver {package}")
        target.mkdir(parents=True, exist_ok=True)
        run_logged(["dpkg", "-x", archives[0], target], log=paths.setup_log, progress=progress)


def install_program(
    package: str, program: str, source: Source, paths: Paths, *, target: Path, progress: Progress
) -> None:
    """Put one program of a package in its place.

    Raises:
        CommandFailed: apt or dpkg did not manage, or the package lacks it; the text names the package.
    """
    folder = paths.tools / f"{package}.partial"
    try:
        unpack_package(package, source, paths, target=folder, progress=progress)
        copy_program(folder / "usr" / "bin" / program, target)
    except (CommandFailed, OSError) as error:
        raise CommandFailed(f"the package {package} of {source.suite}: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_program(program: Path, target: Path) -> None:
    """Put a program in its place at once, even while the old one runs."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    shutil.copyfile(program, partial)
    partial.chmod(0o755)
    partial.replace(target)


def _private_options(folder: Path, source: Source) -> list[str]:
    """The options that keep apt inside a folder of ours, with the system's proxy settings left in force."""
    for part in ("lists/partial", "archives/partial"):
        (folder / part).mkdir(parents=True)
    key = f"[signed-by={source.signed_by}] " if source.signed_by else ""
    entry = f"deb {key}{source.uri} {source.suite} {_components(source)}\n"
    (folder / "sources.list").write_text(entry, encoding="utf-8")
    settings = {
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder,
        "Dir::Cache::archives": folder / "archives",
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        # The folder may belong to root alone; apt's own account could not read it.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "1",
        "Acquire::http::Timeout": "15",
        "Acquire::https::Timeout": "15",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def _components(source: Source) -> str:
    return _COMPONENTS if "ubuntu" in source.uri else "main"


def _sources(apt_folder: Path) -> Iterator[Source]:
    """All binary sources of the machine, in both notations of apt."""
    lists = [apt_folder / "sources.list", *sorted((apt_folder / "sources.list.d").glob("*.list"))]
    for path in lists:
        for line in _text_of(path).splitlines():
            yield from _one_line_source(line)
    for path in sorted((apt_folder / "sources.list.d").glob("*.sources")):
        for paragraph in re.split(r"\n\s*\n", _text_of(path)):
            yield from _paragraph_sources(paragraph)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _one_line_source(line: str) -> Iterator[Source]:
    match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)", line)
    if match:
        key = re.search(r"signed-by=(\S+)", match[1] or "")
        yield Source(uri=match[2], suite=match[3], signed_by=key[1] if key else "")


def _paragraph_sources(paragraph: str) -> Iterator[Source]:
    fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.*)$", paragraph, flags=re.MULTILINE))
    if "deb" not in fields.get("Types", "").split():
        return
    key = fields.get("Signed-By", "")
    for uri in fields.get("URIs", "").split():
        for suite in fields.get("Suites", "").split():
            yield Source(uri=uri, suite=suite, signed_by=key if key.startswith("/") else "")
