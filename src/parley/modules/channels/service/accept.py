"""Take raw deliveries in: many at once, in one commit, answered only after it."""

import asyncio
import re
from collections.abc import Callable, Sequence

import structlog

from parley.core.errors import Unavailable
from parley.core.ids import new_uuid
from parley.kit.crypto import Key, seal, unseal
from parley.kit.database import AWAY, Database
from parley.kit.telemetry import counters
from parley.modules.channels.domain import Queue, shard_of
from parley.modules.channels.store import deliveries

FLUSHERS = 2
"""One group commits while the next gathers."""
MAX_GROUP = 500
GATHER_SECONDS = 0.005
"""Between the beginnings of two commits: what comes in the meantime shares the next. A lone delivery never waits."""
MAX_WAITING = 20_000
"""Requests held in memory while the database is slow; more are told to come back."""
FLUSH_SECONDS = 10.0
"""A provider gives up waiting after about this long; we must have said 503 before."""

_WHOM = re.compile(rb'"(?:from|recipient_id|from_user_id|to)"\s*:\s*"([^"\\]{1,160})"')
_SPOKEN = re.compile(rb'"(?:messages|message_echoes|history)"\s*:')
_TOLD = b'"statuses"'
_PLACE = b"delivery|body|"

Told = Callable[[Unavailable | None], None]
"""Called once with what became of a delivery: None when it is durable, else why it is not."""

_Waiting = tuple[deliveries.NewDelivery, Told]

log = structlog.get_logger("parley.intake")


def seal_delivery(key: Key, body: bytes) -> bytes:
    """A raw body under the installation's key: whose it is is not known yet."""
    return seal(key, body, _PLACE)


def open_delivery(key: Key, sealed: bytes) -> bytes:
    return unseal(key, sealed, _PLACE)


def shard_of_body(body: bytes) -> int:
    """The shard of a raw body, by whom it is about."""
    whom = _WHOM.search(body)
    return shard_of(whom[1] if whom else body[:64])


class Intake:
    """Group commit: concurrent deliveries share one INSERT and one fsync, and each waits for it."""

    def __init__(self, database: Database, key: Key) -> None:
        self._database = database
        self._key = key
        self._waiting: list[_Waiting] = []
        self._arrived = asyncio.Event()
        self._flushed_at = float("-inf")
        self._flushers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._flushers = [
            asyncio.create_task(self._flush_for_ever(), name=f"intake-{new_uuid()}") for _ in range(FLUSHERS)
        ]

    async def stop(self) -> None:
        for flusher in self._flushers:
            flusher.cancel()
        await asyncio.gather(*self._flushers, return_exceptions=True)

    def offer(self, body: bytes, told: Told) -> None:
        """Take a delivery in; `told` is called once it is durable, or not to be: the provider repeats it then."""
        if len(self._waiting) >= MAX_WAITING:
            told(Unavailable("Too many deliveries are waiting; repeat this one shortly.", retry_after=5))
            return
        delivery = deliveries.NewDelivery(_queue_of(body), shard_of_body(body), seal_delivery(self._key, body))
        self._waiting.append((delivery, told))
        self._arrived.set()

    async def _flush_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            pause = self._flushed_at + GATHER_SECONDS - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            self._flushed_at = loop.time()
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
            if not self._waiting:
                self._arrived.clear()
            if group:
                await self._flush(group)

    async def _flush(self, group: Sequence[_Waiting]) -> None:
        failure: Unavailable | None = None
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._store(group)
        except (Unavailable, *AWAY) as error:
            failure = _not_stored(error)
        except (
            Exception
        ) as error:  # a full disk, a standby: whatever it is, the provider must hear and the door stay open
            log.exception("Deliveries could not be stored.", action="intake_failed")
            failure = _not_stored(error)
        counters.add("deliveries", "refused" if failure else "stored", len(group))
        loop = asyncio.get_running_loop()
        for _, told in group:
            loop.call_soon(told, failure)

    async def _store(self, group: Sequence[_Waiting]) -> None:
        connection = await self._database.acquire()
        try:
            await deliveries.store(connection, [delivery for delivery, _ in group])
        finally:
            await self._database.release(connection)


def _queue_of(body: bytes) -> Queue:
    """By a look only; a wrong guess costs a moment, for either queue's reader reads everything."""
    return Queue.STATUSES if _TOLD in body and not _SPOKEN.search(body) else Queue.PEOPLE


def _not_stored(error: Exception) -> Unavailable:
    failure = Unavailable("The delivery could not be stored; repeat it shortly.", retry_after=5)
    failure.__cause__ = error
    return failure
