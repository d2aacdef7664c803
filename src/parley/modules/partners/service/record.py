"""Write down requests to the API: noted in memory while they are answered, stored in batches a moment later.

A request is never delayed by its log and never fails with it: when the database is away or the notes run over, notes
are dropped and counted (`api_log_total{outcome="dropped"}`).
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from parley.core.errors import ParleyError
from parley.core.time import now
from parley.kit.crypto import blind_index
from parley.kit.database import AWAY
from parley.kit.keys import KeyService
from parley.kit.telemetry import counters
from parley.kit.unit import Units
from parley.modules.partners.domain import MAX_CAPTURE, Entry, Exchange, without_values
from parley.modules.partners.ports import ApiDescription
from parley.modules.partners.store import captures, logs

MOST_NOTES = 20_000
"""Some twenty seconds of a busy web process, about 20 MB; more means that the database does not keep up."""
BATCH = 1000
GATHER_SECONDS = 0.1
"""A request is found in the logs this long after its answer, and a little more."""
DAYS_AHEAD = 3
IDEMPOTENCY = "idempotency"
"""The field of the blind index under which Idempotency-Keys are found."""

log = structlog.get_logger("parley.api_log")


class Recorder:
    """The notes of this process, and the keys whose bodies are captured."""

    def __init__(self, units: Units, keys: KeyService) -> None:
        self._units = units
        self._keys = keys
        self._notes: deque[Entry] = deque()
        self._noted = asyncio.Event()
        self._description: ApiDescription | None = None
        self._captured: Mapping[UUID, datetime] | None = None

    def describe(self, description: ApiDescription) -> None:
        """Give the API's description: without it no pointer is kept, and no body."""
        self._description = description

    def invalidate(self) -> None:
        """Somebody changed whose bodies are captured."""
        self._captured = None
        self._noted.set()

    def captures(self, key: UUID) -> bool:
        """Whether the bodies of this key's requests are to be kept."""
        until = self._captured.get(key) if self._captured else None
        return until is not None and until > now()

    def note(self, entry: Entry) -> None:
        """Remember a request until it is stored."""
        if len(self._notes) >= MOST_NOTES:
            counters.add("api_log", "dropped")
            return
        self._notes.append(entry)
        self._noted.set()

    async def run(self) -> None:
        """Store what is noted, until cancelled."""
        while True:
            await self.flush()
            await self._noted.wait()
            await asyncio.sleep(GATHER_SECONDS)

    async def flush(self) -> None:
        """Store everything noted so far, and learn whose bodies are captured if that is not known."""
        self._noted.clear()
        if self._captured is None:
            await self._learn()
        while self._notes:
            batch = [self._notes.popleft() for _ in range(min(BATCH, len(self._notes)))]
            try:
                await self._store(batch)
                counters.add("api_log", "stored", len(batch))
            except (ParleyError, *AWAY) as error:
                counters.add("api_log", "dropped", len(batch))
                log.warning("Requests were not logged.", action="api_log_dropped", error=type(error).__name__)

    async def _learn(self) -> None:
        try:
            async with self._units.begin(lane="sweep") as unit:
                self._captured = {rule.key: rule.until for rule in await captures.all_rules(unit)}
        except (ParleyError, *AWAY) as error:
            log.debug("Captures are learned later.", action="captures_unknown", error=type(error).__name__)

    async def _store(self, batch: Sequence[Entry]) -> None:
        try:
            await self._add(batch)
        except logs.NoSuchDay:
            # A day without a partition: no worker was there to make it.
            async with self._units.begin() as unit:
                await logs.prepare_days(unit, now().date() - timedelta(days=1), DAYS_AHEAD + 1)
            await self._add(batch)

    async def _add(self, batch: Sequence[Entry]) -> None:
        rows = [await self._row(entry) for entry in batch]
        bodies = [await self._bodies(entry, entry.exchange) for entry in batch if entry.exchange is not None]
        async with self._units.begin(*{entry.workspace for entry in batch}) as unit:
            await logs.add(unit, rows)
            if bodies:
                await captures.add(unit, bodies)

    async def _row(self, entry: Entry) -> tuple[object, ...]:
        own = await self._keys.scope(entry.workspace)
        words = self._description.words() if entry.faults and self._description is not None else frozenset()
        faults = tuple((without_values(pointer, words), code) for pointer, code in entry.faults)
        key = entry.idempotency
        lookup = blind_index(own.index, IDEMPOTENCY, key) if key is not None else None
        return logs.row_of(replace(entry, faults=faults), own.data, lookup)

    async def _bodies(self, entry: Entry, exchange: Exchange) -> tuple[object, ...]:
        own = await self._keys.scope(entry.workspace)
        shown: list[object] = list(self._description.redacted(exchange)) if self._description is not None else []
        sealed = captures.BODIES.seal(own.data, entry.workspace, entry.id, shown)
        return entry.workspace, entry.id, now() + MAX_CAPTURE, sealed

    async def stop(self, task: "asyncio.Task[None]") -> None:
        """Store what is left, at a clean stop of `run`."""
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await self.flush()
