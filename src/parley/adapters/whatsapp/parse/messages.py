"""The `messages` of a value: what people wrote, edited, took back, and who they became."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parley.adapters.whatsapp.parse.change import Change, read_errors, read_party
from parley.adapters.whatsapp.parse.reading import JsonDict, identifier, mapping, moment, phone, text, word
from parley.core.content import MEDIA_KINDS, Content
from parley.modules.channels.inbound import (
    IdentityChanged,
    Inbound,
    InboundMessage,
    MediaFile,
    MessageEdited,
    MessageRevoked,
    Party,
)

BODILESS_KINDS = frozenset({"request_welcome", "media_placeholder"})
"""Kinds that have no object of their own."""
COMMON_MEMBERS = frozenset(
    {"from", "from_user_id", "from_parent_user_id", "from_logical_id", "to", "to_user_id", "to_parent_user_id", "id"}
    | {"timestamp", "type", "group_id", "context", "referral", "errors", "history_context", "identity"}
)
UNTOLD_MEMBERS = ("identity", "history_context", "from_logical_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a message comes from: the person it is exchanged with, and which way it went."""

    party: Party
    origin: Literal["live", "echo", "history", "standby"] = "live"
    outbound: bool = False
    history_status: str | None = None


def read_live_message(change: Change, message: JsonDict) -> Inbound:
    """A message that a person sent now."""
    party = read_party(
        message.get("from"), message.get("from_user_id"), message.get("from_parent_user_id"), change.contacts
    )
    if party is None:
        return change.unknown("a message without a sender", message)
    standby = change.field == "standby"
    return read_message(change, message, Source(party=party, origin="standby" if standby else "live"))


def read_message(change: Change, message: JsonDict, source: Source) -> Inbound:
    """One message, edit, revocation or change of identity."""
    provider_id = identifier(message.get("id"))
    if provider_id is None:
        return change.unknown("a message without an id", message)
    at = moment(message.get("timestamp")) or change.fallback
    kind = message.get("type")
    if kind in ("edit", "revoke"):
        return _correction(change, message, source, at)
    if kind == "system":
        return _system(change, message, source, at)
    content = read_content(message)
    context = message.get("context")
    is_forwarded = isinstance(context, dict) and bool(context.get("forwarded") or context.get("frequently_forwarded"))
    return InboundMessage(
        account=change.account,
        provider_id=provider_id,
        sender=source.party,
        at=at,
        content=content,
        origin=source.origin,
        outbound=source.outbound,
        group_id=identifier(message.get("group_id")),
        media=read_media(content) if content.kind in MEDIA_KINDS else None,
        referral=mapping(message.get("referral")),
        product=mapping(context.get("referred_product")) if isinstance(context, dict) else None,
        forwarded=is_forwarded,
        errors=read_errors(message.get("errors")),
        beside=_beside(message),
        history_status=source.history_status,
    )


def _beside(message: JsonDict) -> JsonDict | None:
    """Members of a message that its content and sender don't tell; None where there are none, as in most."""
    found = {name: message[name] for name in UNTOLD_MEMBERS if name in message}
    context = message.get("context")
    if isinstance(context, dict) and not context.keys() <= {"id"}:
        found["context"] = context
    if "from" in message:
        found |= {name: message[name] for name in ("from_user_id", "from_parent_user_id") if name in message}
    return found or None


def read_content(message: JsonDict) -> Content:
    """What a message says. Without a readable object of its type it is `unsupported` and keeps what is there."""
    kind = _kind(message)
    reply = message.get("context")
    context = identifier(reply.get("id")) if isinstance(reply, dict) else None
    body = message.get(kind)
    if isinstance(body, dict) and kind not in {"unsupported", "unknown"}:
        return Content(kind, body, context)
    if kind == "contacts" and isinstance(body, list):
        return Content(kind, {"contacts": body}, context)
    if kind in BODILESS_KINDS:
        return Content(kind, {}, context)
    rest = {name: member for name, member in message.items() if name not in COMMON_MEMBERS and name != "unsupported"}
    told = mapping(message.get("unsupported")) or {}
    declared = {"type": kind} if kind not in {"unsupported", "unknown", ""} else {}
    return Content("unsupported", {**declared, **rest, **told}, context)


def _kind(message: JsonDict) -> str:
    kind = message.get("type")
    if isinstance(kind, str) and kind not in COMMON_MEMBERS:
        return kind
    # A type left out: the one member that is not common tells it.
    others = [name for name, member in message.items() if name not in COMMON_MEMBERS and isinstance(member, dict)]
    return others[0] if len(others) == 1 and not isinstance(kind, str) else ""


def read_media(content: Content) -> MediaFile | None:
    """The file of a media message; None when it names none."""
    provider_id = identifier(content.body.get("id"))
    if provider_id is None:
        return None
    return MediaFile(
        provider_id=provider_id,
        kind=content.kind,
        content_type=text(content.body.get("mime_type")),
        sha256=text(content.body.get("sha256")),
        url=text(content.body.get("url")),
        filename=text(content.body.get("filename")),
    )


def _correction(change: Change, message: JsonDict, source: Source, at: datetime) -> Inbound:
    kind = word(message.get("type"))
    correction = mapping(message.get(kind or "")) or {}
    provider_id = identifier(message.get("id"))
    original_id = identifier(correction.get("original_message_id"))
    if provider_id is None or original_id is None:
        return change.unknown("an edit or revocation without the original's id", message)
    if kind == "revoke":
        return MessageRevoked(
            account=change.account,
            provider_id=provider_id,
            original_id=original_id,
            sender=source.party,
            at=at,
            outbound=source.outbound,
        )
    edited = mapping(correction.get("message"))
    if edited is None:
        return change.unknown("an edit without the new message", message)
    return MessageEdited(
        account=change.account,
        provider_id=provider_id,
        original_id=original_id,
        sender=source.party,
        at=at,
        content=read_content(edited),
        outbound=source.outbound,
    )


def _system(change: Change, message: JsonDict, source: Source, at: datetime) -> Inbound:
    """`user_changed_number` (older `customer_changed_number`), `user_changed_user_id`; other kinds stay messages."""
    system = mapping(message.get("system")) or {}
    provider_id = identifier(message.get("id")) or ""
    number = phone(system.get("wa_id")) or phone(system.get("new_wa_id"))
    after = Party(
        phone=number,
        user_id=identifier(system.get("user_id")),
        parent_user_id=identifier(system.get("parent_user_id")),
    )
    identity = mapping(message.get("identity"))
    content = Content("system", {**system, **({"identity": identity} if identity else {})})
    before = Party(
        phone=source.party.phone,
        user_id=identifier(system.get("previous_user_id")) or source.party.user_id,
        parent_user_id=identifier(system.get("previous_parent_user_id")) or source.party.parent_user_id,
        username=source.party.username,
        name=source.party.name,
    )
    is_moved = number is not None and number != before.phone
    is_renamed = after.user_id is not None and after.user_id != before.user_id
    if not is_moved and not is_renamed:
        return InboundMessage(
            account=change.account, provider_id=provider_id, sender=source.party, at=at, content=content
        )
    return IdentityChanged(
        account=change.account, provider_id=provider_id, before=before, after=after, at=at, content=content
    )
