"""A fact as a document: the same in the feed and in webhooks."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from parley.core.ids import public
from parley.core.time import rfc3339
from parley.modules.webhooks.store.feed import StoredEvent

Messages = Mapping[UUID, Mapping[str, object]]
"""Message objects by the message's id, and what flows told by the event's."""

_SUBJECTS = {
    "channel.notice": ("notice_id", "ntc"),
    "channel": ("channel_id", "chn"),
    "template": ("template_id", "tpl"),
    "call": ("notice_id", "ntc"),
    "flow": ("flow_id", "flw"),
    "knowledge": ("document_id", "kdc"),
    "media": ("media_id", "med"),
    "api_key": ("api_key_id", "key"),
    "contact": ("merged_contact_id", "con"),
    "webhook_endpoint": ("endpoint_id", "whe"),
    "webhook_delivery": ("endpoint_id", "whe"),
}
"""What `subject` is, by an event's type or else by the first word of it."""
_IDS = {"channel_id": "chn", "delivery_id": "whd"}
"""Ids in `detail`, stored as they are inside."""


def document(event: StoredEvent, messages: Messages) -> dict[str, object]:
    """The whole of it: `data` names what it is about, and holds the message of a `message.*` event."""
    return {
        "id": public("evt", event.id),
        "type": event.kind,
        "timestamp": rfc3339(event.at),
        "workspace_id": public("wks", event.workspace),
        "actor": event.actor,
        "data": data(event, messages),
    }


def data(event: StoredEvent, messages: Messages) -> dict[str, object]:
    """What a fact is about."""
    told = _detail(event.detail)
    pairs = (("conversation_id", "cnv", event.conversation), ("contact_id", "con", event.contact))
    told.update({name: public(prefix, value) for name, prefix, value in pairs if value is not None})
    if event.subject is not None:
        name, prefix = _SUBJECTS.get(event.kind) or _SUBJECTS.get(event.kind.split(".")[0], ("subject_id", "obj"))
        told[name] = public(prefix, event.subject)
    if event.message is not None:
        told["message_id"] = public("msg", event.message)
        if event.kind.startswith("message.") and event.message in messages:
            told["message"] = messages[event.message]
    if event.id in messages:
        told["data"] = messages[event.id]
    return told


def _detail(stored: str | None) -> dict[str, object]:
    detail: dict[str, object] = msgspec.json.decode(stored) if stored else {}
    for name, prefix in _IDS.items():
        value = detail.get(name)
        if isinstance(value, str):
            detail[name] = public(prefix, UUID(value))
    return detail
