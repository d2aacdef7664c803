"""What facts tell of: their messages, read together."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.ids import MessageId
from parley.kit.unit import Unit
from parley.modules.conversations import Desk, messages_of, show_messages
from parley.modules.webhooks.store.feed import StoredEvent


async def messages_in(unit: Unit, desk: Desk, events: Sequence[StoredEvent]) -> dict[UUID, dict[str, object]]:
    """The message objects that these events tell of, by id, as they are now."""
    wanted = {MessageId(each.message) for each in events if each.message and each.kind.startswith("message.")}
    found = list((await messages_of(unit, desk.directory.people, sorted(wanted))).values())
    shown = await show_messages(unit, desk.directory.people, desk.routes, found)
    return {message.row.id: each for message, each in zip(found, shown, strict=True)}
