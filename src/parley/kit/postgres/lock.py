"""One launcher per data directory: a lock that the kernel lets go when its holder dies."""

import fcntl
import os
from contextlib import suppress

from parley.kit.postgres.errors import AlreadyRunning
from parley.kit.postgres.layout import Layout, unusable


def take_lock(layout: Layout) -> int:
    """Lock the folder and return the descriptor to close when done. Raises AlreadyRunning, PostgresFailed."""
    try:
        descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise unusable(layout.lock, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _read_pid(descriptor)
        os.close(descriptor)
        raise AlreadyRunning(str(layout.root), holder) from None
    # A full disk must not stand in the way: without the number the message is poorer, and the lock is as good.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def _read_pid(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else None
