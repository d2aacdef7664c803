"""Wire shapes of facts: the same in the feed and in webhooks."""

from pydantic import ConfigDict, Field, JsonValue

from parley.kit.rest.shapes import EventId, Moment, Shown, WorkspaceId
from parley.modules.webhooks.render.document import Messages, document
from parley.modules.webhooks.store.feed import StoredEvent

_EXAMPLE: JsonValue = {
    "id": "evt_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    "type": "conversation.opened",
    "timestamp": "2026-11-23T15:04:05.123Z",
    "workspace_id": "wks_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    "actor": None,
    "data": {
        "conversation_id": "cnv_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
        "contact_id": "con_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
    },
}


class EventShape(Shown):
    """Something that happened. `data` names what it is about; `message` holds the message of a `message.*` event."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: EventId
    type: str = Field(examples=["message.received"])
    timestamp: Moment
    workspace_id: WorkspaceId
    actor: str | None = Field(
        description="Who did it: an API key (`key_…`), a partner's app (`app_…`) or a person; null when a contact, the "
        "provider or Parley itself did."
    )
    data: dict[str, JsonValue]

    @classmethod
    def of(cls, event: StoredEvent, messages: Messages) -> "EventShape":
        """`messages` are the message objects by id."""
        return cls.model_validate(document(event, messages))
