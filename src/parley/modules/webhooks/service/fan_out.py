"""Fan out: each fact on the feed becomes deliveries to the endpoints that want it. Once, in one unit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from parley.core.ids import ContactId, WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.unit import Unit, Units
from parley.modules.channels import test_channels
from parley.modules.contacts import names_of_tags, profiles_of
from parley.modules.conversations import channels_of_conversations
from parley.modules.privacy import People
from parley.modules.webhooks.domain import Endpoint, Happening, wants
from parley.modules.webhooks.events import WebhookEndpointTested
from parley.modules.webhooks.service.open_endpoint import Opener
from parley.modules.webhooks.store import deliveries, endpoints, feed
from parley.modules.webhooks.store.feed import StoredEvent

BATCH = 500
"""Facts handed on by one unit."""
DELIVER = "webhooks"
"""The lane that makes deliveries."""

Wanted = tuple[Endpoint, StoredEvent]


class FanOut:
    """The lane that hands facts on."""

    def __init__(self, units: Units, people: People) -> None:
        self._units = units
        self._people = people
        self._opener = Opener(people.scopes)

    async def work(self) -> int:
        """Hand on one batch; how many facts it had."""
        async with self._units.begin(lane="webhooks") as unit:
            events = await feed.take(unit, BATCH)
            if events:
                await unit.bind(sorted({each.workspace for each in events}))
                await self._hand_on(unit, events)
        return len(events)

    async def _hand_on(self, unit: Unit, events: Sequence[StoredEvent]) -> None:
        workspaces = sorted({each.workspace for each in events})
        rows = await endpoints.listening(unit, workspaces)
        listening: dict[WorkspaceId, list[Endpoint]] = {}
        for row in rows:
            listening.setdefault(row.workspace, []).append(await self._opener.open(row))
        happenings = await happenings_of(
            unit, self._people, events, [each for those in listening.values() for each in those]
        )
        wanted = [
            (endpoint, event)
            for event in events
            for endpoint in listening.get(event.workspace, ())
            if wants(endpoint, happenings[event.id])
        ]
        if wanted and await queue_up(unit, wanted, now()):
            unit.wake(DELIVER)


async def happenings_of(
    unit: Unit, people: People, events: Sequence[StoredEvent], listening: Sequence[Endpoint]
) -> dict[UUID, Happening]:
    """What decides who is told; channels and tags are looked up only where an endpoint asks for some."""
    channels: dict[UUID, UUID] = {}
    tags: dict[UUID, list[str]] = {}
    workspaces = sorted({each.workspace for each in events})
    test = await test_channels(unit, workspaces) if listening else frozenset()
    if test or any(each.channel_ids for each in listening):
        talks = [each.conversation for each in events if each.conversation]
        channels = await channels_of_conversations(unit, workspaces, talks)
    choosy = {each.workspace for each in listening if each.about.tags}
    if choosy:
        tags = await _tags(unit, people, [each for each in events if each.workspace in choosy])
    found = {}
    for event in events:
        channel = _channel(event, channels)
        found[event.id] = Happening(
            kind=event.kind,
            channel=channel,
            test=channel in test,
            tags=tags.get(event.contact, ()) if event.contact else (),
            only=event.subject if event.kind == WebhookEndpointTested.kind else None,
        )
    return found


async def _tags(unit: Unit, people: People, events: Sequence[StoredEvent]) -> dict[UUID, list[str]]:
    """The names of the tags of each contact that these facts are about."""
    contacts = sorted({(each.workspace, ContactId(each.contact)) for each in events if each.contact})
    profiles = await profiles_of(unit, people, contacts) if contacts else {}
    workspaces = {contact: workspace for workspace, contact in contacts}
    given = [(workspaces[ContactId(owner)], tag) for owner, profile in profiles.items() for tag in profile.tags]
    names = await names_of_tags(unit, people.scopes, given)
    return {owner: [names[tag] for tag in profile.tags if tag in names] for owner, profile in profiles.items()}


def _channel(event: StoredEvent, channels: dict[UUID, UUID]) -> UUID | None:
    if event.conversation is not None:
        return channels.get(event.conversation)
    if event.kind.startswith("channel.") and event.kind != "channel.notice":
        return event.subject
    named = msgspec.json.decode(event.detail).get("channel_id") if event.detail else None
    return UUID(named) if isinstance(named, str) else None


async def queue_up(unit: Unit, wanted: Sequence[Wanted], moment: datetime) -> int:
    """Queue these facts for these endpoints, gathered where an endpoint wishes so; how many deliveries are new."""
    single = [pair for pair in wanted if pair[0].buffer is None]
    gathered = [pair for pair in wanted if pair[0].buffer is not None]
    new = [_delivery(endpoint, event, moment) for endpoint, event in single]
    made = await deliveries.add(unit, new, moment) if new else 0
    return made + (await _gather(unit, gathered, moment) if gathered else 0)


def _delivery(endpoint: Endpoint, event: StoredEvent, due_at: datetime) -> deliveries.NewDelivery:
    return deliveries.NewDelivery(
        workspace=endpoint.workspace,
        id=new_uuid(),
        endpoint=endpoint.id,
        event=event.id,
        kind=event.kind,
        conversation=event.conversation if endpoint.ordered and endpoint.buffer is None else None,
        due_at=due_at,
        gathered=endpoint.buffer is not None,
    )


async def _gather(unit: Unit, wanted: Sequence[Wanted], moment: datetime) -> int:
    """Facts join what is being gathered for their endpoint, until that is full and another begins."""
    by_endpoint: dict[UUID, list[Wanted]] = {}
    for pair in wanted:
        by_endpoint.setdefault(pair[0].id, []).append(pair)
    workspaces = sorted({pair[0].workspace for pair in wanted})
    begun = {each.endpoint: each for each in await deliveries.gathering(unit, workspaces, list(by_endpoint))}
    new: list[deliveries.NewDelivery] = []
    facts: list[tuple[WorkspaceId, UUID, UUID]] = []
    full: list[tuple[WorkspaceId, UUID]] = []
    for endpoint_id, pairs in by_endpoint.items():
        endpoint = pairs[0][0]
        if endpoint.buffer is None:
            continue
        open_one = begun.get(endpoint_id)
        current, size = (open_one.delivery, open_one.events) if open_one else (None, 0)
        for _, event in pairs:
            if current is None or size >= endpoint.buffer.count:
                due = moment + timedelta(seconds=endpoint.buffer.seconds)
                new.append(_delivery(endpoint, event, due))
                current, size = new[-1].id, 0
            facts.append((endpoint.workspace, current, event.id))
            size += 1
            if size >= endpoint.buffer.count:
                full.append((endpoint.workspace, current))
    made = await deliveries.add(unit, new, moment) if new else 0
    await deliveries.gather(unit, facts)
    if full:
        await deliveries.close_full(unit, full, moment)
    return made
