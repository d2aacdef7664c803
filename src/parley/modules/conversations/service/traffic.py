"""What channels carried lately, and what becomes of the queue of one that is removed."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.ids import ChannelId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.channels import LastSeen
from parley.modules.channels.events import ChannelRemoved
from parley.modules.conversations.events import MessageCancelled
from parley.modules.conversations.store import scheduled, threads


class LastTraffic:
    """When channels last carried a message."""

    async def last_seen(self, unit: Unit, channel: UUID) -> LastSeen:
        """Among the newest messages of the workspace."""
        inbound_at, outbound_at = await threads.last_seen(unit, channel)
        return LastSeen(inbound_at=inbound_at, outbound_at=outbound_at)


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
