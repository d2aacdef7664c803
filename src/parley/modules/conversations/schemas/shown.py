"""Wire shapes of messages and conversations as they are shown."""

from datetime import datetime
from typing import Literal

from pydantic import (
    ConfigDict,
    Field,
    JsonValue,
)

from parley.core.ids import public
from parley.kit.rest.shapes import (
    ChannelId,
    ContactId,
    ConversationId,
    MediaId,
    MessageId,
    Moment,
    Shown,
    is_none,
)
from parley.modules.conversations.domain import WINDOW, Status, window_open
from parley.modules.conversations.store.threads import ConversationRow

CONTENT: dict[str, JsonValue] = {
    "type": ["object", "array"],
    "description": "The content under the name of its type, as in the Cloud API's message object.",
}


class StatusShape(Shown):
    """A step of a message's history."""

    status: str = Field(description=f"One of {', '.join(dict.fromkeys(each.public for each in Status))}.")
    at: Moment
    errors: list[dict[str, JsonValue]] | None = Field(
        None, exclude_if=is_none, description="Why it failed: code, title, detail, doc_url."
    )
    pricing: dict[str, JsonValue] | None = Field(None, exclude_if=is_none)


class RevisionShape(Shown):
    """A later word about a message; an edit carries the new content under its type."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: Literal["edited", "revoked"]
    at: Moment
    type: str | None = Field(None, exclude_if=is_none)


class FileShape(Shown):
    """The file that came with a message; GET /v1/media/{id}/content gives its bytes once it is `stored`."""

    id: MediaId
    state: Literal["fetching", "stored", "failed"]
    content_type: str
    filename: str | None
    size: int | None


class MessageShape(Shown):
    """A message. Its content stands beside these members, under the name of its type."""

    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra={"additionalProperties": CONTENT})

    id: MessageId
    conversation_id: ConversationId
    contact_id: ContactId
    channel_id: ChannelId
    livemode: bool = Field(description="false on the test channel.")
    direction: Literal["inbound", "outbound"]
    origin: str = Field(description="What it came by: live, echo, history, standby; bot, api, agent, campaign.")
    type: str
    status: str
    sender: str | None = Field(alias="from", description="A number, or a business-scoped user id.")
    to: str | None
    created_at: Moment = Field(description="When it came to be here.")
    timestamp: Moment = Field(description="When it was said; of what came in, by the provider's clock.")
    provider_message_id: str | None
    scheduled_for: Moment | None = Field(None, exclude_if=is_none, description="When it leaves, while it waits for it.")
    metadata: dict[str, str]
    statuses: list[StatusShape]
    revisions: list[RevisionShape]
    context: dict[str, str] | None = Field(None, exclude_if=is_none, description="The message replied to.")
    group_id: str | None = Field(None, exclude_if=is_none)
    forwarded: bool | None = Field(None, exclude_if=is_none)
    referral: dict[str, JsonValue] | None = Field(None, exclude_if=is_none, description="The ad it came from.")
    errors: list[dict[str, JsonValue]] | None = Field(None, exclude_if=is_none)
    media: FileShape | None = Field(None, exclude_if=is_none)


class WindowShape(Shown):
    """The customer service window: while it is open, anything may be said; else only templates."""

    open: bool | None = Field(description="Null: this person never wrote here, so only the provider knows.")
    expires_at: Moment | None


class ConversationShape(Shown):
    """One person on one channel."""

    id: ConversationId
    channel_id: ChannelId
    contact_id: ContactId
    state: str = Field(examples=["open"])
    floor: str = Field(description="Who speaks here: bot, person or nobody.")
    floor_by: str | None = Field(description="Who took it: flow, phone, a key or a member. Null: as it was opened.")
    floor_expires_at: Moment | None = Field(description="When the bot speaks again. Null: when it is given back.")
    window: WindowShape
    entry_expires_at: Moment | None = Field(description="End of the free entry point, for who came by an ad.")
    last_message_at: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, row: ConversationRow, now: datetime) -> "ConversationShape":
        heard, held = row.last_inbound_at, row.floor_until is None or row.floor_until > now
        return cls(
            id=public("cnv", row.id),
            channel_id=public("chn", row.channel),
            contact_id=public("con", row.contact),
            state=row.state,
            floor=row.floor if held else "bot",
            floor_by=row.floor_by if held else None,
            floor_expires_at=row.floor_until if held else None,
            window=WindowShape(open=window_open(heard, now), expires_at=heard + WINDOW if heard else None),
            entry_expires_at=row.entry_expires_at,
            last_message_at=row.last_message_at,
            created_at=row.created_at,
        )
