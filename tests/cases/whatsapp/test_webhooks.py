"""What Meta had posted comes out again as it went in: parsed, kept, and told to an endpoint of kind `meta`."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from parley.adapters.whatsapp.parse import parse
from parley.adapters.whatsapp.webhooks import payload as told
from parley.core.ids import ChannelId, ContactId, ConversationId, MessageId, WorkspaceId
from parley.modules.channels import Channel
from parley.modules.channels.domain import ChannelAccess
from parley.modules.channels.inbound import (
    IdentityChanged,
    Inbound,
    InboundMessage,
    MessageEdited,
    MessageRevoked,
    Party,
    StatusChange,
)
from parley.modules.contacts import Profile
from parley.modules.contacts.domain import updated
from parley.modules.conversations import Message, MessageBody, Revision, StatusEntry
from parley.modules.conversations.service.parties import address_of, sighting_of
from parley.modules.conversations.service.receive import body_of
from parley.modules.conversations.service.revise import words_of
from parley.modules.conversations.store.threads import MessageRow
from parley.modules.webhooks import Telling
from tests.cases.whatsapp.samples import needs_payloads, payload, payloads

pytestmark = needs_payloads

Json = Any
NOBODY = UUID(int=1)
WORKSPACE = WorkspaceId(NOBODY)
AT = datetime(2026, 11, 23, tzinfo=UTC)
LEFT_OUT = {"conversation", "type", "recipient_parent_user_id"}
"""Of a status: what Meta told of the conversation is not kept, and is told no more by Meta itself since 2025."""
PLACEHOLDERS = {
    "<WEBHOOK_TRIGGER_TIMESTAMP>": "1750000000",
    "<BUSINESS_DISPLAY_PHONE_NUMBER>": "15550783881",
    "<WHATSAPP_USER_PHONE_NUMBER>": "16505551234",
    "<GROUP_PARTICIPANT_PHONE_NUMBER>": "16505551234",
}


def sample(name: str) -> bytes:
    """A sample whose placeholders are such as Meta sends in their places."""
    found = payload(name).decode()
    for placeholder, value in PLACEHOLDERS.items():
        found = found.replace(placeholder, value)
    return found.encode()


def channel_of(body: Json) -> Channel:
    [entry] = body["entry"]
    metadata = entry["changes"][0]["value"].get("metadata", {})
    access = ChannelAccess(
        number_id=metadata.get("phone_number_id", "1"),
        account_id=entry["id"],
        number=metadata.get("display_phone_number"),
        token="",
    )
    return Channel(
        id=ChannelId(NOBODY),
        workspace=WORKSPACE,
        kind="whatsapp",
        access=access,
        rate=1,
        state="active",
        state_code=None,
        paused_until=None,
        created_at=AT,
    )


def message_of(body: MessageBody, provider_id: str, *, outbound: bool, at: datetime) -> Message:
    row = MessageRow(
        workspace=WORKSPACE,
        id=MessageId(NOBODY),
        conversation=ConversationId(NOBODY),
        contact=ContactId(NOBODY),
        channel=ChannelId(NOBODY),
        outbound=outbound,
        origin="live",
        kind=body.kind,
        status=5,
        at=at,
        created_at=at,
        body=b"",
        provider_id=None,
        sending=False,
        stands_in=False,
        scheduled_for=None,
    )
    return Message(row, body, provider_id, [], [])


def profile_of(party: Party) -> Profile:
    sighting = sighting_of(WORKSPACE, party)
    return updated(Profile(), party.name, sighting.identities if sighting else ())


def telling_of(fact: Inbound, channel: Channel) -> Telling:
    """What a fact becomes once it is kept."""
    match fact:
        case InboundMessage():
            message = message_of(body_of(fact), fact.provider_id, outbound=fact.outbound, at=fact.at)
            kind = "message.echoed" if fact.outbound else "message.received"
            return Telling(kind=kind, at=fact.at, channel=channel, message=message, profile=profile_of(fact.sender))
        case IdentityChanged():
            body = MessageBody(kind="system", body=dict(fact.content.body), party=address_of(fact.before))
            message = message_of(body, fact.provider_id, outbound=False, at=fact.at)
            return Telling(kind="message.received", at=fact.at, channel=channel, message=message)
        case MessageEdited() | MessageRevoked():
            edited = isinstance(fact, MessageEdited)
            body = MessageBody(kind="text", body={}, party=address_of(fact.sender))
            message = message_of(body, fact.original_id, outbound=False, at=fact.at)
            message.revisions.append(Revision("edited" if edited else "revoked", fact.at, words_of(fact)))
            kind = "message.edited" if edited else "message.revoked"
            return Telling(kind=kind, at=fact.at, channel=channel, message=message, profile=profile_of(fact.sender))
        case StatusChange():
            callback = fact.callback_data
            party = address_of(fact.recipient, fact.group_id)
            message = message_of(
                MessageBody(kind="text", body={}, party=party, callback=callback),
                fact.provider_id,
                outbound=True,
                at=AT,
            )
            errors = [msgspec.to_builtins(each) for each in fact.errors]
            pricing: dict[str, object] | None = dict(fact.pricing) if fact.pricing else None
            message.statuses.append(StatusEntry(fact.status, fact.at, errors, pricing))
            return Telling(
                kind=f"message.{fact.status}",
                at=fact.at,
                channel=channel,
                message=message,
                profile=profile_of(fact.recipient),
            )
    raise AssertionError(f"{type(fact).__name__} is not told again")


def plain(value: Json, name: str = "") -> Json:
    """A payload without what may differ: how a number is spelled, what is empty."""
    if isinstance(value, dict):
        return {key: plain(each, key) for key, each in sorted(value.items()) if each is not None}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if name == "display_phone_number":
        return re.sub(r"\D", "", str(value))
    return str(value) if name == "timestamp" else value


def flat(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from flat(each, f"{path}/{name}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from flat(each, f"{path}/{index}")
    else:
        yield path, value


def lines(body: Json) -> dict[str, Json]:
    return dict(flat(plain(body)))


@pytest.mark.parametrize("name", [*payloads("inbound"), "other/smb_message_echo.json"])
def test_a_message_is_told_as_meta_told_it(name: str) -> None:
    sent = json.loads(sample(name))
    [fact] = parse(sample(name), AT)
    assert lines(told([telling_of(fact, channel_of(sent))])) == lines(sent)


@pytest.mark.parametrize("name", [each for each in payloads("status") if "call" not in each])
def test_a_status_is_told_as_meta_told_it(name: str) -> None:
    sent = json.loads(sample(name))
    [fact] = parse(sample(name), AT)
    here = lines(told([telling_of(fact, channel_of(sent))]))
    wanted = {path: each for path, each in lines(sent).items() if not LEFT_OUT & set(path.split("/"))}
    where = "/entry/0/changes/0/value/statuses"
    assert {p: each for p, each in here.items() if p.startswith(where) and p in wanted} == {
        p: each for p, each in wanted.items() if p.startswith(where)
    }
