"""Compose: the bodies of deliveries, each fact read and told once however many endpoints hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from parley.core.ids import ContactId, MessageId, WorkspaceId, public
from parley.core.time import now, rfc3339
from parley.kit.unit import Unit
from parley.modules.channels import Channel, Notice, notices_of
from parley.modules.contacts import Profile, profiles_of
from parley.modules.conversations import Desk, Message, messages_of, show_messages, stand_ins_of
from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.events import WebhookEndpointTested
from parley.modules.webhooks.examples import example, example_as_meta
from parley.modules.webhooks.render.cloudevents import BATCH_CONTENT_TYPE, CONTENT_TYPE, cloud_event
from parley.modules.webhooks.render.document import Messages, document
from parley.modules.webhooks.service.show import told_in
from parley.modules.webhooks.store.feed import StoredEvent
from parley.modules.webhooks.telling import Dialect, Telling

JSON = "application/json"
BATCH = "events.batch"
"""The type of a document that gathers several facts."""
_NOTICED = ("call.", "channel.notice")


@dataclass(frozen=True, slots=True)
class Order:
    """A delivery to be composed: what is told to whom. `id` is the delivery's."""

    id: UUID
    endpoint: Endpoint
    events: Sequence[StoredEvent]
    gathered: bool


@dataclass(frozen=True, slots=True)
class Composed:
    """A body, its type, and the id under which it is sent at every attempt."""

    id: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the facts of one workspace name: messages, as read and as shown; of `meta`, people and notices too."""

    messages: Mapping[MessageId, Message]
    shown: Messages
    channels: Mapping[UUID, Channel]
    profiles: Mapping[UUID, Profile] = field(default_factory=dict)
    notices: Mapping[UUID, Notice] = field(default_factory=dict)
    stand_ins: Mapping[str, str] = field(default_factory=dict)


class Composer:
    """Composes for one workspace at a time, in a unit that is bound to it."""

    def __init__(self, desk: Desk, dialect: Dialect) -> None:
        self._desk = desk
        self._dialect = dialect

    async def compose(self, unit: Unit, orders: Sequence[Order]) -> dict[UUID, Composed]:
        """By delivery; one that has nothing to tell in the endpoint's words is missing."""
        known = await self._read(unit, orders)
        told: dict[tuple[UUID, str, str], bytes] = {}
        found: dict[UUID, Composed] = {}
        for order in orders:
            endpoint, first = order.endpoint, order.events[0]
            key = (first.id, endpoint.kind, endpoint.body)
            body = None if order.gathered else told.get(key)
            if body is None:
                saying = self._saying(order, known)
                if saying is None:
                    continue
                body = msgspec.json.encode(saying)
                if not order.gathered:
                    told[key] = body
            sent_as = public("whd", order.id) if order.gathered else public("evt", first.id)
            found[order.id] = Composed(sent_as, body, _content_type(order))
        return found

    def _saying(self, order: Order, known: _Known) -> object:
        if order.endpoint.kind == "meta":
            return self._as_meta(order, known)
        shown = known.shown if order.endpoint.body == "full" else {}
        documents = [_document(each, shown) for each in order.events]
        if order.endpoint.kind == "cloudevents":
            told = [cloud_event(each) for each in documents]
            return told if order.gathered else told[0]
        return _batch(order, documents) if order.gathered else documents[0]

    def _as_meta(self, order: Order, known: _Known) -> object:
        if order.events[0].kind == WebhookEndpointTested.kind:
            return example_as_meta()
        tellings = [telling for each in order.events if (telling := _telling(each, known)) is not None]
        return self._dialect(tellings)

    async def _read(self, unit: Unit, orders: Sequence[Order]) -> _Known:
        people, routes = self._desk.directory.people, self._desk.routes
        as_meta = [event for order in orders if order.endpoint.kind == "meta" for event in order.events]
        full = [event for order in orders if order.endpoint.body == "full" for event in order.events]
        wanted = {MessageId(e.message) for e in (*full, *as_meta) if e.message and e.kind.startswith("message.")}
        messages = await messages_of(unit, people, sorted(wanted)) if wanted else {}
        listed = list(messages.values()) if full else []
        shown = await show_messages(unit, people, routes, listed) if listed else []
        by_id: Messages = {message.row.id: each for message, each in zip(listed, shown, strict=True)}
        by_id = {**by_id, **await told_in(unit, self._desk, full)}
        workspace = WorkspaceId(unit.workspace)
        if not as_meta:
            return _Known(messages, by_id, {})
        channels: dict[UUID, Channel] = {each.id: each for each in await routes.of_workspace(workspace)}
        contacts = sorted({(workspace, ContactId(e.contact)) for e in as_meta if e.contact})
        named = [e.subject for e in as_meta if e.subject and e.kind.startswith(_NOTICED)]
        profiles = await profiles_of(unit, people, contacts) if contacts else {}
        notices = await notices_of(unit, people.scopes, named) if named else {}
        bodies = [each.body for each in messages.values() if each.body is not None]
        stand_ins = await stand_ins_of(unit, people.scopes, bodies)
        return _Known(messages, by_id, channels, profiles, notices, stand_ins)


def _document(event: StoredEvent, shown: Messages) -> dict[str, object]:
    told = document(event, shown)
    return {**told, **example(event.detail)} if event.kind == WebhookEndpointTested.kind else told


def _telling(event: StoredEvent, known: _Known) -> Telling | None:
    """A fact with all that it names; None when its channel is gone or it was told of nothing of the provider's."""
    message = known.messages.get(MessageId(event.message)) if event.message else None
    notice = known.notices.get(event.subject) if event.subject else None
    of_channel = message.row.channel if message else notice.channel if notice else None
    channel = known.channels.get(of_channel) if of_channel else None
    if channel is None:
        return None
    profile = known.profiles.get(event.contact) if event.contact else None
    return Telling(
        kind=event.kind,
        at=event.at,
        channel=channel,
        message=message,
        profile=profile,
        notice=notice,
        stand_ins=known.stand_ins,
    )


def _batch(order: Order, documents: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {
        "id": public("whd", order.id),
        "type": BATCH,
        "timestamp": rfc3339(now()),
        "workspace_id": public("wks", order.endpoint.workspace),
        "data": {"events": documents},
    }


def _content_type(order: Order) -> str:
    if order.endpoint.kind != "cloudevents":
        return JSON
    return BATCH_CONTENT_TYPE if order.gathered else CONTENT_TYPE
