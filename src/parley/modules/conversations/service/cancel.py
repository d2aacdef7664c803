"""Cancel a message that has not left yet."""

from parley.core.errors import Conflict
from parley.core.ids import MessageId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.conversations.domain import Status
from parley.modules.conversations.events import MessageCancelled
from parley.modules.conversations.service.read import Message, get_message
from parley.modules.conversations.store import scheduled
from parley.modules.privacy import People


async def cancel(unit: Unit, people: People, wanted: MessageId) -> Message:
    """The message, cancelled; twice is as once. Raises NotFound, Conflict when it is on its way or gone."""
    message = await get_message(unit, people, wanted)
    if message.status == Status.CANCELLED.public:
        return message
    taken = await scheduled.cancel(unit, wanted, now()) if message.row.outbound else None
    if taken is None:
        seen = (await get_message(unit, people, wanted)).status
        sentence = f"The message is {seen}; only a message that is queued and not being sent can be cancelled."
        raise Conflict(sentence, code="not_cancellable")
    conversation, contact = taken
    unit.record(
        MessageCancelled(workspace=unit.workspace, at=now(), contact=contact, conversation=conversation, message=wanted)
    )
    unit.wake("deliver")
    return await get_message(unit, people, wanted)
