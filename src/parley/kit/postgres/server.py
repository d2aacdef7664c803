"""One run of the server process, and the making of a new cluster."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from parley.core.time import elapsed_seconds
from parley.kit.postgres.diagnosis import Words, diagnose, held_by_predecessor
from parley.kit.postgres.errors import PostgresFailed
from parley.kit.postgres.layout import Layout, own_folder, unusable
from parley.kit.postgres.leftovers import clear_leftovers, postmaster_pid, says_ready
from parley.kit.postgres.programs import HERE, Programs
from parley.kit.postgres.settings import ServerSettings
from parley.kit.processes import Report, end_gently, ending, has_ended, until

SUPERUSER = "parley_admin"
CREATE_SECONDS = 120.0  # takes 0.6 s; a slow network disk syncs 1,000 small files in tens of seconds
READY_SECONDS = 600.0  # crash recovery replays up to max_wal_size of log
PREDECESSOR_SECONDS = 30.0  # how long processes of a killed server may hold its shared memory
QUIT_SECONDS = 10.0  # after SIGQUIT nothing is written any more

CREATE = (
    *("initdb", "-D", HERE, "--username", SUPERUSER, "--encoding", "UTF8", "--no-locale", "--data-checksums"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"),
    # The socket is in a folder of mode 0700: only root and the account that owns the files can reach it, and both could
    # read the files anyway. A password would add a secret to keep and protect nothing.
    *("--auth-local", "trust", "--auth-host", "reject"),
)


async def create_cluster(layout: Layout, programs: Programs, settings: ServerSettings) -> None:
    """Make a new cluster aside and put it in place when whole. Raises PostgresFailed."""
    own_folder(layout.unfinished, programs.account)
    words = Words(layout)
    arguments = [*CREATE] if settings.durable else [*CREATE, "--no-sync"]
    with _first_words(layout) as output:
        process = programs.start(arguments, folder=layout.unfinished, output=output)
    try:
        in_time = await until(lambda: has_ended(process), seconds=CREATE_SECONDS)
    finally:
        await end_gently(process, signal.SIGTERM, seconds=0)
    if not in_time or process.returncode != 0:
        ended = ending(process) if in_time else f"creating it took longer than {CREATE_SECONDS:.0f} s"
        raise PostgresFailed(diagnose(words.read(), layout, otherwise=ended))
    layout.unfinished.rename(layout.data)


class Server:
    """A PostgreSQL server process of ours, from start to stop."""

    def __init__(self, layout: Layout, programs: Programs, settings: ServerSettings, report: Report) -> None:
        self._layout = layout
        self._programs = programs
        self._settings = settings
        self._report = report
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The postmaster's process number; None before the first start."""
        return None if self._process is None else self._process.pid

    def has_ended(self) -> bool:
        return self._process is None or has_ended(self._process)

    def ending(self) -> str:
        """How it ended, in words."""
        return "was not started" if self._process is None else ending(self._process)

    async def start(self) -> None:
        """Start and wait until connections are accepted, however often a predecessor's remains stand in the way.

        Raises PostgresFailed.
        """
        begun = elapsed_seconds()
        while True:
            await clear_leftovers(self._layout, self._report)
            words = Words(self._layout)
            process = self._spawn()
            await until(lambda process=process: self._settled(process), seconds=READY_SECONDS)  # type: ignore[misc]
            if not has_ended(process) and self._ready(process):
                self._report(
                    f"PostgreSQL {self._programs.binaries.version} is ready "
                    f"(pid {process.pid}, {elapsed_seconds() - begun:.1f} s)."
                )
                return
            said = words.read()
            if not held_by_predecessor(said) or elapsed_seconds() - begun > PREDECESSOR_SECONDS:
                await self.stop(seconds=0)
                raise PostgresFailed(diagnose(said, self._layout, otherwise=f"it {ending(process)}"))

    async def stop(self, *, seconds: float) -> None:
        """Fast shutdown (open transactions are rolled back, pages written); at once when the time is over."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGINT)
        if not await until(lambda: has_ended(process), seconds=seconds):
            self._report(f"PostgreSQL didn't stop within {seconds:.0f} s; stopping it at once (it recovers at start).")
            process.send_signal(signal.SIGQUIT)
            await until(lambda: has_ended(process), seconds=QUIT_SECONDS)
        await end_gently(process, signal.SIGKILL, seconds=0)

    def _spawn(self) -> subprocess.Popen[bytes]:
        arguments = ["postgres", "-D", HERE, *self._settings.arguments(self._layout.mark)]
        with _first_words(self._layout) as output:
            self._process = self._programs.start(arguments, folder=self._layout.data, output=output)
        return self._process

    def _settled(self, process: subprocess.Popen[bytes]) -> bool:
        return has_ended(process) or self._ready(process)

    def _ready(self, process: subprocess.Popen[bytes]) -> bool:
        return postmaster_pid(self._layout) == process.pid and says_ready(self._layout)


@contextmanager
def _first_words(layout: Layout) -> Iterator[int]:
    """A descriptor for what a program says before PostgreSQL's own log begins; the file starts empty."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NOFOLLOW
        descriptor = os.open(layout.first_words, flags, 0o600)
    except OSError as error:
        raise unusable(layout.first_words, error) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)
