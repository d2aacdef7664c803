"""Meta's lists: `data`, cursors before and after, and `next` as a whole URL that carries the token."""

import base64
from collections.abc import Sequence
from urllib.parse import urlencode

from parley.sim.businesses import token_of
from parley.sim.refusals import MetaError
from parley.sim.web import Json, Request, number_of

USUAL_LIMIT, MOST_LIMIT = 25, 1000


def page(request: Request, items: Sequence[Json]) -> Json:
    """The page of the items that `limit`, `after` and `before` ask for; a bad cursor is 131059."""
    query = request.query
    limit = max(1, min(number_of(query.get("limit", ""), USUAL_LIMIT), MOST_LIMIT))
    if "before" in query:
        end = _position(query["before"])
        start = max(0, end - limit)
    else:
        start = _position(query["after"]) + 1 if "after" in query else 0
        end = start + limit
    shown = list(items[start:end])
    if not shown:
        return {"data": []}
    paging: Json = {"cursors": {"before": _cursor(start), "after": _cursor(start + len(shown) - 1)}}
    if start + len(shown) < len(items):
        paging["next"] = _next(request, _cursor(start + len(shown) - 1))
    return {"data": shown, "paging": paging}


def chosen(node: Json, request: Request) -> Json:
    """Only the fields asked for with `?fields=`, and always the id."""
    fields = {field.split("{")[0].split(".")[0].strip() for field in request.query.get("fields", "").split(",")}
    if fields == {""}:
        return node
    return {key: value for key, value in node.items() if key in fields or key == "id"}


def _next(request: Request, after: str) -> str:
    query = {key: value for key, value in request.query.items() if key not in ("after", "before", "access_token")}
    host = request.header(b"host")
    path = f"v{request.version}.0/{'/'.join(request.parts)}"
    return f"http://{host}/{path}?{urlencode({**query, 'after': after, 'access_token': token_of(request)})}"


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"at {position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("at "))
    except ValueError:
        raise MetaError(131059, "The paging cursor is not valid: start again from the first page.") from None
