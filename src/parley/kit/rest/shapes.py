"""What the shapes of the API have in common: what is given is strict, what is shown is plain."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic.config import JsonDict

from parley.core.time import rfc3339
from parley.kit.rest import ids


class Given(BaseModel):
    """A body that a caller sends: a member that we don't know is a mistake, and told."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """A body that we answer with."""

    model_config = ConfigDict(frozen=True)


Moment = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-23T15:04:05.123Z"]}),
]
"""RFC 3339, UTC, milliseconds."""

AppId = Annotated[str, WithJsonSchema(ids.schema_of(ids.APP))]
ChannelId = Annotated[str, WithJsonSchema(ids.schema_of(ids.CHANNEL))]
ContactId = Annotated[str, WithJsonSchema(ids.schema_of(ids.CONTACT))]
ConversationId = Annotated[str, WithJsonSchema(ids.schema_of(ids.CONVERSATION))]
EventId = Annotated[str, WithJsonSchema(ids.schema_of(ids.EVENT))]
FlowId = Annotated[str, WithJsonSchema(ids.schema_of(ids.FLOW))]
InstallationId = Annotated[str, WithJsonSchema(ids.schema_of(ids.INSTALLATION))]
KeyId = Annotated[str, WithJsonSchema(ids.schema_of(ids.KEY))]
MediaId = Annotated[str, WithJsonSchema(ids.schema_of(ids.MEDIA))]
MessageId = Annotated[str, WithJsonSchema(ids.schema_of(ids.MESSAGE))]
NoticeId = Annotated[str, WithJsonSchema(ids.schema_of(ids.NOTICE))]
WebhookDeliveryId = Annotated[str, WithJsonSchema(ids.schema_of(ids.WEBHOOK_DELIVERY))]
WebhookEndpointId = Annotated[str, WithJsonSchema(ids.schema_of(ids.WEBHOOK_ENDPOINT))]
SessionId = Annotated[str, WithJsonSchema(ids.schema_of(ids.SESSION))]
TagId = Annotated[str, WithJsonSchema(ids.schema_of(ids.TAG))]
OnboardingId = Annotated[str, WithJsonSchema(ids.schema_of(ids.ONBOARDING))]
TemplateId = Annotated[str, WithJsonSchema(ids.schema_of(ids.TEMPLATE))]
WorkspaceId = Annotated[str, WithJsonSchema(ids.schema_of(ids.WORKSPACE))]


OUR_WORD: JsonDict = {"x-personal": False}
"""In the schema of a text that is a word of the API's: it is told even where texts are masked."""


def is_none(value: object) -> bool:
    """For members that are left out when there is nothing to say."""
    return value is None
