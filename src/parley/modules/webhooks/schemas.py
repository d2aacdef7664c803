"""Wire shapes of facts: the same in the feed and in webhooks."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from pydantic import ConfigDict, Field, JsonValue

from parley.core.ids import public
from parley.kit.rest.shapes import EventId, Moment, Shown, WorkspaceId
from parley.modules.webhooks.store import StoredEvent

_EXAMPLE: JsonValue = {
    "id": "evt_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    "type": "conversation.opened",
    "timestamp": "2026-11-23T15:04:05.123Z",
    "workspace_id": "wks_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    "data": {
        "conversation_id": "cnv_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
        "contact_id": "con_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    },
}
_SUBJECTS = {
    "channel.notice": ("notice_id", "ntc"),
    "channel": ("channel_id", "chn"),
    "template": ("notice_id", "ntc"),
    "call": ("notice_id", "ntc"),
    "flow": ("flow_id", "flw"),
    "media": ("media_id", "med"),
    "api_key": ("api_key_id", "key"),
    "contact": ("merged_contact_id", "con"),
}
"""What `subject` is, by an event's type or else by the first word of it."""


class EventShape(Shown):
    """Something that happened. `data` names what it is about; `message` holds the message of a `message.*` event."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: EventId
    type: str = Field(examples=["message.received"])
    timestamp: Moment
    workspace_id: WorkspaceId
    data: dict[str, JsonValue]

    @classmethod
    def of(cls, event: StoredEvent, messages: Mapping[UUID, Mapping[str, object]]) -> "EventShape":
        """`messages` are the message objects by id."""
        return cls.model_validate(
            {
                "id": public("evt", event.id),
                "type": event.kind,
                "timestamp": event.at,
                "workspace_id": public("wks", event.workspace),
                "data": _data(event, messages),
            }
        )


def _data(event: StoredEvent, messages: Mapping[UUID, Mapping[str, object]]) -> dict[str, object]:
    data = _detail(event.detail)
    pairs = (("conversation_id", "cnv", event.conversation), ("contact_id", "con", event.contact))
    data.update({name: public(prefix, value) for name, prefix, value in pairs if value is not None})
    if event.subject is not None:
        name, prefix = _SUBJECTS.get(event.kind) or _SUBJECTS.get(event.kind.split(".")[0], ("subject_id", "obj"))
        data[name] = public(prefix, event.subject)
    if event.message is not None:
        data["message_id"] = public("msg", event.message)
        if event.kind.startswith("message.") and event.message in messages:
            data["message"] = messages[event.message]
    return data


def _detail(stored: str | None) -> dict[str, object]:
    detail: dict[str, object] = msgspec.json.decode(stored) if stored else {}
    channel = detail.get("channel_id")
    if isinstance(channel, str):
        detail["channel_id"] = public("chn", UUID(channel))
    return detail
