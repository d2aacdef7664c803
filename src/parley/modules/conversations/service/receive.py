"""Messages arrive: people are recognised, conversations opened, each message stored once, all in one unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec

from parley.core.ids import ContactId, ConversationId, MessageId, WorkspaceId, new_uuid
from parley.kit.crypto import blind_index
from parley.kit.unit import Unit
from parley.modules.channels import Channel, LastSeen, note_traffic
from parley.modules.channels.inbound import InboundMessage
from parley.modules.contacts import Directory, Known, Sighting, merged_among
from parley.modules.contacts.events import ContactCreated
from parley.modules.conversations.domain import ENTRY_WINDOW, PROVIDER_STATUS, MessageBody, Status, Thread
from parley.modules.conversations.events import (
    ConversationOpened,
    MessageArrived,
    MessageEchoed,
    MessageImported,
    MessageReceived,
)
from parley.modules.conversations.service.close import reopen
from parley.modules.conversations.service.follow_merge import StaleContact, follow_merge
from parley.modules.conversations.service.parties import address_of, group_sighting, sighting_of
from parley.modules.conversations.store import arrivals as store

REF = "message_ref"
"""The blind index under which a provider's message id is found again."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message and the channel it came by."""

    channel: Channel
    message: InboundMessage


@dataclass(frozen=True, slots=True)
class _Place:
    """An arrival whose people are known: the author, and whose conversation it is (in a group, the group's)."""

    arrival: Arrival
    author: Known
    owner: Known
    id: MessageId

    @property
    def thread_key(self) -> tuple[UUID, UUID]:
        return self.arrival.channel.id, self.owner.contact


async def receive(unit: Unit, directory: Directory, arrivals: Sequence[Arrival]) -> None:
    """Store what is new and record MessageReceived for each; a provider's repetition changes nothing."""
    places = await _recognise(unit, directory, arrivals)
    if not places:
        return
    threads = await _open(unit, places)
    await _insert(unit, directory, places, threads)


async def _recognise(unit: Unit, directory: Directory, arrivals: Sequence[Arrival]) -> list[_Place]:
    pairs: list[tuple[Arrival, Sighting, Sighting]] = []
    for arrival in arrivals:
        workspace, message = arrival.channel.workspace, arrival.message
        who = sighting_of(workspace, message.sender)
        group = group_sighting(workspace, message.group_id) if message.group_id else None
        author = who or group
        if author is not None:
            pairs.append((arrival, author, group or author))
    known = await directory.recognise(unit, list({each: None for _, a, b in pairs for each in (a, b)}))
    for sighting, who_known in known.items():
        for other in who_known.others:
            await follow_merge(unit, directory, sighting.workspace, other, who_known.contact)
    return [_Place(arrival, known[a], known[b], MessageId(new_uuid())) for arrival, a, b in pairs]


async def _open(unit: Unit, places: Sequence[_Place]) -> dict[tuple[UUID, UUID], Thread]:
    openings: dict[tuple[UUID, UUID], store.Opening] = {}
    for place in places:
        opening = _opening(place)
        before = openings.get(place.thread_key)
        openings[place.thread_key] = opening if before is None else _joined(before, opening)
    opened = await store.open_threads(unit, list(openings.values()))
    threads: dict[tuple[UUID, UUID], Thread] = {
        (each.thread.channel, each.thread.contact): each.thread for each in opened
    }
    new = [thread for key, thread in threads.items() if thread.id == openings[key].id]
    stale = [(each.thread.workspace, each.thread.contact) for each in opened if each.merged_into is not None]
    stale += await _merged_elsewhere(unit, new)
    if stale:
        raise StaleContact(stale)
    closed = [each.thread for each in opened if each.closed]
    if closed:
        await reopen(unit, closed)
    for thread in new:
        at = openings[thread.channel, thread.contact].at
        unit.record(
            ConversationOpened(workspace=thread.workspace, at=at, conversation=thread.id, contact=thread.contact)
        )
    return threads


async def _merged_elsewhere(unit: Unit, new: Sequence[Thread]) -> list[tuple[WorkspaceId, ContactId]]:
    """Whose first conversation on a channel this would be, had they not been merged into another."""
    made = {event.contact for event in unit.events if type(event) is ContactCreated}
    asked = [(thread.workspace, thread.contact) for thread in new if thread.contact not in made]
    gone = await merged_among(unit, asked) if asked else []
    return [pair for pair in asked if pair[1] in gone]


def _opening(place: _Place) -> store.Opening:
    message, channel = place.arrival.message, place.arrival.channel
    counts = not message.outbound
    return store.Opening(
        workspace=channel.workspace,
        id=ConversationId(new_uuid()),
        channel=channel.id,
        contact=place.owner.contact,
        floor="nobody" if message.group_id else "bot",
        inbound_at=message.at if counts else None,
        entry_expires_at=message.at + ENTRY_WINDOW if counts and message.referral else None,
        at=message.at,
    )


def _joined(a: store.Opening, b: store.Opening) -> store.Opening:
    return store.Opening(
        workspace=a.workspace,
        id=a.id,
        channel=a.channel,
        contact=a.contact,
        floor=a.floor,
        inbound_at=max(filter(None, (a.inbound_at, b.inbound_at)), default=None),
        entry_expires_at=max(filter(None, (a.entry_expires_at, b.entry_expires_at)), default=None),
        at=max(a.at, b.at),
    )


async def _insert(
    unit: Unit, directory: Directory, places: Sequence[_Place], threads: dict[tuple[UUID, UUID], Thread]
) -> None:
    rows = [_row(directory, place, threads[place.thread_key]) for place in places]
    inserted, sessions = await store.insert_messages(unit, rows)
    fresh = [place for place in places if place.id in inserted]
    await _note_traffic(unit, fresh)
    for place in sorted(fresh, key=lambda place: place.arrival.message.at):
        thread = threads[place.thread_key]
        message = place.arrival.message
        unit.record(
            _fact(message)(
                workspace=thread.workspace,
                at=message.at,
                contact=place.author.contact,
                conversation=thread.id,
                message=place.id,
                message_id=place.id,
                thread=thread,
                arrival=message,
                to=address_of(message.sender, message.group_id),
                session=sessions.get(thread.id),
                channel_kind=place.arrival.channel.kind,
            )
        )


async def _note_traffic(unit: Unit, fresh: Sequence[_Place]) -> None:
    carried: dict[tuple[UUID, UUID], LastSeen] = {}
    for place in sorted(fresh, key=lambda place: place.arrival.message.at):
        channel, message = place.arrival.channel, place.arrival.message
        way = "outbound_at" if message.outbound else "inbound_at"
        before = carried.get((channel.workspace, channel.id), LastSeen())
        carried[channel.workspace, channel.id] = replace(before, **{way: message.at})
    if carried:
        await note_traffic(unit, carried)


def _fact(message: InboundMessage) -> type[MessageArrived]:
    if message.origin == "history":
        return MessageImported
    return MessageEchoed if message.outbound else MessageReceived


def _row(directory: Directory, place: _Place, thread: Thread) -> store.NewMessage:
    message, workspace = place.arrival.message, place.arrival.channel.workspace
    own = directory.people.scopes.held(workspace)
    ref = blind_index(own.index, REF, message.provider_id)
    return store.NewMessage(
        workspace=workspace,
        ref=ref,
        id=place.id,
        provider_id=store.PROVIDER_ID.seal(place.author.key, workspace, place.id, message.provider_id),
        conversation=thread.id,
        contact=place.author.contact,
        channel=place.arrival.channel.id,
        outbound=message.outbound,
        origin=message.origin,
        kind=message.content.kind,
        status=_status(message),
        at=message.at,
        body=store.BODY.seal(place.author.key, workspace, place.id, body_of(message)),
    )


def _status(message: InboundMessage) -> int:
    if not message.outbound:
        return Status.RECEIVED
    return PROVIDER_STATUS.get(message.history_status or "", Status.ACCEPTED)


def body_of(message: InboundMessage) -> MessageBody:
    """What is sealed of an arrived message."""
    content = message.content
    return MessageBody(
        kind=content.kind,
        body=dict(content.body),
        party=address_of(message.sender),
        context=content.context,
        group_id=message.group_id,
        forwarded=message.forwarded,
        referral=dict(message.referral) if message.referral else None,
        errors=[msgspec.to_builtins(error) for error in message.errors],
        beside=_beside(message),
    )


def _beside(message: InboundMessage) -> dict[str, object] | None:
    parent = message.sender.parent_user_id
    found: dict[str, object] = {**(message.beside or {}), **({"parent_user_id": parent} if parent else {})}
    return found or None
