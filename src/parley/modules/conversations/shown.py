"""A message in the words of the API and of webhooks: plain JSON, read from its rows."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from parley.core.ids import public
from parley.core.time import rfc3339
from parley.kit.unit import Unit
from parley.modules.channels import TEST_KIND, Routes
from parley.modules.conversations.domain import MessageBody
from parley.modules.conversations.service.read import Message, Revision, StatusEntry
from parley.modules.media import Media, media_of_messages
from parley.modules.privacy import People

MEMBERS = frozenset(
    [
        "id",
        "conversation_id",
        "contact_id",
        "channel_id",
        "livemode",
        "direction",
        "origin",
        "type",
        "status",
        "from",
        "to",
        "group_id",
        "created_at",
        "timestamp",
        "provider_message_id",
        "context",
        "forwarded",
        "referral",
        "errors",
        "metadata",
        "media",
        "statuses",
        "revisions",
        "scheduled_for",
    ]
)
"""What every message says of itself; its content stands beside these, under the name of its type."""

Numbers = Mapping[UUID, str]
"""The number of each channel."""


async def show_messages(
    unit: Unit, people: People, routes: Routes, messages: Sequence[Message]
) -> list[dict[str, object]]:
    """The objects of these messages, with the files that came with them."""
    channels = await routes.seen_by(unit)
    numbers: dict[UUID, str] = {each.id: each.access.number for each in channels if each.access.number is not None}
    inbound = [each.row.id for each in messages if not each.row.outbound]
    files = await media_of_messages(unit, people, inbound)
    test = {each.id for each in channels if each.kind == TEST_KIND}
    return [
        {**show_message(each, numbers, files.get(each.row.id)), "livemode": each.row.channel not in test}
        for each in messages
    ]


def show_message(message: Message, numbers: Numbers, file: Media | None = None) -> dict[str, object]:
    """The message object: `text` beside `"type": "text"`, and so on. `file` is what came with it."""
    row, body = message.row, message.body
    ours, theirs = numbers.get(row.channel), _address(body)
    shown: dict[str, object] = {
        "id": public("msg", row.id),
        "conversation_id": public("cnv", row.conversation),
        "contact_id": public("con", row.contact),
        "channel_id": public("chn", row.channel),
        "direction": "outbound" if row.outbound else "inbound",
        "origin": row.origin,
        "type": row.kind,
        "status": message.status,
        "from": ours if row.outbound else theirs,
        "to": theirs if row.outbound else ours,
        "created_at": rfc3339(row.at if row.outbound else row.created_at),
        "timestamp": rfc3339(row.at),
        "provider_message_id": message.provider_id,
        "metadata": body.metadata if body else {},
        "statuses": [_step(each) for each in message.statuses],
        "revisions": [_revision(each) for each in message.revisions],
    }
    if row.scheduled_for is not None:
        shown["scheduled_for"] = rfc3339(row.scheduled_for)
    shown.update(_said_with(body))
    if file is not None:
        shown["media"] = _file(file)
    return {**shown, **_content(body)}


def _address(body: MessageBody | None) -> str | None:
    """Whom it was exchanged with: a number, else a business-scoped user id."""
    party = body.party if body else {}
    return party.get("phone") or party.get("user_id")


def _said_with(body: MessageBody | None) -> dict[str, object]:
    """What only some messages have."""
    if body is None:
        return {}
    found: dict[str, object] = {
        "context": {"message_id": body.context} if body.context else None,
        "group_id": body.group_id,
        "forwarded": body.forwarded or None,
        "referral": body.referral,
        "errors": body.errors or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _content(body: MessageBody | None) -> dict[str, object]:
    """The content under its type; under `content` where a provider's word for the type is one of ours already."""
    if body is None:
        return {}
    value = body.body.get("contacts", []) if body.kind == "contacts" else body.body
    return {"content" if body.kind in MEMBERS else body.kind: value}


def _step(entry: StatusEntry) -> dict[str, object]:
    step: dict[str, object] = {"status": entry.status, "at": rfc3339(entry.at)}
    if entry.errors:
        step["errors"] = entry.errors
    if entry.pricing:
        step["pricing"] = entry.pricing
    return step


def _revision(revision: Revision) -> dict[str, object]:
    edited = revision.body if revision.kind == "edited" else None
    said = {"type": edited.kind, **_content(edited)} if edited else {}
    return {"kind": revision.kind, "at": rfc3339(revision.at), **said}


def _file(file: Media) -> dict[str, object]:
    return {
        "id": public("med", file.id),
        "state": file.state,
        "content_type": file.content_type,
        "filename": file.about.filename,
        "size": file.size,
    }
