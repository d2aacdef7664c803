"""Remember when keys were last used and from about where: in memory, written now and then."""

import asyncio
from datetime import datetime
from uuid import UUID

import structlog

from parley.core.errors import Unavailable
from parley.core.time import now
from parley.kit.cache import Bounded
from parley.kit.database import AWAY
from parley.kit.keys import KeyService
from parley.kit.unit import Units
from parley.modules.accounts.domain import Principal, coarse
from parley.modules.accounts.store import keys as store

EVERY_SECONDS = 30.0
"""How late `last_used_at` may be; a crash loses no more than this."""
MAX_KEYS = 10_000
"""Remembered between two writings."""

log = structlog.get_logger("parley.accounts")


class KeyUses:
    """The uses that this process saw and has not written yet."""

    def __init__(self, units: Units, keys: KeyService) -> None:
        self._units = units
        self._keys = keys
        self._seen: Bounded[UUID, tuple[UUID, datetime, str]] = Bounded(MAX_KEYS)

    def note(self, principal: Principal, address: str) -> None:
        """A key was used now, from this address."""
        if principal.app is None:
            self._seen.put(principal.key, (principal.workspace, now(), address))

    async def write(self) -> None:
        """Write what was seen. Raises Unavailable."""
        seen, self._seen = self._seen, Bounded(MAX_KEYS)
        uses = []
        for key, (workspace, at, address) in seen.items():
            own = await self._keys.scope(workspace)
            place = coarse(address)
            sealed = store.USED_FROM.seal(own.data, workspace, key, place) if place else None
            uses.append(store.Use(workspace, key, at, sealed))
        if uses:
            async with self._units.begin(*sorted({each.workspace for each in uses})) as unit:
                await store.note_uses(unit, uses)

    async def run(self) -> None:
        """Until cancelled. What can't be written is forgotten: it is told of again by the next use."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.write()
            except (Unavailable, *AWAY) as error:
                log.info("Uses of keys could not be written.", action="uses_lost", error=type(error).__name__)
