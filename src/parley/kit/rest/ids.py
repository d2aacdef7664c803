"""Ids in addresses and queries: `msg_…` outside, UUID inside. One that is none is as unknown as one of another's."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import BeforeValidator, WithJsonSchema

from parley.core.errors import NotFound
from parley.core.ids import parse_public

WEBHOOK_DELIVERY, WEBHOOK_ENDPOINT = "whd", "whe"
CHANNEL, CONTACT, CONVERSATION, EVENT, FLOW, KEY, MEDIA, MESSAGE, NOTICE, REQUEST, TEMPLATE, WORKSPACE = (
    "chn",
    "con",
    "cnv",
    "evt",
    "flw",
    "key",
    "med",
    "msg",
    "ntc",
    "req",
    "tpl",
    "wks",
)

TAG = "tag"
ONBOARDING = "onb"
SEGMENT = "seg"
SESSION = "ses"
IMPORT = "imp"
DOCUMENT = "kdc"

APP, INSTALLATION = "app", "ins"


def read_id(prefix: str, text: str) -> UUID:
    """The id inside a public spelling. Raises NotFound."""
    found = parse_public(prefix, text)
    if found is None:
        raise NotFound(f"There is no such thing in this workspace; an id here looks like {prefix}_ and 32 hex digits.")
    return found


def reader(prefix: str) -> BeforeValidator:
    """For `Annotated`: reads an id of this prefix. Raises NotFound."""

    def read(text: object) -> UUID:
        return read_id(prefix, str(text))

    return BeforeValidator(read)


def schema_of(prefix: str) -> dict[str, object]:
    """The JSON Schema of an id."""
    example = f"{prefix}_0198f3b2c6d07a51b0c3d1e2f3a4b5c6"
    return {"type": "string", "pattern": f"^{prefix}_[0-9a-f]{{32}}$", "examples": [example]}


AppPath = Annotated[UUID, Path(), reader(APP), WithJsonSchema(schema_of(APP))]
ChannelPath = Annotated[UUID, Path(), reader(CHANNEL), WithJsonSchema(schema_of(CHANNEL))]
ContactPath = Annotated[UUID, Path(), reader(CONTACT), WithJsonSchema(schema_of(CONTACT))]
ConversationPath = Annotated[UUID, Path(), reader(CONVERSATION), WithJsonSchema(schema_of(CONVERSATION))]
DocumentPath = Annotated[UUID, Path(), reader(DOCUMENT), WithJsonSchema(schema_of(DOCUMENT))]
InstallationPath = Annotated[UUID, Path(), reader(INSTALLATION), WithJsonSchema(schema_of(INSTALLATION))]
FlowPath = Annotated[UUID, Path(), reader(FLOW), WithJsonSchema(schema_of(FLOW))]
KeyPath = Annotated[UUID, Path(), reader(KEY), WithJsonSchema(schema_of(KEY))]
ImportPath = Annotated[UUID, Path(), reader(IMPORT), WithJsonSchema(schema_of(IMPORT))]
MediaPath = Annotated[UUID, Path(), reader(MEDIA), WithJsonSchema(schema_of(MEDIA))]
MessagePath = Annotated[UUID, Path(), reader(MESSAGE), WithJsonSchema(schema_of(MESSAGE))]
WebhookDeliveryPath = Annotated[UUID, Path(), reader(WEBHOOK_DELIVERY), WithJsonSchema(schema_of(WEBHOOK_DELIVERY))]
WebhookEndpointPath = Annotated[UUID, Path(), reader(WEBHOOK_ENDPOINT), WithJsonSchema(schema_of(WEBHOOK_ENDPOINT))]
SessionPath = Annotated[UUID, Path(), reader(SESSION), WithJsonSchema(schema_of(SESSION))]
SegmentPath = Annotated[UUID, Path(), reader(SEGMENT), WithJsonSchema(schema_of(SEGMENT))]
TagPath = Annotated[UUID, Path(), reader(TAG), WithJsonSchema(schema_of(TAG))]
OnboardingPath = Annotated[UUID, Path(), reader(ONBOARDING), WithJsonSchema(schema_of(ONBOARDING))]
TemplatePath = Annotated[UUID, Path(), reader(TEMPLATE), WithJsonSchema(schema_of(TEMPLATE))]

OfContact = Annotated[
    UUID | None,
    Query(description="Only those of this contact."),
    reader(CONTACT),
    WithJsonSchema(schema_of(CONTACT)),
]
OfFlow = Annotated[
    UUID | None,
    Query(description="Only those of this flow."),
    reader(FLOW),
    WithJsonSchema(schema_of(FLOW)),
]
OfConversation = Annotated[
    UUID | None,
    Query(description="Only those of this conversation."),
    reader(CONVERSATION),
    WithJsonSchema(schema_of(CONVERSATION)),
]
