"""The feed of facts."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from parley.core.ids import MessageId
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.conversations import Desk, messages_of, show_messages
from parley.modules.webhooks.schemas import EventShape
from parley.modules.webhooks.store import StoredEvent, list_events

router = resource("events")
ROUTERS = (router,)

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
    messages = await _messages(unit, desk, found)
    return Page(data=[EventShape.of(each, messages) for each in found], next_cursor=cursor)


async def _messages(unit: Unit, desk: Desk, events: Sequence[StoredEvent]) -> dict[UUID, dict[str, object]]:
    """The message objects that these events tell of, read together."""
    wanted = {MessageId(e.message) for e in events if e.message is not None and e.kind.startswith("message.")}
    found = list((await messages_of(unit, desk.directory.people, sorted(wanted))).values())
    shown = await show_messages(unit, desk.directory.people, desk.routes, found)
    return {message.row.id: each for message, each in zip(found, shown, strict=True)}
