"""The description of the API (OpenAPI 3.1), made from the routes and shapes, with what holds for all of them added."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from parley import __version__
from parley.entrypoints.http.problem_schema import PROBLEM
from parley.entrypoints.http.problems import MEDIA_TYPE
from parley.kit.rest.route import EdgeRoute
from parley.modules.webhooks import event_schema, event_types

Document = dict[str, Any]

_REFERENCE = "#/components/schemas/"

TITLE = "Parley"
DESCRIPTION = """
Send and read messages, and keep what belongs to them.

**Keys.** `Authorization: Bearer parley_live_…`. Each operation needs the scope it names. In a key's last two weeks
each answer says in `Parley-Key-Expires` when it ends.

**Ids** are texts with a prefix. One that is not of your workspace is answered like one that is nowhere: 404.

**Errors** are `application/problem+json` (RFC 9457). `code` is stable, and `errors` points at each fault.

**Versions.** `Parley-Version: 2026-11-23` asks for the API as it was then; a key that names none is served in the
version of its first request. Each answer says which. What will end is said by `Deprecation` and `Sunset` headers.

**Lists** come newest first, in pages: give `next_cursor` as `after`.

**Repeating.** Give each POST an `Idempotency-Key`. Repeated within a day, it does its work once and gets the first
answer again, with `Idempotent-Replayed: true`. While the first is being worked on, a repeat waits two seconds for its
answer and is then told 409, `idempotency_key_in_use`: come again. With another body, a key is refused: 422. Errors are
not kept, so a request may be mended and sent again.

**Expanding.** `?expand[]=contact` puts what an answer names by `contact_id` into it whole, under `contact`; so with
`conversation`, `channel`, `message`, `flow` and `endpoint`. The key needs their scopes too.

**Rates.** Requests are counted by key and workspace, messages by number too. `RateLimit` tells what is left; a 429
tells in `Retry-After` when to come again, and in `violated-policies` of what there was too much. `queue_full` says that
more messages wait for a number than it sends in ten minutes. `GET /v1/api-settings` shows the limits.
"""
TAGS: tuple[tuple[str, str], ...] = (
    ("messages", "What was said, in and out."),
    ("conversations", "One person on one channel."),
    ("contacts", "People, and what they consented to."),
    ("segments", "Questions about contacts, kept under a name."),
    ("sessions", "Conversations of bots, step by step; interrupted, resumed, begun anew."),
    ("channels", "Configured numbers."),
    ("media", "Files."),
    ("templates", "Texts that the provider has approved, for those who did not write lately."),
    ("flows", "Bots."),
    ("knowledge", "Documents that answers are drawn from."),
    ("processors", "Services of others that may work on the workspace's data, each off until it is switched on."),
    ("events", "What happened."),
    ("api-logs", "Requests to this API."),
    ("api-settings", "Limits of this API's use, and how long its logs are kept."),
    ("api-keys", "With which programs act for the workspace."),
    ("scopes", "What a key may be allowed."),
    ("oauth-apps", "Apps that other workspaces may let act for them."),
    ("oauth-installations", "Apps that may act for this workspace."),
    ("webhook-endpoints", "Addresses that are told what happens."),
    ("webhook-deliveries", "What they were told, and what they answered."),
    ("event-types", "What can happen."),
)

_HEADERS: Document = {
    "Request-Id": ("The id of this request, for support and logs.", "req_0198f3b2c6d07a51b0c3d1e2f3a4b5c6"),
    "RateLimit-Policy": (
        "Your quotas: so many requests in so many seconds.",
        '"key";q=800;w=2, "workspace";q=1600;w=2',
    ),
    "RateLimit": (
        "What is left of each, and when all of it is there again.",
        '"key";r=799;t=1, "workspace";r=1599;t=1',
    ),
    "Parley-Version": ("The version of the API that this answer is in.", "2026-11-23"),
    "Retry-After": ("Seconds to wait.", "1"),
    "Idempotent-Replayed": ("`true` when this is the first answer again.", "true"),
}
_ERRORS: dict[str, tuple[str, str]] = {
    "400": ("BadRequest", "The request can't be read."),
    "401": ("Unauthorized", "There is no key, or it is not known."),
    "403": ("Forbidden", "The key lacks the scope."),
    "404": ("NotFound", "There is no such thing in this workspace."),
    "408": ("RequestTimeout", "The body did not arrive in time."),
    "409": ("Conflict", "It clashes with what is there, or a request with this Idempotency-Key is being worked on."),
    "413": ("TooLarge", "The body is too large."),
    "415": ("UnsupportedMediaType", "The body is not of a type that is read here."),
    "422": ("Unprocessable", "The request was understood and can't be done; `errors` says where and why."),
    "429": ("TooManyRequests", "Slow down."),
    "500": ("InternalError", "Something went wrong on our side."),
    "503": ("Unavailable", "We can't right now; nothing was changed."),
}
_ALWAYS = ("400", "422", "429", "500", "503")
_WITH_KEY = ("401", "403")
_WITH_BODY = ("408", "413", "415")


def describe(api: FastAPI) -> None:
    """Let `api.openapi()` tell all of it; made when first asked for."""

    def made() -> Document:
        if api.openapi_schema is None:
            api.openapi_schema = _document(api)
        return api.openapi_schema

    api.openapi = made  # type: ignore[method-assign]


def _document(api: FastAPI) -> Document:
    tags = [{"name": name, "description": words} for name, words in TAGS]
    document: Document = get_openapi(
        title=TITLE,
        version=__version__,
        description=DESCRIPTION.strip(),
        routes=api.routes,
        tags=tags,
        separate_input_output_schemas=False,
    )
    document["servers"] = [{"url": "/"}]
    components = document.setdefault("components", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        components.get("schemas", {}).pop(unused, None)
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["headers"] = {name: _header(*told) for name, told in _HEADERS.items()}
    components["responses"] = {name: _error(code, words) for code, (name, words) in _ERRORS.items()}
    components["parameters"] = {"IdempotencyKey": _IDEMPOTENCY_KEY}
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "parley_live_…"}}
    document["security"] = [{"key": []}]
    for route in api.routes:
        if isinstance(route, EdgeRoute):
            _complete(document["paths"][route.path_format], route)
    document["webhooks"] = {kind: _webhook(kind) for kind in event_types()}
    return _with_plain_names(document)


def _webhook(kind: str) -> Document:
    """What an endpoint is posted for a type of event."""
    schema = {name: value for name, value in event_schema(kind).items() if name not in ("$schema", "$id")}
    told = {
        "operationId": f"told_{kind.replace('.', '_')}",
        "summary": kind,
        "description": schema["description"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"2XX": {"description": "Taken; any other answer is tried again."}},
    }
    return {"post": told}


def _with_plain_names(document: Document) -> Document:
    """Shapes are called here what they show: `Message` for MessageShape, `MessagePage` for a page of them."""
    schemas = document["components"]["schemas"]
    names = {name: _plain(name) for name in schemas}
    document["components"]["schemas"] = {names[old]: schema for old, schema in schemas.items()}
    written = json.dumps(document)
    for old, new in names.items():
        written = written.replace(f'"{_REFERENCE}{old}"', f'"{_REFERENCE}{new}"')
    found: Document = json.loads(written)
    return found


def _plain(name: str) -> str:
    page = name.removeprefix("Page_").removesuffix("_")
    return page.removesuffix("Shape") + ("Page" if page != name else "")


def _complete(path: Document, route: EdgeRoute) -> None:
    """Add what the edge does for every operation."""
    for method in route.methods or ():
        operation: Document = path[method.lower()]
        scope = f"{route.operation.resource}:{route.operation.action}"
        needs = "Needs no key." if route.public else f"Needs the scope `{scope}`."
        operation["description"] = f"{operation['description']}\n\n{needs}"
        if route.public:
            operation["security"] = []
        elif method == "POST":
            operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
        answers: Document = operation["responses"]
        for answer in answers.values():
            answer["headers"] = _headers_of(method)
        for code in _errors_of(method, route, operation):
            answers[code] = {"$ref": f"#/components/responses/{_ERRORS[code][0]}"}


def _headers_of(method: str) -> Document:
    names = [
        "Request-Id",
        "Parley-Version",
        "RateLimit-Policy",
        "RateLimit",
        *(["Idempotent-Replayed"] if method == "POST" else ()),
    ]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _errors_of(method: str, route: EdgeRoute, operation: Document) -> list[str]:
    has_body = "requestBody" in operation
    found = {*_ALWAYS, *(_WITH_BODY if has_body else ()), *(() if route.public else _WITH_KEY)}
    if route.public:
        return sorted(found)
    if (
        has_body
        or "{" in route.path_format
        or method == "DELETE"
        or any(each.get("name", "").endswith("_id") for each in operation.get("parameters", ()))
    ):
        found.add("404")
    if method != "GET" or route.path_format.endswith("/content"):
        found.add("409")
    return sorted(found)


def _header(words: str, example: str) -> Document:
    return {"description": words, "schema": {"type": "string"}, "example": example}


def _error(code: str, words: str) -> Document:
    headers = ["Request-Id", *(["Retry-After"] if code in ("409", "429", "503") else ())]
    return {
        "description": words,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


_IDEMPOTENCY_KEY: Document = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "1 to 255 visible ASCII characters that are new for each new request; a UUID does well.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
