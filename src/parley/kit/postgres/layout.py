"""The folders of one cluster below the data directory, and whether they are fit to start it."""

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from parley.kit.postgres.account import Account
from parley.kit.postgres.errors import PostgresFailed

MEBIBYTE = 1024 * 1024
ROOT_MODE = 0o711  # PostgreSQL's account passes through, but lists and changes nothing
FREE_FOR_NEW = 256 * MEBIBYTE  # a new cluster takes 40 MiB and its first write-ahead log files as much again
FREE_FOR_EXISTING = 64 * MEBIBYTE  # recovery may have to create write-ahead log files of 16 MiB before it can clean up


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`<data_dir>/postgres` and what is in it. PostgreSQL's account owns data, log and run; the rest is ours."""

    root: Path

    @property
    def data(self) -> Path:
        """The cluster itself (PGDATA)."""
        return self.root / "data"

    @property
    def unfinished(self) -> Path:
        """A cluster being created; renamed to `data` when whole, so that a crash leaves no half of one."""
        return self.root / "data.unfinished"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def run(self) -> Path:
        """The folder of the socket."""
        return self.root / "run"

    @property
    def lock(self) -> Path:
        return self.root / "parley.lock"

    @property
    def first_words(self) -> Path:
        """What the last start said before PostgreSQL's own log began."""
        return self.root / "start.log"

    @property
    def mark(self) -> str:
        """A name that this cluster's processes carry: the folder's identity, the same seen from any container."""
        status = self.root.stat()
        return f"parley-{status.st_dev:x}-{status.st_ino:x}"


def layout_in(data_dir: Path) -> Layout:
    """The layout below a data directory."""
    return Layout(root=data_dir.resolve() / "postgres")


def prepare_root(layout: Layout) -> None:
    """Make `<data_dir>/postgres`, which holds the lock. Raises PostgresFailed when the place is not ours."""
    try:
        layout.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        layout.root.mkdir(mode=ROOT_MODE, exist_ok=True)
        owner = layout.root.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise _not_ours(layout.root, owner, os.geteuid())
        if layout.root.stat().st_mode & 0o777 != ROOT_MODE:
            layout.root.chmod(ROOT_MODE)
    except OSError as error:
        raise unusable(layout.root, error) from error


def prepare_folders(layout: Layout, account: Account) -> None:
    """Make the folders that PostgreSQL's account owns. Raises PostgresFailed."""
    try:
        for folder in (layout.log, layout.run):
            own_folder(folder, account)
    except OSError as error:
        raise unusable(layout.root, error) from error


def own_folder(folder: Path, account: Account) -> None:
    """Make a private folder that belongs to the account; an existing one must already belong to it."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        owner = folder.lstat().st_uid
        if owner != account.uid or folder.is_symlink():
            raise _not_ours(folder, owner, account.uid) from None
        return
    if account.foreign:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def check_cluster(layout: Layout, account: Account, *, major: str) -> bool:
    """Whether a cluster exists here that these binaries can open; False when one has to be made.

    Raises PostgresFailed when the folder holds something else or belongs to someone else.
    """
    try:
        if not layout.data.exists():
            return False
        owner = layout.data.stat().st_uid
        if owner != account.uid:
            raise _not_ours(layout.data, owner, account.uid)
        return _is_cluster(layout.data, major)
    except OSError as error:
        raise unusable(layout.data, error) from error


def _is_cluster(data: Path, major: str) -> bool:
    if not data.is_dir() or (any(data.iterdir()) and not (data / "PG_VERSION").is_file()):
        raise PostgresFailed(f"{data} holds something that is not a PostgreSQL cluster. Move it away and start again.")
    if not any(data.iterdir()):
        data.rmdir()
        return False
    found = (data / "PG_VERSION").read_text().strip()
    if found != major:
        raise PostgresFailed(
            f"{data} was made by PostgreSQL {found} and this version brings {major}. "
            f"Install the Parley version that made it, or dump with {found} and restore with {major}."
        )
    return True


def check_space(layout: Layout, *, new: bool) -> None:
    """Raise PostgresFailed when the disk is too full to start."""
    free = shutil.disk_usage(layout.root).free
    needed = FREE_FOR_NEW if new else FREE_FOR_EXISTING
    if free < needed:
        raise PostgresFailed(
            f"The disk of {layout.root} is full: {free // MEBIBYTE} MiB are free and PostgreSQL needs "
            f"{needed // MEBIBYTE} MiB to start. Free some space, then start again."
        )


def unusable(folder: Path, error: OSError) -> PostgresFailed:
    """An operating system error about a folder, as one sentence with the mend."""
    if error.errno == errno.ENOSPC:
        return PostgresFailed(f"The disk of {folder} is full. Free some space, then start again.")
    if error.errno == errno.EROFS:
        return PostgresFailed(f"{folder} is on a read-only disk. Set PARLEY_DATA_DIR to a folder that can be written.")
    if isinstance(error, PermissionError):
        return PostgresFailed(
            f"{folder} can't be used by uid {os.geteuid()}: {error.strerror}. "
            "Start as the user who owns it, or set PARLEY_DATA_DIR to a folder of your own."
        )
    return PostgresFailed(f"{folder} can't be used: {error}. Set PARLEY_DATA_DIR to a folder of your own.")


def _not_ours(folder: Path, owner: int, wanted: int) -> PostgresFailed:
    return PostgresFailed(
        f"{folder} belongs to uid {owner}, and PostgreSQL would run as uid {wanted}. "
        f"Start as the user who owns it, or give it over: chown -R {wanted} {folder}"
    )
