"""Raw deliveries that come in later: what a channel inside this installation has to tell."""

from collections.abc import Sequence

from parley.core.time import now
from parley.kit.crypto import Key
from parley.kit.unit import Units
from parley.modules.channels.ports import PlannedDelivery
from parley.modules.channels.service.accept import seal_delivery, shard_of_body
from parley.modules.channels.store import planned as store

BATCH = 200
LANE = "planned"


class PlannedDeliveries:
    """Kept until they are due, then put where the provider's are, to be read like those."""

    def __init__(self, units: Units, key: Key) -> None:
        self._units = units
        self._key = key

    async def plan(self, deliveries: Sequence[PlannedDelivery]) -> None:
        """Durable when this returns. Raises Unavailable."""
        async with self._units.begin() as unit:
            await store.add(
                unit,
                [each.due_at for each in deliveries],
                [shard_of_body(each.body) for each in deliveries],
                [seal_delivery(self._key, each.body) for each in deliveries],
            )
            unit.wake(LANE)

    async def hand_over(self) -> int:
        """Let come in what is due; how many."""
        async with self._units.begin() as unit:
            moved = await store.hand_over(unit, now(), BATCH)
            if moved:
                unit.wake("intake")
        return moved
