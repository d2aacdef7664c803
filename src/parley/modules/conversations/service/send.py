"""Send a message that a program or person asks for: find or make the conversation, then say it."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from parley.core.content import Content
from parley.core.errors import InvalidInput, Refused, fault
from parley.core.ids import ChannelId, ContactId, ConversationId, new_uuid
from parley.core.phones import normalise
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.channels import Channel, Routes
from parley.modules.channels.ports import Marketing
from parley.modules.contacts import Directory, Identity, find_or_create, get_contact, survivor_of
from parley.modules.conversations.domain import BULK, INTERACTIVE, Draft, Queued, Thread
from parley.modules.conversations.domain import Refused as NotAdmitted
from parley.modules.conversations.events import ConversationOpened
from parley.modules.conversations.service.crowding import Crowding
from parley.modules.conversations.service.parties import address_in
from parley.modules.conversations.service.say import Invalid, Speaker
from parley.modules.conversations.store import arrivals, threads

_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,157}\Z")
"""A business-scoped user id: a country, a dot, letters and digits."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group as recipient, by the provider's id."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be sent: `to` is an E.164 number, a business-scoped user id, a contact's id, or a group."""

    channel: ChannelId | None
    to: str | ContactId | Group
    content: Content
    marketing: bool = False
    way: Marketing | None = None
    """The provider's way for marketing, asked for by name."""
    bulk: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    callback: str | None = None
    """A Cloud API program's `biz_opaque_callback_data`."""
    expires_at: datetime | None = None
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What sending by request needs."""

    directory: Directory
    routes: Routes
    speaker: Speaker
    crowding: Crowding


async def send(unit: Unit, desk: Desk, request: Request) -> Queued:
    """The queued message. Raises InvalidInput with pointers, Refused, NotFound, TooManyRequests."""
    channel = await _channel(unit, desk, request.channel)
    await desk.crowding.check(unit, channel)
    contact, address = await _recipient(unit, desk, request.to)
    thread = await _thread(unit, channel, contact)
    draft = Draft(
        thread=thread,
        content=request.content,
        to=address,
        author="api",
        marketing=request.marketing,
        way=request.way,
        priority=BULK if request.bulk else INTERACTIVE,
        metadata=request.metadata,
        callback=request.callback,
        expires_at=request.expires_at,
        send_at=request.send_at,
    )
    outcome = (await desk.speaker.say(unit, [draft]))[0]
    match outcome:
        case Invalid(faults=faults):
            raise InvalidInput("The message can't be sent like this.", faults)
        case NotAdmitted(code=code, detail=detail):
            raise Refused(detail, code=code)
    return outcome


async def thread_with(unit: Unit, desk: Desk, contact: ContactId, channel: ChannelId | None) -> Thread:
    """The conversation with a contact, made if there is none, its row held. Raises InvalidInput, NotFound."""
    by = await _channel(unit, desk, channel)
    known, _ = await _recipient(unit, desk, contact)
    return await _thread(unit, by, known)


async def _channel(unit: Unit, desk: Desk, wanted: ChannelId | None) -> Channel:
    own = await desk.routes.seen_by(unit)
    if wanted is not None:
        for channel in own:
            if channel.id == wanted:
                return channel
        raise InvalidInput(
            "There is no such channel.", [fault("/channel_id", "unknown_channel", "List yours with GET /v1/channels.")]
        )
    if len(own) == 1:
        return own[0]
    sentence = "Name the channel to send by." if own else "Add a channel first: parley channel add whatsapp …"
    raise InvalidInput("No channel was named.", [fault("/channel_id", "missing", sentence)])


async def _recipient(unit: Unit, desk: Desk, to: str | ContactId | Group) -> tuple[ContactId, dict[str, str]]:
    if isinstance(to, Group):
        return await find_or_create(unit, desk.directory, (Identity("group", to.id),)), {"group_id": to.id}
    if not isinstance(to, str):
        contact = await get_contact(unit, desk.directory.people, to)
        return contact.id, address_in(contact.profile)
    number = normalise(to)
    if number is not None:
        return await find_or_create(unit, desk.directory, (Identity("phone", number),)), {"phone": number}
    if _USER_ID.match(to):
        return await find_or_create(unit, desk.directory, (Identity("user_id", to),)), {"user_id": to}
    raise InvalidInput(
        "The recipient is not known.",
        [fault("/to", "bad_recipient", "Write a number like +15550001111, a contact's id, or a user id like US.123.")],
    )


async def _thread(unit: Unit, channel: Channel, contact: ContactId) -> Thread:
    """The conversation with a contact, made if there is none; its row is held."""
    opened, new = await _opened(unit, channel, contact)
    if new and (survivor := await survivor_of(unit, contact)) != contact:
        # An old conversation says itself where it went; a new one must not be made for somebody who is another now.
        await arrivals.take_back(unit, opened.id)
        opened, new = await _opened(unit, channel, survivor)
    if new:
        unit.record(
            ConversationOpened(workspace=opened.workspace, at=now(), conversation=opened.id, contact=opened.contact)
        )
    return opened


async def _opened(unit: Unit, channel: Channel, contact: ContactId) -> tuple[Thread, bool]:
    """The conversation, and whether it was made just now."""
    opening = arrivals.Opening(
        workspace=channel.workspace,
        id=ConversationId(new_uuid()),
        channel=channel.id,
        contact=contact,
        floor="bot",
        inbound_at=None,
        entry_expires_at=None,
        at=now(),
    )
    found = (await arrivals.open_threads(unit, [opening]))[0]
    moved = await threads.lock_thread(unit, found.merged_into) if found.merged_into else None
    opened = moved or found.thread
    return opened, opened.id == opening.id
