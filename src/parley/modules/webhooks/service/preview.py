"""What a delivery would tell now, for people who look into it."""

from dataclasses import dataclass

import msgspec

from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.webhooks.service.compose import Composer, Order
from parley.modules.webhooks.service.endpoints import get_endpoint
from parley.modules.webhooks.store import deliveries, feed
from parley.modules.webhooks.store.listing import DeliveryRow


@dataclass(frozen=True, slots=True)
class Previewer:
    """Composes as the worker does."""

    keys: KeyService
    composer: Composer

    async def payload(self, unit: Unit, row: DeliveryRow) -> object:
        """The body as it would be sent now; None when there is nothing left to tell."""
        named = (await deliveries.gathered(unit, [row.id])).get(row.id, []) if row.gathered else [row.event]
        events = sorted(await feed.events_of(unit, named), key=lambda each: each.id)
        if not events:
            return None
        endpoint = await get_endpoint(unit, self.keys, row.endpoint)
        composed = await self.composer.compose(unit, [Order(row.id, endpoint, events, row.gathered)])
        return msgspec.json.decode(composed[row.id].body) if row.id in composed else None
