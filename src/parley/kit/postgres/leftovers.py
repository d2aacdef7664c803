"""What an earlier server left behind: processes still at work, and lock files of processes that are gone."""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from parley.kit.postgres.layout import Layout
from parley.kit.processes import Report, until

SHUTDOWN_SECONDS = 60.0  # a fast shutdown writes out all changed pages first
STATUS_LINE = 7  # LOCK_FILE_LINE_PM_STATUS less one, of PostgreSQL's miscadmin.h
BACKENDS_SECONDS = 3.0  # backends notice the death of their postmaster at once, unless they are deep in a statement


async def clear_leftovers(layout: Layout, report: Report) -> None:
    """End what still runs on this cluster and remove stale lock files. Call it only while holding the folder's lock.

    A stale lock file matters where process numbers repeat, as in a restarted container: PostgreSQL would take an
    unrelated process for its predecessor and never start.
    """
    postmaster = postmaster_pid(layout)
    if postmaster is not None and postmaster in servers_of(layout):
        report(f"An earlier PostgreSQL (pid {postmaster}) still runs here; shutting it down first.")
        _signal([postmaster], signal.SIGINT)
        await until(lambda: postmaster not in servers_of(layout), seconds=SHUTDOWN_SECONDS)
    if not await until(lambda: not servers_of(layout), seconds=BACKENDS_SECONDS):
        remaining = servers_of(layout)
        report(f"Killing {len(remaining)} PostgreSQL processes that outlived their server.")
        _signal(remaining, signal.SIGKILL)
        await until(lambda: not servers_of(layout), seconds=BACKENDS_SECONDS)
    with suppress(FileNotFoundError):
        (layout.data / "postmaster.pid").unlink()
    for stale in layout.run.iterdir():
        stale.unlink()
    if layout.unfinished.exists():
        shutil.rmtree(layout.unfinished)


def servers_of(layout: Layout) -> list[int]:
    """The PostgreSQL processes of this cluster."""
    mark = layout.mark.encode()
    pids = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [int(pid) for pid in pids if _is_server(pid, mark)]


def postmaster_pid(layout: Layout) -> int | None:
    """The process number in `postmaster.pid`; it may be stale."""
    first = _postmaster_lines(layout)[:1]
    return int(first[0]) if first and first[0].strip().isdigit() else None


def says_ready(layout: Layout) -> bool:
    """Whether `postmaster.pid` says that connections are accepted; the file outlives a killed server."""
    return [line.strip() for line in _postmaster_lines(layout)[STATUS_LINE:]] == ["ready"]


def accepts_connections(layout: Layout) -> bool:
    """Whether a living server of this cluster accepts connections."""
    return says_ready(layout) and _is_server(str(postmaster_pid(layout)), layout.mark.encode())


def _postmaster_lines(layout: Layout) -> list[str]:
    try:
        return (layout.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _is_server(pid: str, mark: bytes) -> bool:
    """Told from the command line: a server's holds the cluster's name, and so does the title of its backends.

    It is open to all, while another uid's working folder is closed even to root without CAP_SYS_PTRACE (containers).
    """
    try:
        words = Path("/proc", pid, "cmdline").read_bytes()
    except OSError:
        return False
    program = words.split(b"\0", 1)[0]
    return mark in words and (program.startswith(b"postgres:") or program.endswith(b"/postgres"))


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
