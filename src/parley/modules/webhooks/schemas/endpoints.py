"""Wire shapes of endpoints."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, WithJsonSchema

from parley.core.ids import public
from parley.kit.rest.ids import CHANNEL, reader, schema_of
from parley.kit.rest.shapes import ChannelId, Given, Moment, Shown, WebhookEndpointId
from parley.modules.webhooks.domain import Buffer, Endpoint
from parley.modules.webhooks.service.endpoints import Change, NewEndpoint

EXAMPLE: JsonValue = {
    "url": "https://shop.example/hooks/parley",
    "event_types": ["message.received", "contact.*"],
    "kind": "parley",
    "description": "Orders",
}
MAX_TYPES, MAX_CHANNELS, MAX_TAGS, MAX_HEADERS = 100, 100, 20, 20
MAX_BUFFER_SECONDS, MAX_BUFFER_COUNT, MAX_RATE = 300, 100, 1_000
MAX_OVERLAP_HOURS = 168

_Type = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z_]+\.(\*|[a-z_]+))$", max_length=80)]
_Tag = Annotated[str, StringConstraints(min_length=1, max_length=100)]
_Channel = Annotated[UUID, reader(CHANNEL), WithJsonSchema(schema_of(CHANNEL))]
_Url = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
_Headers = Annotated[dict[str, str], Field(max_length=MAX_HEADERS)]
_Types = Annotated[
    list[_Type],
    Field(
        min_length=1,
        max_length=MAX_TYPES,
        description="Types of events; `message.*` is all of a family, `*` is all.",
        examples=[["message.received"]],
    ),
]
_Body = Annotated[
    Literal["full", "thin"], Field(description="`full` tells contents; `thin` ids only, to be read over the API.")
]
_Ordered = Annotated[
    bool,
    Field(
        description="Tell the events of each conversation one after the other: while one is not taken, those after it "
        "wait. Without it the order is usual, and not promised."
    ),
]
_Rate = Annotated[int, Field(ge=1, le=MAX_RATE, description="Requests a second at most; null is no limit.")]


class BufferShape(Given):
    """Gather events for `seconds`, or until there are `count`, and tell them in one request (`events.batch`)."""

    seconds: int = Field(ge=1, le=MAX_BUFFER_SECONDS)
    count: int = Field(100, ge=2, le=MAX_BUFFER_COUNT)

    def to_domain(self) -> Buffer:
        return Buffer(seconds=self.seconds, count=self.count)


class EndpointRequest(Given):
    """An address that shall be told what happens."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [EXAMPLE]})

    url: _Url = Field(description="https://…; redirects are not followed.")
    event_types: _Types
    kind: Literal["parley", "meta", "cloudevents"] = Field(
        "parley",
        description="`parley`: our own documents. `meta`: the Cloud API's webhooks, after its handshake, with "
        "`X-Hub-Signature-256`. `cloudevents`: CloudEvents 1.0, structured.",
    )
    body: _Body = "full"
    description: str | None = Field(None, max_length=500)
    channel_ids: list[_Channel] = Field([], max_length=MAX_CHANNELS, description="Only what these channels are about.")
    tags: list[_Tag] = Field([], max_length=MAX_TAGS, description="Only contacts that have one of these tags.")
    headers: _Headers = Field({}, description="Sent along with each request; never shown again.")
    ordered: _Ordered = False
    buffer: BufferShape | None = None
    rate_limit: _Rate | None = None
    verify_token: str | None = Field(
        None, min_length=1, max_length=200, description="Of kind `meta`: what its handshake sends as hub.verify_token."
    )

    def to_domain(self) -> NewEndpoint:
        return NewEndpoint(
            url=self.url,
            event_types=tuple(dict.fromkeys(self.event_types)),
            kind=self.kind,
            body=self.body,
            description=self.description,
            channel_ids=tuple(dict.fromkeys(self.channel_ids)),
            tags=tuple(dict.fromkeys(self.tags)),
            headers=self.headers,
            ordered=self.ordered,
            buffer=self.buffer.to_domain() if self.buffer else None,
            rate=self.rate_limit,
            verify_token=self.verify_token,
        )


class EndpointChange(Given):
    """What shall be otherwise; members left out stay. `headers` replaces all of them."""

    url: _Url | None = None
    event_types: _Types | None = None
    body: _Body | None = None
    description: str | None = Field(None, max_length=500)
    channel_ids: list[_Channel] | None = Field(None, max_length=MAX_CHANNELS)
    tags: list[_Tag] | None = Field(None, max_length=MAX_TAGS)
    headers: _Headers | None = None
    ordered: _Ordered | None = None
    buffer: BufferShape | None = Field(None, description="Null: tell each event at once.")
    rate_limit: _Rate | None = None
    verify_token: str | None = Field(None, min_length=1, max_length=200)
    active: bool | None = Field(None, description="False: tell it nothing any more. True: tell it again.")

    def to_domain(self) -> Change:
        cleared = {"buffer": self.buffer, "rate": self.rate_limit, "description": self.description}
        given = {"rate" if name == "rate_limit" else name for name in self.model_fields_set}
        return Change(
            url=self.url,
            event_types=None if self.event_types is None else tuple(dict.fromkeys(self.event_types)),
            body=self.body,
            description=self.description,
            channel_ids=None if self.channel_ids is None else tuple(dict.fromkeys(self.channel_ids)),
            tags=None if self.tags is None else tuple(dict.fromkeys(self.tags)),
            headers=self.headers,
            ordered=self.ordered,
            buffer=self.buffer.to_domain() if self.buffer else None,
            rate=self.rate_limit,
            verify_token=self.verify_token,
            cleared=[name for name, value in cleared.items() if name in given and value is None],
            active=self.active,
        )


class EndpointShape(Shown):
    """An endpoint. Its secret and the values of its headers are not shown again."""

    id: WebhookEndpointId
    url: str
    description: str | None
    kind: Literal["parley", "meta", "cloudevents"]
    state: Literal["active", "verifying", "unverified", "disabled"] = Field(
        description="`verifying`, `unverified`: Meta's handshake is under way, or was not answered rightly."
    )
    reason: str | None = Field(description="Why it is disabled or unverified: gone, failing, switched_off, …")
    event_types: list[str]
    body: Literal["full", "thin"]
    channel_ids: list[ChannelId]
    tags: list[str]
    headers: list[str] = Field(description="Names of the headers sent along.")
    ordered: bool
    buffer: BufferShape | None
    rate_limit: int | None
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, endpoint: Endpoint) -> "EndpointShape":
        return cls.model_validate(_members(endpoint))


class EndpointWithSecretShape(EndpointShape):
    """An endpoint with its secret: keep it now, for it is not shown again."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="])

    @classmethod
    def of(cls, endpoint: Endpoint) -> "EndpointWithSecretShape":
        return cls.model_validate({**_members(endpoint), "secret": endpoint.about.secrets[0].value})


def _members(endpoint: Endpoint) -> dict[str, object]:
    buffer = endpoint.buffer
    return {
        "id": public("whe", endpoint.id),
        "url": endpoint.about.url,
        "description": endpoint.about.description,
        "kind": endpoint.kind,
        "state": endpoint.state,
        "reason": endpoint.reason,
        "event_types": endpoint.event_types,
        "body": endpoint.body,
        "channel_ids": [public("chn", each) for each in endpoint.channel_ids],
        "tags": endpoint.about.tags,
        "headers": sorted(endpoint.about.headers),
        "ordered": endpoint.ordered,
        "buffer": {"seconds": buffer.seconds, "count": buffer.count} if buffer else None,
        "rate_limit": endpoint.rate,
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
    }


class SecretRotation(Given):
    """How a secret is replaced."""

    overlap_hours: int = Field(
        24, ge=0, le=MAX_OVERLAP_HOURS, description="So long the old secret signs too; 0 when it leaked."
    )


class DeletedEndpoint(Shown):
    """It is gone."""

    id: WebhookEndpointId
    deleted: Literal[True] = True
