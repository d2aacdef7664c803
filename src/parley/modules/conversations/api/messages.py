"""Routes of messages."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, NotFound, Refused
from parley.core.ids import ConversationId, MessageId
from parley.kit.rest import ids
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.conversations.api.asked import request_of
from parley.modules.conversations.schemas import (
    BatchError,
    BatchItem,
    BatchRequest,
    BatchResult,
    MessageRequest,
    MessageShape,
    QueuedMessage,
)
from parley.modules.conversations.service.cancel import cancel
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


@router.post("/messages/batch", operation_id="send_messages", summary="Send up to a hundred", status_code=202)
async def send_batch(unit: UnitHere, desk: DeskHere, given: BatchRequest) -> BatchResult:
    """Queue several messages. One that is refused does not keep the others: each has its own result."""
    return BatchResult(data=[await _one_of_batch(unit, desk, each) for each in given.messages])


async def _one_of_batch(unit: Unit, desk: Desk, given: MessageRequest) -> BatchItem:
    try:
        async with unit.attempt():
            queued = await send(unit, desk, await request_of(unit, desk, given))
    except (InvalidInput, Refused, NotFound, Conflict) as error:
        faults = error.faults if isinstance(error, InvalidInput) else ()
        told = [{"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in faults]
        status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, Conflict) else 422
        return BatchItem(status=status, error=BatchError(code=error.reason, detail=error.detail, errors=told))
    return BatchItem(status=202, message=QueuedMessage.of(queued))


@router.post("/messages/{message_id}/cancel", operation_id="cancel_message", summary="Cancel a message")
async def cancel_message(unit: UnitHere, desk: DeskHere, message_id: ids.MessagePath) -> MessageShape:
    """Take back a message that is queued or scheduled. One that is being sent, or was sent, is answered with 409."""
    return (await _shapes(unit, desk, [await cancel(unit, desk.directory.people, MessageId(message_id))]))[0]


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
