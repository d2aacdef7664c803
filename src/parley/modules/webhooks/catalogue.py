"""The public catalogue of facts: their types, what each says, and since which version. Pure."""

import inspect
import re
from functools import cache
from typing import Final

from parley.core.events import recorded_kinds
from parley.core.json import JsonObject, JsonValue
from parley.modules.webhooks.examples import document_of

VERSION: Final = 1
"""Of every type's schema. A member more is no new version; one less or another meaning is."""

ANNOUNCED: Final = {
    "conversation.assigned": "A conversation was given to a person or a team.",
    "ticket.opened": "A ticket was opened.",
    "ticket.closed": "A ticket was closed.",
}
"""Types that endpoints may ask for already; they happen once their part of Parley is there."""

_ID: Final = re.compile(r"([a-z]{3})_[0-9a-f]{32}\Z")
_MOMENTS: Final = frozenset({"timestamp", "created_at", "at"})
_NULLABLE: Final = frozenset({"from", "to", "provider_message_id", "actor"})
_OPTIONAL: Final = frozenset(
    {"text", "message", "code", "contact_id", "conversation_id", "channel_id", "event", "outcome", "data"}
)
"""Members that not every document of a type has: content stands under its own name, a thin body has no message."""


@cache
def sentences() -> dict[str, str]:
    """What each type says, by type."""
    told = {kind: " ".join(inspect.cleandoc(each.__doc__ or "").split()) for kind, each in recorded_kinds().items()}
    return dict(sorted({**ANNOUNCED, **told}.items()))


@cache
def schema_of_type(kind: str) -> JsonObject:
    """The JSON Schema of a type's documents, drawn from its example."""
    schema = _schema(document_of(kind))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/v1/schemas/events/{kind}.json",
        "title": kind,
        "description": sentences()[kind],
        **schema,
        "properties": {**_members(schema), "type": {"const": kind}},
        "examples": [document_of(kind)],
    }


def _members(schema: JsonObject) -> JsonObject:
    found = schema["properties"]
    return found if isinstance(found, dict) else {}


def _schema(example: JsonValue, name: str = "") -> JsonObject:
    """What a value like this one is. Members may be added to every object, and be left out where they are optional."""
    if isinstance(example, dict):
        members: JsonObject = {each: _schema(value, each) for each, value in example.items()}
        required: list[JsonValue] = [each for each in example if each not in _OPTIONAL]
        return {"type": "object", "properties": members, "required": required, "additionalProperties": True}
    if isinstance(example, list):
        return {"type": "array", "items": {"type": "object"}}
    if isinstance(example, bool | int):
        return {"type": "integer"}
    if name in _MOMENTS:
        return {"type": "string", "format": "date-time"}
    found = _ID.match(str(example))
    plain: JsonObject = {"type": "string", "pattern": f"^{found[1]}_[0-9a-f]{{32}}$"} if found else {"type": "string"}
    return {"type": ["string", "null"]} if name in _NULLABLE else plain
