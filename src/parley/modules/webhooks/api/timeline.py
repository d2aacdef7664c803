"""A contact's timeline: the feed of facts as far as it is about them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from parley.core.ids import ContactId
from parley.kit.rest.ids import ContactPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.contacts import get_contact, parts_of
from parley.modules.conversations import Desk
from parley.modules.webhooks.schemas.events import EventShape
from parley.modules.webhooks.service.show import messages_in
from parley.modules.webhooks.store.feed import StoredEvent, timeline_of

router = resource("events")


@router.get("/contacts/{contact_id}/timeline", operation_id="get_contact_timeline", summary="Get a contact's timeline")
async def read_timeline(
    unit: UnitHere, desk: Annotated[Desk, provided(Desk)], contact_id: ContactPath, window: WindowHere
) -> Page[EventShape]:
    """What happened with a person, newest first: messages, consents, conversations, changes, on all channels.

    A message is shown as it is now, with how far it came. What happened to a contact that was merged into this one is
    there too.
    """
    known = await get_contact(unit, desk.directory.people, ContactId(contact_id))
    contacts = await parts_of(unit, known.id)

    async def read(after: UUID | None, limit: int) -> Sequence[StoredEvent]:
        return await timeline_of(unit, contacts, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    messages = await messages_in(unit, desk, found)
    return Page(data=[EventShape.of(each, messages) for each in found], next_cursor=cursor)
