"""Who speaks in a conversation: the bot, a person, or nobody."""

from collections.abc import Sequence

from parley.core.ids import WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.conversations.domain import Thread
from parley.modules.conversations.events import ConversationHandedOver
from parley.modules.conversations.store import threads


async def hand_over(unit: Unit, handed: Sequence[Thread]) -> None:
    """The bot is silent from here on; people answer."""
    floors = [(thread.workspace, thread.id, "person") for thread in handed]
    for workspace, conversation, contact in await threads.set_floors(unit, floors):
        unit.record(
            ConversationHandedOver(
                workspace=WorkspaceId(workspace), at=now(), conversation=conversation, contact=contact
            )
        )
