"""One table: when this has happened, these rooms react, inside the same transaction, in this order.

A reaction gets every event of its kind that the unit recorded so far, so that a batch is answered as a batch. What it
records in turn is looked up here again, until nothing new has happened. Work for later is rows, and lanes woken.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from parley.core.events import Event
from parley.kit.unit import Unit
from parley.modules.accounts.events import ApiKeyCreated
from parley.modules.channels import Routes, open_test_channel
from parley.modules.channels.events import ChannelAdded, ChannelRemoved, TemplateNoticed
from parley.modules.contacts import Directory
from parley.modules.contacts.events import ContactsMerged
from parley.modules.conversations import Speaker, answered_by_phone, cancel_queues, hear_consent, join_conversations
from parley.modules.conversations.events import MessageArrived, MessageEchoed, MessageImported, MessageReceived
from parley.modules.flows import Conversing
from parley.modules.media import ExpectedFile, expect_files
from parley.modules.templates import follow_notices, sync_added
from parley.modules.webhooks import keep_events

MAX_ROUNDS = 10
"""Reactions to reactions to reactions: deeper than any honest chain, so a circle shows as an error."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What reactions may call."""

    directory: Directory
    routes: Routes
    speaker: Speaker
    conversing: Conversing


Reaction = Callable[[Rooms, Unit, Sequence[Event]], Awaitable[None]]


async def _fetch_files(rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    expected = [
        ExpectedFile(
            workspace=each.thread.workspace,
            contact=each.author,
            message=each.message_id,
            channel=each.thread.channel,
            file=each.arrival.media,
        )
        for each in events
        if isinstance(each, MessageArrived) and each.arrival.media is not None
    ]
    if expected:
        await expect_files(unit, rooms.directory.people, expected)


async def _hear_consent(rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    await hear_consent(unit, rooms.directory, rooms.speaker, [e for e in events if isinstance(e, MessageReceived)])


async def _take_the_floor(_rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    await answered_by_phone(unit, [each.thread for each in events if isinstance(each, MessageEchoed)])


async def _join(_rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    for each in events:
        if isinstance(each, ContactsMerged):
            await join_conversations(unit, each)


async def _answer(rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    await rooms.conversing.answer(unit, [e for e in events if isinstance(e, MessageReceived)])


async def _open_test_channel(rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    if any(isinstance(each, ApiKeyCreated) and each.mode == "test" for each in events):
        await open_test_channel(unit, rooms.directory.people.scopes, rooms.routes)


async def _follow_templates(rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    await follow_notices(unit, rooms.directory.people.scopes, [e for e in events if isinstance(e, TemplateNoticed)])


async def _read_templates(_rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    await sync_added(unit, [each for each in events if isinstance(each, ChannelAdded)])


async def _cancel_queues(_rooms: Rooms, unit: Unit, events: Sequence[Event]) -> None:
    await cancel_queues(unit, [each for each in events if isinstance(each, ChannelRemoved)])


REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {
    MessageReceived: (_fetch_files, _hear_consent, _answer),
    MessageEchoed: (_fetch_files, _take_the_floor),
    MessageImported: (_fetch_files,),
    ContactsMerged: (_join,),
    ApiKeyCreated: (_open_test_channel,),
    TemplateNoticed: (_follow_templates,),
    ChannelAdded: (_read_templates,),
    ChannelRemoved: (_cancel_queues,),
}


async def finish(rooms: Rooms, unit: Unit) -> None:
    """Let everyone react to what the unit recorded, then store the facts. The edge commits after this."""
    answered = 0
    for _ in range(MAX_ROUNDS):
        fresh = unit.events[answered:]
        if not fresh:
            break
        answered = len(unit.events)
        for kind, reactions in REACTIONS.items():
            concerned = [event for event in fresh if type(event) is kind]
            if concerned:
                for reaction in reactions:
                    await reaction(rooms, unit, concerned)
    else:
        raise RuntimeError("Reactions go round in a circle; see the table in reactions.py.")
    if unit.events:
        await keep_events(unit, unit.events)
