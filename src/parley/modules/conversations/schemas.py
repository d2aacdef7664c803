"""Wire shapes of messages and conversations."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, ValidatorFunctionWrapHandler, model_validator
from pydantic_core import InitErrorDetails, ValidationError

from parley.core.content import Content
from parley.core.ids import public
from parley.kit.rest.faults import again, told
from parley.kit.rest.shapes import (
    OUR_WORD,
    ChannelId,
    ContactId,
    ConversationId,
    Given,
    MediaId,
    MessageId,
    Moment,
    Shown,
    is_none,
)
from parley.modules.conversations.domain import WINDOW, Queued, Status, window_open
from parley.modules.conversations.store.threads import ConversationRow

MAX_METADATA = 50
"""Entries of `metadata`; it is for the caller's own keys, not for documents."""

_TEXT = {"channel_id": "chn_0198f3b2c6d07a51b0c3d1e2f3a4b5c6", "to": "+15550001111"}
_CONTENT: dict[str, JsonValue] = {
    "type": ["object", "array"],
    "description": "The content under the name of its type, as in the Cloud API's message object.",
}
EXAMPLES: list[JsonValue] = [
    {**_TEXT, "type": "text", "text": {"body": "Hello"}, "metadata": {"order": "17"}},
    {**_TEXT, "type": "image", "image": {"id": "med_0198f3b2c6d07a51b0c3d1e2f3a4b5c6", "caption": "Your receipt"}},
    {
        "to": "con_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
        "type": "template",
        "category": "marketing",
        "priority": "bulk",
        "template": {"name": "spring_sale", "language": {"code": "en_US"}, "components": []},
    },
]

MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=40)]
MetadataValue = Annotated[str, StringConstraints(max_length=500)]


class ReplyTo(Given):
    """The message that is replied to."""

    message_id: str = Field(
        min_length=1, max_length=512, description="An id of ours (`msg_…`) or the provider's (`wamid.…`)."
    )


class MessageRequest(Given):
    """A message to send.

    Beside these members stands the content, under the name of its type, in the shape of the Cloud API's message object:
    `{"type": "text", "text": {"body": "Hello"}}`.
    """

    model_config = ConfigDict(
        extra="allow", frozen=True, json_schema_extra={"examples": EXAMPLES, "additionalProperties": _CONTENT}
    )

    channel_id: str | None = Field(None, description="May be left out where the workspace has one channel.")
    to: str = Field(
        min_length=1, max_length=160, description="A number (E.164), a contact's id, or a business-scoped user id."
    )
    type: str = Field(min_length=1, max_length=40, description="text, image, …", json_schema_extra=OUR_WORD)
    context: ReplyTo | None = None
    metadata: dict[MetadataKey, MetadataValue] = Field(
        default={}, max_length=MAX_METADATA, description="Your own keys; they come back with the message."
    )
    category: Literal["marketing", "utility", "service"] | None = Field(
        None, description="`marketing` is refused for people who opted out; a marketing template always counts as it."
    )
    priority: Literal["interactive", "bulk"] = Field(
        "interactive", description="`bulk` leaves only when nothing interactive is due on the channel."
    )

    @model_validator(mode="wrap")
    @classmethod
    def _content_is_there(cls, given: object, read: ValidatorFunctionWrapHandler) -> "MessageRequest":
        """Everything wrong at once: what the members' own rules say, and what may stand beside them."""
        found = list(_content_faults(given, set(cls.model_fields))) if isinstance(given, dict) else []
        try:
            request: MessageRequest = read(given)
        except ValidationError as error:
            own = [again(each) for each in error.errors()]
            raise ValidationError.from_exception_data(error.title, [*own, *found]) from None
        if found:
            raise ValidationError.from_exception_data(cls.__name__, found)
        return request

    @property
    def body(self) -> JsonValue:
        """The content under its type."""
        body: JsonValue = (self.__pydantic_extra__ or {})[self.type]
        return body

    def content(self, context: str | None) -> Content:
        """What is to be said, in reply to the provider's message id `context`."""
        body = self.body
        return Content(self.type, body if isinstance(body, dict) else {self.type: body}, context)


def _content_faults(given: dict[str, JsonValue], members: set[str]) -> list[InitErrorDetails]:
    kind = given.get("type")
    wanted = kind if isinstance(kind, str) and kind not in members else None
    found = [
        told("unknown_member", name, "There is no such member; take it out.")
        for name in given
        if name not in members and name != wanted
    ]
    if wanted is None:
        if isinstance(kind, str):
            found.append(told("not_allowed", "type", "There is no such type of message; text is one."))
        return found
    shape, called = (list, "a list") if wanted == "contacts" else (dict, "an object")
    if wanted not in given:
        found.append(told("missing", wanted, f"Say what to send: `{wanted}` is {called}."))
    elif not isinstance(given[wanted], shape):
        found.append(told("wrong_type", wanted, f"This must be {called}."))
    return found


class QueuedMessage(Shown):
    """A message on its way."""

    id: MessageId
    conversation_id: ConversationId
    contact_id: ContactId
    channel_id: ChannelId
    direction: Literal["outbound"] = "outbound"
    type: str
    status: Literal["queued"] = "queued"
    created_at: Moment

    @classmethod
    def of(cls, queued: Queued) -> "QueuedMessage":
        return cls(
            id=public("msg", queued.id),
            conversation_id=public("cnv", queued.thread.id),
            contact_id=public("con", queued.thread.contact),
            channel_id=public("chn", queued.thread.channel),
            type=queued.content.kind,
            created_at=queued.at,
        )


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

    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra={"additionalProperties": _CONTENT})

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
    window: WindowShape
    entry_expires_at: Moment | None = Field(description="End of the free entry point, for who came by an ad.")
    last_message_at: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, row: ConversationRow, now: datetime) -> "ConversationShape":
        heard = row.last_inbound_at
        return cls(
            id=public("cnv", row.id),
            channel_id=public("chn", row.channel),
            contact_id=public("con", row.contact),
            state=row.state,
            floor=row.floor,
            window=WindowShape(open=window_open(heard, now), expires_at=heard + WINDOW if heard else None),
            entry_expires_at=row.entry_expires_at,
            last_message_at=row.last_message_at,
            created_at=row.created_at,
        )
