"""Child processes: they die with their parent, are waited for with a deadline, and say plainly how they ended."""

import asyncio
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

from parley.core.time import elapsed_seconds

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOOK_EVERY_SECONDS = 0.03  # short enough to restart at once, long enough to cost nothing
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0  # a mended cause is noticed within this time

# Loaded here because nothing may be imported or allocated at leisure between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Report = Callable[[str], None]
"""Takes one plain sentence about what happened to a process."""


def tied_to_parent(farewell: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the child gets `farewell` when the thread that started it ends, even by kill -9.

    Start such a child from the main thread: a worker thread that ends would take the child with it.
    Core files are switched off too: a core holds in clear what the disk holds encrypted.
    """
    parent = os.getpid()

    def prepare() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
            if os.getppid() != parent:  # it died between fork and prctl, so no signal will come
                os._exit(1)

    return prepare


def pause_seconds(failures: int) -> float:
    """How long to wait before the next attempt after so many failures in a row: 0.2 s doubling to 10 s."""
    doublings = min(max(failures - 1, 0), 16)
    return min(FIRST_PAUSE_SECONDS * 2.0**doublings, LONGEST_PAUSE_SECONDS)


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended. It is not reaped, so that its process group can still be signalled safely."""
    if process.returncode is not None:
        return True
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal an unreaped child and everything it started; the child must lead its own process group."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


def ending(process: subprocess.Popen[bytes]) -> str:
    """How an ended child ended: `ended with exit code 3` or `was killed by SIGKILL`. Reaps it."""
    code = process.wait()
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


async def until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for a cheap condition; False when the time is over."""
    start = elapsed_seconds()
    while not condition():
        if elapsed_seconds() - start > seconds:
            return False
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return True


async def until_true(probe: Callable[[], Awaitable[bool]], *, seconds: float) -> bool:
    """Wait for a probe that does I/O to answer True; an OSError counts as not yet; False when the time is over."""
    start = elapsed_seconds()
    while elapsed_seconds() - start <= seconds:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(seconds):  # not wait_for, which may swallow a cancellation
                if await probe():
                    return True
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return False


async def end_gently(process: subprocess.Popen[bytes], farewell: signal.Signals, *, seconds: float) -> bool:
    """Ask a child's group to end, kill what is left after the deadline; True when asking was enough."""
    signal_group(process, farewell)
    gentle = await until(lambda: has_ended(process), seconds=seconds)
    signal_group(process, signal.SIGKILL)
    process.wait()
    return gentle
