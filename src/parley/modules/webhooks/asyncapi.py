"""The description of webhooks for machines: AsyncAPI 3. Pure."""

from functools import cache
from typing import Final

from parley import __version__
from parley.core.json import JsonObject
from parley.modules.webhooks.catalogue import schema_of_type, sentences
from parley.modules.webhooks.examples import document_of

_DESCRIPTION: Final = (
    "Each event is one POST to your endpoint, signed by Standard Webhooks. Any 2xx within 15 seconds counts as taken; "
    "`webhook-id` is the same at every attempt."
)
_HEADERS: Final[JsonObject] = {
    "type": "object",
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
    "properties": {
        "webhook-id": {"type": "string", "description": "The event's id; the same at every attempt."},
        "webhook-timestamp": {"type": "string", "description": "Unix seconds of this attempt."},
        "webhook-signature": {"type": "string", "description": "`v1,` and base64, one for each valid secret."},
    },
}


@cache
def describe_events() -> JsonObject:
    """The whole document."""
    messages: JsonObject = {_key(kind): _message(kind) for kind in sentences()}
    named: JsonObject = {key: {"$ref": f"#/components/messages/{key}"} for key in messages}
    channel: JsonObject = {
        "address": "/",
        "title": "Your endpoint",
        "description": "The address that you gave; see `POST /v1/webhook-endpoints`.",
        "messages": named,
    }
    tell: JsonObject = {
        "action": "send",
        "summary": "An event is told.",
        "channel": {"$ref": "#/channels/endpoint"},
        "messages": [{"$ref": f"#/channels/endpoint/messages/{key}"} for key in messages],
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Parley events", "version": __version__, "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "channels": {"endpoint": channel},
        "operations": {"tell": tell},
        "components": {"messages": messages},
    }


def _message(kind: str) -> JsonObject:
    schema = {name: value for name, value in schema_of_type(kind).items() if name not in ("$schema", "$id")}
    return {
        "name": kind,
        "title": kind,
        "summary": sentences()[kind],
        "headers": _HEADERS,
        "payload": schema,
        "examples": [{"payload": document_of(kind)}],
    }


def _key(kind: str) -> str:
    return kind.replace(".", "_")
