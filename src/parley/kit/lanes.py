"""Lanes: loops of a worker that claim work in batches. They are woken at once, poll as a safety, survive any error.

A lane's `work` claims and finishes one batch and returns how many items it took. Under load a lane lingers a few
milliseconds before the next claim, so that a batch gathers; when the queue was empty it acts at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from parley.core.errors import Unavailable
from parley.core.ids import chance
from parley.kit.database import AWAY

POLL_SECONDS = 0.25
"""A wake-up lost with a broken connection costs at most this."""
LINGER_SECONDS = 0.006
"""Waited under load: a fifth of the CPU for six milliseconds."""
LINGER_FROM = 6
"""A batch of this many items shows that more are coming. One, for a lane that nobody waits for."""
MAX_BACKOFF_SECONDS = 5.0

log = structlog.get_logger("parley.lanes")


@dataclass(slots=True)
class Lane:
    """One loop. `work()` does a batch; the returned count steers lingering and waiting."""

    name: str
    work: Callable[[], Awaitable[int]]
    poll: float = POLL_SECONDS
    linger: float = LINGER_SECONDS
    linger_from: int = LINGER_FROM
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    failures: int = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.wake.clear()
            try:
                done = await self.work()
                self.failures = 0
            except (Unavailable, *AWAY) as error:
                await self._back_off("database_away", error)
                continue
            except Exception as error:
                log.exception("A lane failed and tries again.", action="lane_failed", lane=self.name)
                await self._back_off("lane_failed", error)
                continue
            await self._pause(done)

    async def _pause(self, done: int) -> None:
        """A full hand means that more is coming; otherwise the queue was emptied, and the next wake-up counts."""
        if done >= self.linger_from:
            await asyncio.sleep(self.linger)
            return
        try:
            async with asyncio.timeout(self.poll):
                await self.wake.wait()
        except TimeoutError:
            return

    async def _back_off(self, action: str, error: BaseException) -> None:
        self.failures += 1
        delay = min(MAX_BACKOFF_SECONDS, 0.1 * 2 ** min(self.failures, 6)) * (0.5 + chance.random() / 2)
        log.warning("A lane waits and tries again.", action=action, lane=self.name, error=type(error).__name__)
        await asyncio.sleep(delay)
