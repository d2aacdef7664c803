"""Wire shapes of sending: what is asked for, and what is answered."""

from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    model_validator,
)
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
    MessageId,
    Moment,
    Shown,
    is_none,
)
from parley.modules.conversations.domain import Queued
from parley.modules.conversations.schemas.shown import CONTENT

MAX_METADATA = 50
"""Entries of `metadata`; it is for the caller's own keys, not for documents."""

MAX_BATCH = 100
"""Messages of one request: its unit holds their conversations until the last is queued."""

_TEXT = {"channel_id": "chn_0198f3b2c6d07a51b0c3d1e2f3a4b5c6", "to": "+15550001111"}
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
        extra="allow", frozen=True, json_schema_extra={"examples": EXAMPLES, "additionalProperties": CONTENT}
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
    send_at: AwareDatetime | None = Field(
        None, description="When it is to leave, at most 90 days ahead; what may be said then is judged then."
    )
    expires_at: AwareDatetime | None = Field(
        None, description="It fails when it could not leave by then. A day after its time, unless said otherwise."
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


class BatchRequest(Given):
    """Up to a hundred messages."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"messages": [EXAMPLES[0]]}]})

    messages: list[MessageRequest] = Field(min_length=1, max_length=MAX_BATCH)


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
    scheduled_for: Moment | None = Field(None, exclude_if=is_none, description="When it leaves, if not now.")

    @classmethod
    def of(cls, queued: Queued) -> "QueuedMessage":
        return cls(
            id=public("msg", queued.id),
            conversation_id=public("cnv", queued.thread.id),
            contact_id=public("con", queued.thread.contact),
            channel_id=public("chn", queued.thread.channel),
            type=queued.content.kind,
            created_at=queued.at,
            scheduled_for=queued.scheduled_for,
        )


class BatchError(Shown):
    """Why one message of a batch was not taken."""

    code: str
    detail: str
    errors: list[dict[str, str]] = Field(description="Each fault with a JSON Pointer into that message.")


class BatchItem(Shown):
    """What became of one message of a batch: it has a `message`, or an `error`."""

    status: int = Field(description="202, or the status that the message alone would have been answered with.")
    message: QueuedMessage | None = Field(default=None, exclude_if=is_none)
    error: BatchError | None = Field(default=None, exclude_if=is_none)


class BatchResult(Shown):
    """The results, in the order of the messages."""

    data: list[BatchItem]
