"""The route of a message's trace."""

from typing import Annotated

from parley.core.ids import MessageId, public
from parley.kit.rest import ids
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.conversations import attempts_of, get_message
from parley.modules.partners.schemas.trace import TraceShape
from parley.modules.partners.service.read import request_that_made
from parley.modules.privacy import People

router = resource("messages")


@router.get("/messages/{message_id}/trace", operation_id="get_message_trace", summary="Trace a message")
async def read_trace(
    unit: UnitHere, people: Annotated[People, provided(People)], message_id: ids.MessagePath
) -> TraceShape:
    """Follow a message from the request that made it, over what the provider was asked and answered, to each status.

    The exchange with the provider is kept for 7 days, of messages that came by the API: both bodies as they were, but
    no header and no token. A message of the test channel has none, for nothing leaves.
    """
    message = await get_message(unit, people, MessageId(message_id))
    made_by = await request_that_made(unit, public(ids.MESSAGE, message_id), message.row.created_at)
    return TraceShape.of(message, made_by, await attempts_of(unit, people, MessageId(message_id)))
