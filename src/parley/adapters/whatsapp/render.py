"""Our messages in Meta's JSON. Pure."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from parley.core import ids
from parley.core.content import KINDS, MEDIA_KINDS, Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.channels.inbound import Party
from parley.modules.channels.ports import Marketing, Outgoing

OWN_MEDIA: Final = "med_"
"""Prefix of the ids of our own files, which Meta does not know."""

_USER_ID = re.compile(r"[A-Z]{2}\.")
_encoder = msgspec.json.Encoder()


def encode(message: JsonObject) -> bytes:
    """The JSON bytes of a message object."""
    return _encoder.encode(message)


def render(message: Outgoing) -> dict[str, JsonValue]:
    """The object for `POST /{phone}/messages`. Our own id travels in `biz_opaque_callback_data`."""
    content = message.content
    rendered: dict[str, JsonValue] = {"messaging_product": "whatsapp", **_recipient(message)}
    if content.context is not None and content.kind != "reaction":
        rendered["context"] = {"message_id": content.context}
    rendered["type"] = content.kind
    body = content.body.get("contacts") if content.kind == "contacts" else content.body
    rendered[content.kind] = _with_files(body, message) if content.kind in _CARRIERS else body
    rendered["biz_opaque_callback_data"] = ids.public("msg", message.message_id)
    return rendered


def marketing(message: Outgoing, way: Marketing) -> dict[str, JsonValue]:
    """The object for `POST /{phone}/marketing_messages`: a marketing template with Meta's delivery policy."""
    shared = {} if way.share_activity is None else {"message_activity_sharing": way.share_activity}
    return {**render(message), "product_policy": way.policy, **shared}


def mark_read(provider_id: str, *, typing: bool = False) -> dict[str, JsonValue]:
    """Mark a message and those before it as read; `typing` shows the three dots until we send, at most 25 s."""
    body: dict[str, JsonValue] = {"messaging_product": "whatsapp", "status": "read", "message_id": provider_id}
    if typing:
        body["typing_indicator"] = {"type": "text"}
    return body


def content_of(message: JsonObject) -> Content | None:
    """The content in a message object of the API, whose `type` may be left out; None when there is none.

    The contacts of a `contacts` message are kept as `{"contacts": [...]}`.
    """
    kind = message.get("type") or next((known for known in KINDS if known in message), None)
    if not isinstance(kind, str):
        return None
    context = message.get("context")
    reply = context.get("message_id") if isinstance(context, Mapping) else None
    reply = reply if isinstance(reply, str) else None
    body = message.get(kind)
    if kind == "contacts" and isinstance(body, list | tuple):
        return Content(kind, {"contacts": body}, reply)
    return Content(kind, body, reply) if isinstance(body, Mapping) else None


def own_files(value: JsonValue) -> frozenset[str]:
    """The ids of our own files (`med_…`) anywhere in a content."""
    if isinstance(value, Mapping):
        here = (
            media["id"]
            for kind, media in value.items()
            if kind in MEDIA_KINDS and isinstance(media, Mapping) and _is_own(media.get("id"))
        )
        deeper = (own_files(member) for member in value.values() if isinstance(member, Mapping | list | tuple))
        return frozenset(id for id in here if isinstance(id, str)).union(*deeper)
    if isinstance(value, list | tuple):
        return frozenset().union(*(own_files(member) for member in value))
    return frozenset()


_CARRIERS: Final = MEDIA_KINDS | {"interactive", "template"}


def _recipient(message: Outgoing) -> dict[str, JsonValue]:
    if message.group_id is not None:
        return {"recipient_type": "group", "to": message.group_id}
    return {"recipient_type": "individual", **_person(message.to)}


def _person(to: Party) -> dict[str, JsonValue]:
    """Numbers go to `to` with their `+` (Meta may prepend the business's country without), user ids to `recipient`."""
    if to.phone is not None:
        return {"to": to.phone}
    if to.user_id is not None and _USER_ID.match(to.user_id):
        return {"recipient": to.user_id}
    # Some senders are known only by an odd text in the number's place; they are written to in the same place.
    return {"to": to.user_id or ""}


def _with_files(body: JsonValue, message: Outgoing) -> JsonValue:
    if not message.provider_media_id and not message.provider_media_ids:
        return body
    return _replaced({message.content.kind: body}, message)[message.content.kind]


def _replaced(body: Mapping[str, JsonValue], message: Outgoing) -> dict[str, JsonValue]:
    return {name: _replaced_member(name, member, message) for name, member in body.items()}


def _replaced_member(name: str, member: JsonValue, message: Outgoing) -> JsonValue:
    if isinstance(member, list | tuple):
        return [_replaced_member("", item, message) for item in member]
    if not isinstance(member, Mapping):
        return member
    own = member.get("id")
    if name in MEDIA_KINDS and isinstance(own, str) and _is_own(own):
        known = message.provider_media_ids.get(own) or message.provider_media_id
        return {**member, "id": known or own}
    return _replaced(member, message)


def _is_own(value: JsonValue) -> bool:
    return isinstance(value, str) and value.startswith(OWN_MEDIA)
