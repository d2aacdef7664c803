"""What the API says of itself, to anyone: its description and its schemas."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response

from parley.core.errors import NotFound
from parley.core.json import JsonObject
from parley.kit.rest.route import PREFIX
from parley.modules.flows import flow_schema
from parley.modules.webhooks import describe_events, event_schema, event_types

_SCHEMAS: dict[str, Callable[[], JsonObject]] = {"flow": flow_schema}
"""By name; served at /v1/schemas/{name}.json."""
_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_REFERENCE = re.compile(r"#/components/schemas/(\w+)")
_CACHE = {"Cache-Control": "public, max-age=300"}


def add_documents(api: FastAPI) -> None:
    """Serve the documents, which need no key."""
    api.router.add_route(f"{PREFIX}/openapi.json", _openapi, methods=["GET"])
    api.router.add_route(f"{PREFIX}/asyncapi.json", _asyncapi, methods=["GET"])
    api.router.add_route(f"{PREFIX}/schemas/events/{{kind}}.json", _event_schema, methods=["GET"])
    api.router.add_route(f"{PREFIX}/schemas", _index, methods=["GET"])
    api.router.add_route(f"{PREFIX}/schemas/{{name}}.json", _schema, methods=["GET"])


async def _openapi(request: Request) -> Response:
    return Response(msgspec.json.encode(request.app.openapi()), headers=_CACHE, media_type="application/json")


async def _schema(request: Request) -> Response:
    name, api = request.path_params["name"], request.app
    shapes = _names(api.openapi())
    if name in _SCHEMAS:
        content = _written(name)
    elif name in shapes:
        content = msgspec.json.encode(shape_schema(api.openapi(), shapes[name]))
    else:
        raise NotFound("There is no such schema; GET /v1/schemas lists them.")
    return Response(content, headers=_CACHE, media_type="application/schema+json")


async def _index(request: Request) -> Response:
    names = sorted({*_SCHEMAS, *_names(request.app.openapi())})
    told = [{"name": name, "url": f"{PREFIX}/schemas/{name}.json"} for name in names]
    return Response(msgspec.json.encode({"data": told}), headers=_CACHE, media_type="application/json")


def _names(document: dict[str, Any]) -> dict[str, str]:
    """Shapes by the names of their addresses: `message-request` for MessageRequest."""
    return {_EDGE.sub("-", name).lower(): name for name in document["components"]["schemas"]}


def shape_schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    """One shape of the API as a JSON Schema (2020-12) that needs no other document."""
    shapes = document["components"]["schemas"]
    needed, waiting = dict[str, Any](), [name]
    while waiting:
        each = waiting.pop()
        if each not in needed:
            needed[each] = shapes[each]
            waiting += _REFERENCE.findall(msgspec.json.encode(shapes[each]).decode())
    written = msgspec.json.encode({"$ref": f"#/$defs/{name}", "$defs": needed}).decode()
    found: dict[str, Any] = msgspec.json.decode(written.replace("#/components/schemas/", "#/$defs/"))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **found}


async def _asyncapi(_request: Request) -> Response:
    return Response(_events_described(), headers=_CACHE, media_type="application/json")


@cache
def _events_described() -> bytes:
    return msgspec.json.encode(describe_events())


async def _event_schema(request: Request) -> Response:
    kind = request.path_params["kind"]
    if kind not in event_types():
        raise NotFound("There is no such type of event; GET /v1/event-types lists them.")
    content = msgspec.json.encode(event_schema(kind))
    return Response(content, headers=_CACHE, media_type="application/schema+json")


@cache
def _written(name: str) -> bytes:
    return msgspec.json.encode(_SCHEMAS[name]())
