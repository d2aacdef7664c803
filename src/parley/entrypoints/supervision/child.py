"""One child process: how to run it, and one run of it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from parley.core.time import elapsed_seconds
from parley.kit.processes import end_gently, ending, has_ended, signal_group, tied_to_parent, until

KEPT_BYTES = 4096  # of stderr, to say why a child died: the last lines of a traceback
QUOTED_LINES = 3
CHUNK_BYTES = 65_536
PIPE_SECONDS = 1.0  # after a child's end its pipe is empty at once, unless a grandchild holds it open


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A command to keep running. `environment` is added to our own; `ready` answers True once it can serve."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], Awaitable[bool]] | None = None
    ready_seconds: float = 60.0  # imports, pools and warm caches on a slow machine; later it is reported, not killed
    stop_seconds: float = 20.0  # time to finish the work in hand after SIGTERM


class Run:
    """One run of a child, in a process group of its own, with its stderr passed through and its end remembered."""

    def __init__(self, child: Child) -> None:
        """Start it. Raises OSError when the command can't be started."""
        self._child = child
        self._begun = elapsed_seconds()
        self._kept = b""
        self._process = subprocess.Popen(  # noqa: S603 - commands of our own making
            child.command,
            env={**os.environ, **child.environment},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            process_group=0,  # Ctrl-C in a terminal reaches only us, and we decide the order of stopping
            preexec_fn=tied_to_parent(signal.SIGTERM),  # noqa: PLW1509 - started from the main thread
        )
        self._passing = asyncio.create_task(self._pass_stderr())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return elapsed_seconds() - self._begun

    def has_ended(self) -> bool:
        return has_ended(self._process)

    async def wait(self) -> str:
        """Wait for its end, end what it left running, and say how it ended, with its last words."""
        await until(self.has_ended, seconds=float("inf"))
        seconds = self.seconds
        signal_group(self._process, signal.SIGKILL)
        how = f"{self._child.name} (pid {self.pid}) {ending(self._process)} after {seconds:.1f} s"
        await self._close()
        return f"{how}; its last words: {self._last_words()}" if self._kept.strip() else how

    async def stop(self) -> bool:
        """Ask it to end, kill its group after its deadline; False when it had to be killed."""
        gentle = await end_gently(self._process, signal.SIGTERM, seconds=self._child.stop_seconds)
        await self._close()
        return gentle

    def _last_words(self) -> str:
        lines = [line.strip() for line in self._kept.decode(errors="replace").splitlines() if line.strip()]
        return " | ".join(lines[-QUOTED_LINES:])

    async def _close(self) -> None:
        await asyncio.wait([self._passing], timeout=PIPE_SECONDS)
        self._passing.cancel()
        with suppress(asyncio.CancelledError):
            await self._passing

    async def _pass_stderr(self) -> None:
        """Copy its stderr to ours and keep the end of it."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), self._process.stderr)
        try:
            while chunk := await reader.read(CHUNK_BYTES):
                self._kept = (self._kept + chunk)[-KEPT_BYTES:]
                with suppress(OSError):  # our own stderr may be gone; the child must not suffer for it
                    sys.stderr.buffer.write(chunk)
                    sys.stderr.buffer.flush()
        finally:
            transport.close()
