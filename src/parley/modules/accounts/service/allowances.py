"""Know what each workspace may use, and count over all web processes."""

import asyncio
from uuid import UUID

import structlog

from parley.core.errors import Unavailable
from parley.core.time import elapsed_seconds
from parley.kit.cache import Bounded
from parley.kit.database import AWAY
from parley.kit.rates import Rates
from parley.kit.unit import Unit, Units
from parley.modules.accounts.allowances import Allowance
from parley.modules.accounts.store import allowances as store

WAKE = "api_settings"
"""Who is told when a workspace chooses anew: every web process."""
REMEMBERED_SECONDS = 30.0
"""A choice whose wake-up was lost counts this late at most."""
REMEMBERED = 10_000
SETTLE_SECONDS = 1.0
"""Web processes know of each other's requests this late: how far bursts may exceed a quota, see decision 0019."""

log = structlog.get_logger("parley.accounts")


class Allowances:
    """What each workspace may use, remembered for a while; and this process's counts."""

    def __init__(self, units: Units) -> None:
        self.rates = Rates()
        self._units = units
        self._known: Bounded[UUID, tuple[float, Allowance]] = Bounded(REMEMBERED)

    def invalidate(self) -> None:
        """Some workspace chose anew."""
        self._known.clear()

    async def of(self, workspace: UUID) -> Allowance:
        """What a workspace may use. Must not be asked for while a unit holds a connection. Raises Unavailable."""
        known = self._known.get(workspace)
        if known is not None and elapsed_seconds() - known[0] < REMEMBERED_SECONDS:
            return known[1]
        async with self._units.begin(workspace) as unit:
            found = await store.get(unit)
        self._known.put(workspace, (elapsed_seconds(), found))
        return found

    def held(self, workspace: UUID) -> Allowance:
        """What `of` found last; our defaults when it was never asked."""
        known = self._known.get(workspace)
        return known[1] if known is not None else Allowance()

    async def run(self, process: str) -> None:
        """As this process, tell other web processes what was let through, and hear of theirs, until cancelled."""
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            try:
                await self.settle(process)
            except (Unavailable, *AWAY) as error:
                log.info("Counts are told later.", action="rates_not_told", error=type(error).__name__)

    async def settle(self, process: str) -> None:
        """One exchange; none is needed by a process that serves alone. Raises Unavailable."""
        owed = self.rates.owed()
        if not owed:
            return
        async with self._units.begin() as unit:
            if await store.others_serve(unit, UUID(hex=process)):
                self.rates.settle(await store.settle_debts(unit, owed))


async def read_allowance(unit: Unit) -> Allowance:
    """What the unit's workspace chose."""
    return await store.get(unit)


async def choose_allowance(unit: Unit, chosen: Allowance) -> None:
    """Choose for the unit's workspace; it counts in every process at once."""
    await store.put(unit, chosen)
    unit.wake(WAKE)
