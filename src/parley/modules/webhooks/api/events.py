"""The feed of facts."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.conversations import Desk
from parley.modules.webhooks.schemas.events import EventShape
from parley.modules.webhooks.service.show import messages_in
from parley.modules.webhooks.store.feed import StoredEvent, list_events

router = resource("events")

DeskHere = Annotated[Desk, provided(Desk)]
Types = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z_]+\.[a-z_]+(,[a-z_]+\.[a-z_]+)*$",
        max_length=2000,
        description="Only events of these types, separated by commas.",
        examples=["message.received,message.failed"],
    ),
]


@router.get("/events", operation_id="list_events", summary="List events")
async def read_events(unit: UnitHere, desk: DeskHere, window: WindowHere, type: Types = None) -> Page[EventShape]:
    """What happened in the workspace, newest first. A message in an event is shown as it is now."""
    kinds = type.split(",") if type else None

    async def read(after: UUID | None, limit: int) -> Sequence[StoredEvent]:
        return await list_events(unit, after, limit, kinds)

    found, cursor = await page_of(window, read, lambda each: each.id)
    messages = await messages_in(unit, desk, found)
    return Page(data=[EventShape.of(each, messages) for each in found], next_cursor=cursor)
