"""Routes of messages."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from parley.core.ids import ConversationId, MessageId
from parley.kit.rest import ids
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.conversations.api.asked import request_of
from parley.modules.conversations.schemas import MessageRequest, MessageShape, QueuedMessage
from parley.modules.conversations.service.read import Message, get_conversation, get_message, list_messages
from parley.modules.conversations.service.send import Desk, send
from parley.modules.conversations.shown import show_messages

router = resource("messages")

DeskHere = Annotated[Desk, provided(Desk)]


@router.post("/messages", operation_id="send_message", summary="Send a message", status_code=202)
async def send_message(unit: UnitHere, desk: DeskHere, given: MessageRequest) -> QueuedMessage:
    """Queue a message to a person. It leaves as fast as its channel's limits allow, in the conversation's order.

    The answer says `queued`; how far it came is told by `GET /v1/messages/{id}` and by the `message.*` events.
    """
    return QueuedMessage.of(await send(unit, desk, await request_of(unit, desk, given)))


@router.get("/messages", operation_id="list_messages", summary="List messages")
async def read_messages(
    unit: UnitHere, desk: DeskHere, window: WindowHere, conversation_id: ids.OfConversation = None
) -> Page[MessageShape]:
    """The workspace's messages, newest first, of all conversations or of one."""
    if conversation_id is not None:
        await get_conversation(unit, ConversationId(conversation_id))

    async def read(after: UUID | None, limit: int) -> Sequence[Message]:
        return await list_messages(unit, desk.directory.people, after, limit, conversation_id)

    found, cursor = await page_of(window, read, lambda each: each.row.id)
    return Page(data=await _shapes(unit, desk, found), next_cursor=cursor)


@router.get("/messages/{message_id}", operation_id="get_message", summary="Get a message")
async def read_message(unit: UnitHere, desk: DeskHere, message_id: ids.MessagePath) -> MessageShape:
    """A message with its content and the history of its statuses."""
    found = await get_message(unit, desk.directory.people, MessageId(message_id))
    return (await _shapes(unit, desk, [found]))[0]


async def _shapes(unit: Unit, desk: Desk, found: Sequence[Message]) -> list[MessageShape]:
    shown = await show_messages(unit, desk.directory.people, desk.routes, found)
    return [MessageShape.model_validate(each) for each in shown]
