"""Compose: the bodies of deliveries, each fact read and told once however many endpoints hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from parley.core.ids import public
from parley.core.time import now, rfc3339
from parley.kit.unit import Unit
from parley.modules.conversations import Desk
from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.render.cloudevents import BATCH_CONTENT_TYPE, CONTENT_TYPE, cloud_event
from parley.modules.webhooks.render.document import Messages, document
from parley.modules.webhooks.service.show import messages_in
from parley.modules.webhooks.store.feed import StoredEvent

JSON = "application/json"
BATCH = "events.batch"
"""The type of a document that gathers several facts."""


@dataclass(frozen=True, slots=True)
class Order:
    """A delivery to be composed: what is told to whom. `id` is the delivery's."""

    id: UUID
    endpoint: Endpoint
    events: Sequence[StoredEvent]
    gathered: bool


@dataclass(frozen=True, slots=True)
class Composed:
    """A body, its type, and the id under which it is sent at every attempt."""

    id: str
    body: bytes
    content_type: str


class Composer:
    """Composes for one workspace at a time, in a unit that is bound to it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def compose(self, unit: Unit, orders: Sequence[Order]) -> dict[UUID, Composed]:
        """By delivery."""
        full = {event.id: event for order in orders if order.endpoint.body == "full" for event in order.events}
        messages = await messages_in(unit, self._desk, list(full.values())) if full else {}
        told: dict[tuple[UUID, str, str], bytes] = {}
        found: dict[UUID, Composed] = {}
        for order in orders:
            endpoint, first = order.endpoint, order.events[0]
            key = (first.id, endpoint.kind, endpoint.body)
            body = None if order.gathered else told.get(key)
            if body is None:
                body = msgspec.json.encode(_told(order, messages if endpoint.body == "full" else {}))
                if not order.gathered:
                    told[key] = body
            sent_as = public("whd", order.id) if order.gathered else public("evt", first.id)
            found[order.id] = Composed(sent_as, body, _content_type(order))
        return found


def _told(order: Order, messages: Messages) -> object:
    documents: list[Mapping[str, object]] = [document(each, messages) for each in order.events]
    if order.endpoint.kind == "cloudevents":
        told = [cloud_event(each) for each in documents]
        return told if order.gathered else told[0]
    return _batch(order, documents) if order.gathered else documents[0]


def _batch(order: Order, documents: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {
        "id": public("whd", order.id),
        "type": BATCH,
        "timestamp": rfc3339(now()),
        "workspace_id": public("wks", order.endpoint.workspace),
        "data": {"events": documents},
    }


def _content_type(order: Order) -> str:
    if order.endpoint.kind != "cloudevents":
        return JSON
    return BATCH_CONTENT_TYPE if order.gathered else CONTENT_TYPE
