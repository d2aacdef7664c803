"""Wire shapes of the catalogue, and of the signature checker."""

from pydantic import Field, JsonValue

from parley.kit.rest.shapes import Given, Shown


class EventTypeShape(Shown):
    """A type of event."""

    type: str = Field(examples=["message.received"])
    description: str
    version: int = Field(description="Of its schema. New members are no new version.")
    schema_url: str = Field(examples=["/v1/schemas/events/message.received.json"])
    example: JsonValue = Field(description="A whole document.")


class EventTypeWithSchemaShape(EventTypeShape):
    """A type of event, and the JSON Schema of its documents."""

    json_schema: dict[str, JsonValue]


class SignatureRequest(Given):
    """A request as your program received it."""

    secret: str = Field(max_length=200, description="The endpoint's secret, whsec_…")
    body: str = Field(max_length=256_000, description="The body exactly as it came, before it was parsed.")
    headers: dict[str, str] = Field(
        max_length=100, examples=[{"webhook-id": "evt_…", "webhook-timestamp": "1795446245"}]
    )


class FindingShape(Shown):
    """What was looked at."""

    part: str = Field(description="secret, headers, timestamp, signature")
    ok: bool
    detail: str = Field(description="What is wrong with it and what to do, or that it is right.")


class SignatureShape(Shown):
    """Whether the signature is valid, and which part of the request is not right."""

    valid: bool
    findings: list[FindingShape]
