"""Routes of deliveries."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime, WithJsonSchema

from parley.kit.keys import KeyService
from parley.kit.rest.ids import EVENT, WEBHOOK_ENDPOINT, WebhookDeliveryPath, WebhookEndpointPath, reader, schema_of
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.privacy import People
from parley.modules.webhooks.schemas.deliveries import (
    DeliveryShape,
    DeliveryWithAttemptsShape,
    RecoverRequest,
    RepeatedShape,
    ReplayRequest,
)
from parley.modules.webhooks.service import again
from parley.modules.webhooks.service.endpoints import get_endpoint
from parley.modules.webhooks.service.preview import Previewer
from parley.modules.webhooks.store.listing import DeliveryRow, Wish, page

router = resource("webhook-deliveries")
of_endpoints = resource("webhook-endpoints")

KeysHere = Annotated[KeyService, provided(KeyService)]
PeopleHere = Annotated[People, provided(People)]
OfEndpoint = Annotated[
    UUID | None,
    Query(description="Only those to this endpoint."),
    reader(WEBHOOK_ENDPOINT),
    WithJsonSchema(schema_of(WEBHOOK_ENDPOINT)),
]
OfEvent = Annotated[
    UUID | None, Query(description="Only those of this event."), reader(EVENT), WithJsonSchema(schema_of(EVENT))
]
OfType = Annotated[str | None, Query(max_length=80, description="Only those of this type of event.")]
InState = Annotated[Literal["pending", "delivered", "failed"] | None, Query(description="Only those in this state.")]
Since = Annotated[AwareDatetime | None, Query(description="Only those made at or after this moment (RFC 3339).")]
Until = Annotated[AwareDatetime | None, Query(description="Only those made before this moment (RFC 3339).")]


async def _wish(  # noqa: PLR0913 - each filter is a parameter
    *,
    endpoint_id: OfEndpoint = None,
    event: OfEvent = None,
    type: OfType = None,
    state: InState = None,
    since: Since = None,
    until: Until = None,
) -> Wish:
    return Wish(endpoint=endpoint_id, state=state, kind=type, event=event, since=since, until=until)


@router.get("/webhook-deliveries", operation_id="list_webhook_deliveries", summary="List webhook deliveries")
async def read_all(
    unit: UnitHere, keys: KeysHere, window: WindowHere, wish: Annotated[Wish, Depends(_wish)]
) -> Page[DeliveryShape]:
    """What endpoints were told, newest first; kept for 30 days."""
    if wish.endpoint is not None:
        await get_endpoint(unit, keys, wish.endpoint)

    async def read(after: UUID | None, limit: int) -> Sequence[DeliveryRow]:
        return await page(unit, wish, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id if wish.endpoint is None else each.event)
    return Page(data=[DeliveryShape.of(each) for each in found], next_cursor=cursor)


@router.get("/webhook-deliveries/{delivery_id}", operation_id="get_webhook_delivery", summary="Get a webhook delivery")
async def read_one(
    unit: UnitHere,
    keys: KeysHere,
    previewer: Annotated[Previewer, provided(Previewer)],
    delivery_id: WebhookDeliveryPath,
) -> DeliveryWithAttemptsShape:
    """A delivery with what was asked and answered at each attempt, secrets left out."""
    row = await again.get_delivery(unit, delivery_id)
    tries = await again.attempts_at(unit, keys, row.id)
    return DeliveryWithAttemptsShape.whole(row, tries, await previewer.payload(unit, row))


@router.post(
    "/webhook-deliveries/{delivery_id}/resend",
    operation_id="resend_webhook_delivery",
    summary="Send a webhook delivery again",
    status_code=202,
)
async def resend(unit: UnitHere, delivery_id: WebhookDeliveryPath) -> DeliveryShape:
    """Tell it again now, whatever became of it, under the same `webhook-id`."""
    return DeliveryShape.of(await again.resend(unit, delivery_id))


@of_endpoints.post(
    "/webhook-endpoints/{endpoint_id}/recover",
    operation_id="recover_webhook_deliveries",
    summary="Send all failed deliveries again",
    status_code=202,
)
async def recover(
    unit: UnitHere, keys: KeysHere, endpoint_id: WebhookEndpointPath, given: RecoverRequest
) -> RepeatedShape:
    """Tell an endpoint again all that failed for good since a moment, in its order."""
    told, more = await again.recover(unit, keys, endpoint_id, given.since)
    return RepeatedShape(deliveries=told, more=more)


@of_endpoints.post(
    "/webhook-endpoints/{endpoint_id}/replay-missing",
    operation_id="replay_missing_events",
    summary="Send what was never sent",
    status_code=202,
)
async def replay(
    unit: UnitHere, people: PeopleHere, endpoint_id: WebhookEndpointPath, given: ReplayRequest
) -> RepeatedShape:
    """Tell an endpoint the events since a moment that it was never told: while it was disabled, before it was made."""
    told, more = await again.replay_missing(unit, people, endpoint_id, given.since, given.event_types)
    return RepeatedShape(deliveries=told, more=more)
