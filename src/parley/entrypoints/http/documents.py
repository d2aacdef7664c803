"""What the API says of itself, to anyone: its description and its schemas."""

from collections.abc import Callable
from functools import cache

import msgspec
from fastapi import FastAPI, Request, Response

from parley.core.errors import NotFound
from parley.core.json import JsonObject
from parley.kit.rest.route import PREFIX
from parley.modules.flows import flow_schema
from parley.modules.webhooks import describe_events, event_schema, event_types

_SCHEMAS: dict[str, Callable[[], JsonObject]] = {"flow": flow_schema}
"""By name; served at /v1/schemas/{name}.json."""
_CACHE = {"Cache-Control": "public, max-age=300"}


def add_documents(api: FastAPI) -> None:
    """Serve the documents, which need no key."""
    api.router.add_route(f"{PREFIX}/openapi.json", _openapi, methods=["GET"])
    api.router.add_route(f"{PREFIX}/asyncapi.json", _asyncapi, methods=["GET"])
    api.router.add_route(f"{PREFIX}/schemas/events/{{kind}}.json", _event_schema, methods=["GET"])
    api.router.add_route(f"{PREFIX}/schemas/{{name}}.json", _schema, methods=["GET"])


async def _openapi(request: Request) -> Response:
    return Response(msgspec.json.encode(request.app.openapi()), headers=_CACHE, media_type="application/json")


async def _schema(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _SCHEMAS:
        raise NotFound(f"There is no such schema; there are: {', '.join(_SCHEMAS)}.")
    return Response(_written(name), headers=_CACHE, media_type="application/schema+json")


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
