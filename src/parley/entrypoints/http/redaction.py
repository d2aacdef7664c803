"""What of a body is a word of the API's, by its own description: all else is told by its length only.

Kept are true, false, null, numbers that no telephone has, ids of ours, and texts whose schema leaves no room for
anybody's words: a constant, one of a list, a time, what is marked `x-personal: false`. Every other text is masked, and
so is everything that is not described at all: what is described later is masked until its schema says otherwise.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec
from fastapi import FastAPI

from parley.core.json import JsonValue
from parley.modules.partners import Exchange

Schema = Mapping[str, Any]

NOT_PERSONAL = "x-personal"
"""As in kit.rest.shapes.OUR_WORD."""
MOST_BODY = 64 * 1024
"""A larger body is told by its size only."""
MAX_DEPTH = 32
_LARGEST_NUMBER = 1_000_000
"""A larger number may be somebody's telephone."""
_BOUND_FORMATS = ("date-time", "date")
_OUR_ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}\Z")
_KINDS = ("anyOf", "oneOf", "allOf")


class ApiWords:
    """The API's description, as far as redaction needs it; made when first asked for."""

    def __init__(self, api: FastAPI) -> None:
        self._api = api

    @cached_property
    def _document(self) -> Schema:
        return self._api.openapi()

    @cached_property
    def _words(self) -> frozenset[str]:
        found: set[str] = set()
        _gather(self._document, found)
        return frozenset(found)

    def words(self) -> frozenset[str]:
        """Every member and parameter that is described."""
        return self._words

    def redacted(self, exchange: Exchange) -> list[JsonValue]:
        """Request and answer."""
        operation = self._document["paths"].get(exchange.route, {}).get(exchange.method.lower(), {})
        asked = _content(operation.get("requestBody", {}))
        answered = _content(operation.get("responses", {}).get(str(exchange.status), {}))
        return [self._shown(exchange.request, asked), self._shown(exchange.response, answered)]

    def _shown(self, body: bytes, schema: Schema) -> JsonValue:
        if not body:
            return None
        if len(body) > MOST_BODY:
            return f"[{len(body)} bytes]"
        try:
            document: JsonValue = msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError):
            return f"[{len(body)} bytes that are not JSON]"
        return self._masked(document, [schema], 0)

    def _masked(self, value: JsonValue, schemas: list[Schema], depth: int) -> JsonValue:
        if value is None or isinstance(value, bool):
            return value
        if depth > MAX_DEPTH:
            return "[nested too deeply]"
        bound = [each for schema in schemas for each in self._alternatives(schema)]
        match value:
            case dict():
                return {
                    name if name in self._words else f"[{len(name)} characters]": self._masked(
                        member, [s["properties"][name] for s in bound if name in s.get("properties", {})], depth + 1
                    )
                    for name, member in value.items()
                }
            case list():
                items = [s["items"] for s in bound if isinstance(s.get("items"), Mapping)]
                return [self._masked(each, items, depth + 1) for each in value]
            case str():
                told = _OUR_ID.match(value) or any(_leaves_no_room(schema, value) for schema in bound)
                return value if told else f"[{len(value)} characters]"
            case int() | float() if abs(value) < _LARGEST_NUMBER:
                return value
        return "[a number]"

    def _alternatives(self, schema: Schema) -> list[Schema]:
        """What a schema stands for: references followed, alternatives laid side by side."""
        name = schema.get("$ref")
        if isinstance(name, str):
            schema = self._document["components"]["schemas"][name.rpartition("/")[2]]
        others = [each for kind in _KINDS for each in schema.get(kind, ())]
        return [schema, *(found for each in others for found in self._alternatives(each))]


def _leaves_no_room(schema: Schema, value: str) -> bool:
    """Whether a text that is valid here can hold nobody's words."""
    listed = value in schema.get("enum", ()) or schema.get("const") == value
    return listed or schema.get("format") in _BOUND_FORMATS or schema.get(NOT_PERSONAL) is False


def _content(described: Schema) -> Schema:
    kinds = described.get("content", {})
    schema: Schema = kinds.get("application/json", {}).get("schema", {})
    return schema


def _gather(schema: object, found: set[str]) -> None:
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            found.update(properties)
        if "in" in schema and isinstance(schema.get("name"), str):
            found.add(schema["name"])
        for example in schema.get("examples", ()):
            _members(example, found)
        for each in schema.values():
            _gather(each, found)
    elif isinstance(schema, list):
        for each in schema:
            _gather(each, found)


def _members(example: object, found: set[str]) -> None:
    """An example's members are the API's too."""
    if isinstance(example, Mapping):
        found.update(example)
        for each in example.values():
            _members(each, found)
    elif isinstance(example, list):
        for each in example:
            _members(each, found)
