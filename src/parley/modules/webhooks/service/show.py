"""What facts tell of: their messages, and what flows told, read together."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.ids import MessageId
from parley.kit.unit import Unit
from parley.modules.conversations import Desk, messages_of, show_messages
from parley.modules.flows import told_by_flows
from parley.modules.flows.events import FlowTold
from parley.modules.webhooks.store.feed import StoredEvent


async def messages_in(unit: Unit, desk: Desk, events: Sequence[StoredEvent]) -> dict[UUID, dict[str, object]]:
    """The message objects that these events tell of, by id, as they are now; what flows told, by the event's id."""
    wanted = {MessageId(each.message) for each in events if each.message and each.kind.startswith("message.")}
    found = list((await messages_of(unit, desk.directory.people, sorted(wanted))).values())
    shown = await show_messages(unit, desk.directory.people, desk.routes, found)
    messages = {message.row.id: each for message, each in zip(found, shown, strict=True)}
    return messages | await told_in(unit, desk, events)


async def told_in(unit: Unit, desk: Desk, events: Sequence[StoredEvent]) -> dict[UUID, dict[str, object]]:
    """What flows told in their own events, by the event's id."""
    told = [each.id for each in events if each.kind == FlowTold.kind]
    return await told_by_flows(unit, desk.directory.people, told) if told else {}
