"""Routes of conversations."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from parley.core.ids import ContactId, ConversationId
from parley.core.time import now
from parley.kit.rest import ids
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.contacts import Directory, get_contact
from parley.modules.conversations.schemas import ConversationShape
from parley.modules.conversations.service.read import get_conversation
from parley.modules.conversations.store import threads

router = resource("conversations")


@router.get("/conversations", operation_id="list_conversations", summary="List conversations")
async def read_conversations(
    unit: UnitHere,
    directory: Annotated[Directory, provided(Directory)],
    window: WindowHere,
    contact_id: ids.OfContact = None,
) -> Page[ConversationShape]:
    """The workspace's conversations, newest first, of all contacts or of one."""
    contact = (await get_contact(unit, directory.people, ContactId(contact_id))).id if contact_id else None

    async def read(after: UUID | None, limit: int) -> Sequence[threads.ConversationRow]:
        return await threads.conversations(unit, after, limit, contact)

    found, cursor = await page_of(window, read, lambda each: each.id)
    moment = now()
    return Page(data=[ConversationShape.of(each, moment) for each in found], next_cursor=cursor)


@router.get("/conversations/{conversation_id}", operation_id="get_conversation", summary="Get a conversation")
async def read_conversation(unit: UnitHere, conversation_id: ids.ConversationPath) -> ConversationShape:
    """A conversation: whether its window is open, and who speaks."""
    return ConversationShape.of(await get_conversation(unit, ConversationId(conversation_id)), now())
