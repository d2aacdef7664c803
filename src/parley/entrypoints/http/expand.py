"""`?expand[]=contact`: what an answer names by `contact_id` stands in it whole, under `contact`.

The things are read as their own operations would read them: with the same scopes, in the same unit, so that an answer
tells of one moment.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import cast

import msgspec
from fastapi import Request, Response
from starlette.routing import Match
from starlette.types import Scope

from parley.core.errors import Fault, InvalidInput, NotFound, fault
from parley.core.json import JsonValue
from parley.entrypoints.http.bodies import given_again
from parley.kit.rest.route import EdgeRoute, Operation

PARAMETER = "expand[]"
WHERE: Mapping[str, str] = {
    "contact": "/v1/contacts/{}",
    "conversation": "/v1/conversations/{}",
    "channel": "/v1/channels/{}",
    "message": "/v1/messages/{}",
    "flow": "/v1/flows/{}",
    "endpoint": "/v1/webhook-endpoints/{}",
}
"""What can be expanded, where its id stands as `<name>_id`, and the address that shows it."""
MOST = 50
"""Different things read for one answer; a page with more of them is asked for in smaller pages."""

_NUMBERED = re.compile(r"expand\[\d*\]\Z")
_decoder = msgspec.json.Decoder()


def wanted(request: Request) -> list[str]:
    """The names to expand, as `expand[]=a&expand[]=b` says them. Raises InvalidInput for one that there is not."""
    if request.method != "GET":
        return []
    names = [value for key, value in request.query_params.multi_items() if _NUMBERED.match(key)]
    unknown = [name for name in names if name not in WHERE]
    if unknown:
        raise InvalidInput("This can't be expanded.", [_unknown(name) for name in unknown])
    return list(dict.fromkeys(names))


async def expanded(
    request: Request, answer: Response, names: list[str], allow: Callable[[Operation], None]
) -> Response:
    """The answer with these things in it. `allow` raises Forbidden for an operation that the caller may not do."""
    document = _decoder.decode(answer.body)
    items = list(_items(document))
    ids = {name: {str(each[f"{name}_id"]) for each in items if each.get(f"{name}_id")} for name in names}
    if sum(map(len, ids.values())) > MOST:
        sentence = f"This page names more than {MOST} different things; ask for fewer at once, with `limit`."
        raise InvalidInput(sentence, [fault("/limit", "too_many", sentence)])
    for name in names:
        found = {each: await _read(request, WHERE[name].format(each), allow) for each in sorted(ids[name])}
        for item in items:
            if f"{name}_id" in item:
                item[name] = found.get(str(item[f"{name}_id"]))
    headers = {key: value for key, value in answer.headers.items() if key not in ("content-length", "content-type")}
    return Response(msgspec.json.encode(document), answer.status_code, headers, media_type="application/json")


def _unknown(name: str) -> Fault:
    return fault(f"/{PARAMETER}", "not_allowed", f"{name!r} can't be expanded; there are {', '.join(WHERE)}.")


def _items(document: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """The things that an answer shows: itself, or those of its page."""
    data = document.get("data") if isinstance(document, dict) else None
    if isinstance(data, list):
        yield from (cast("dict[str, JsonValue]", each) for each in data if isinstance(each, dict))
    elif isinstance(document, dict):
        yield cast("dict[str, JsonValue]", document)


async def _read(request: Request, address: str, allow: Callable[[Operation], None]) -> JsonValue:
    """What an address shows, read in the request's own unit."""
    scope: Scope = {**request.scope, "path": address, "raw_path": address.encode(), "query_string": b""}
    for route in request.app.routes:
        if isinstance(route, EdgeRoute):
            match, found = route.matches(scope)
            if match is Match.FULL:
                allow(route.operation)
                return await _shown(route, {**scope, **found})
    return None


async def _shown(route: EdgeRoute, scope: Scope) -> JsonValue:
    """What a route shows; None where the thing is gone."""
    try:
        answer = await route.answer(Request(scope, given_again(b"")))
    except NotFound:
        return None
    shown: JsonValue = _decoder.decode(answer.body)
    return shown
