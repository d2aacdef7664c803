"""What becomes of the queue of a channel that is removed."""

from collections.abc import Sequence

from parley.core.ids import ChannelId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.channels.events import ChannelRemoved
from parley.modules.conversations.events import MessageCancelled
from parley.modules.conversations.store import scheduled


async def cancel_queues(unit: Unit, removed: Sequence[ChannelRemoved]) -> None:
    """Messages that nobody has begun to send leave no more."""
    for each in removed:
        if each.subject is None:
            continue
        for message, conversation, contact in await scheduled.cancel_all(unit, ChannelId(each.subject), now()):
            unit.record(
                MessageCancelled(
                    workspace=WorkspaceId(each.workspace),
                    at=now(),
                    contact=contact,
                    conversation=conversation,
                    message=message,
                )
            )
