"""One process at a time for a purpose: a lock file that the kernel lets go when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parley.core.errors import Conflict
from parley.kit.kept import CannotKeep


@contextmanager
def only_one(path: Path, *, what: str) -> Iterator[bool]:
    """Hold the lock; says whether the holder before us ended without cleaning up. Raises Conflict naming the holder."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise CannotKeep(
            f"{path.parent} can't be used: {error.strerror}. Set PARLEY_DATA_DIR to a folder of your own."
        ) from None
    try:
        _lock(descriptor, what)
        unclean = bool(os.pread(descriptor, 1, 0))
        os.pwrite(descriptor, f"{os.getpid()}\n".ljust(16).encode(), 0)
        yield unclean
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, what: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 16, 0).decode(errors="replace").strip() or "?"
        raise Conflict(f"{what} (process {holder}). Use it, or stop that one first.", code="already_running") from None
