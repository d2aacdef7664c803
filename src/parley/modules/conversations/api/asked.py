"""What a request to send means here: ids of ours become what they stand for, or there is no such thing."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from parley.core.content import Content
from parley.core.errors import InvalidInput, NotFound, fault
from parley.core.ids import ChannelId, ContactId, MessageId
from parley.core.json import JsonObject, JsonValue
from parley.core.time import now
from parley.kit.rest import ids
from parley.kit.unit import Unit
from parley.modules.channels import Channel
from parley.modules.conversations.domain import FURTHEST, LONGEST
from parley.modules.conversations.schemas import MessageRequest
from parley.modules.conversations.service.read import get_message
from parley.modules.conversations.service.send import Desk, Request
from parley.modules.media import get_media

MAX_FILES = 20
"""Files of ours that one message may name; a carousel has ten cards."""
MAX_DEPTH = 32
"""Nothing that a channel takes is nested deeper."""


async def request_of(unit: Unit, desk: Desk, given: MessageRequest) -> Request:
    """What is to be sent. Raises NotFound for any id that is not this workspace's, InvalidInput."""
    channel = await _channel(unit, desk, given.channel_id)
    check_times(given, now())
    content = await _content(unit, desk, given)
    return Request(
        channel=channel.id if channel is not None and given.channel_id is not None else None,
        to=ContactId(ids.read_id(ids.CONTACT, given.to)) if given.to.startswith("con_") else given.to,
        content=content,
        marketing=given.category == "marketing",
        bulk=given.priority == "bulk",
        metadata=dict(given.metadata),
        send_at=given.send_at,
        expires_at=given.expires_at,
    )


def check_times(given: MessageRequest, moment: datetime) -> None:
    """Raises InvalidInput when the message should leave too far ahead, or end before it can leave."""
    faults = []
    leaves = max(given.send_at or moment, moment)
    if leaves - moment > FURTHEST:
        faults.append(fault("/send_at", "out_of_range", f"Schedule at most {FURTHEST.days} days ahead."))
    if given.expires_at is not None and not leaves < given.expires_at <= leaves + LONGEST:
        sentence = f"Give a time after the message leaves, at most {LONGEST.days} days later."
        faults.append(fault("/expires_at", "out_of_range", sentence))
    if faults:
        raise InvalidInput("The message can't be sent like this.", faults)


async def _channel(unit: Unit, desk: Desk, wanted: str | None) -> Channel | None:
    """The channel named, or the only one; None when several could be meant."""
    own = await desk.routes.seen_by(unit)
    if wanted is None:
        return own[0] if len(own) == 1 else None
    channel = ChannelId(ids.read_id(ids.CHANNEL, wanted))
    found = next((each for each in own if each.id == channel), None)
    if found is None:
        raise NotFound("There is no such channel in this workspace; GET /v1/channels lists yours.")
    return found


async def _content(unit: Unit, desk: Desk, given: MessageRequest) -> Content:
    context = given.context and await _provider_id(unit, desk, given.context.message_id, "/context/message_id")
    content = given.content(context or None)
    for file in _files(content.body):
        await get_media(unit, desk.directory.people, file)
    named = content.body.get("message_id")
    if content.kind in ("reaction", "pin") and isinstance(named, str) and named.startswith("msg_"):
        meant = await _provider_id(unit, desk, named, f"/{content.kind}/message_id")
        return Content(content.kind, {**content.body, "message_id": meant}, content.context)
    return content


async def _provider_id(unit: Unit, desk: Desk, named: str, pointer: str) -> str:
    """The provider's id of a message that may be named by ours."""
    if not named.startswith("msg_"):
        return named
    message = await get_message(unit, desk.directory.people, MessageId(ids.read_id(ids.MESSAGE, named)))
    if message.provider_id is None:
        sentence = "The provider does not have this message yet; wait until it is `sent`."
        raise InvalidInput("The message can't be referred to yet.", [fault(pointer, "not_sent_yet", sentence)])
    return message.provider_id


def _files(body: JsonObject) -> set[UUID]:
    """The files of ours that a content names."""
    named = [ids.read_id(ids.MEDIA, each) for each in _ids(body) if each.startswith("med_")]
    if len(named) > MAX_FILES:
        raise InvalidInput("The message names too many files.", [fault("", "too_many", f"At most {MAX_FILES} files.")])
    return set(named)


def _ids(value: JsonValue, depth: int = 0) -> Iterator[str]:
    """The texts under `id`, wherever they stand."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        named = value.get("id")
        if isinstance(named, str):
            yield named
        for each in value.values():
            yield from _ids(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each, depth + 1)
