"""Meta's lists on their way to a program: page addresses lead to the façade, and carry no token. Pure."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from parley.core.json import JsonObject, JsonValue

SECRET: Final = frozenset({"access_token", "appsecret_proof"})
_LINKS: Final = ("next", "previous")


def without_token(answer: JsonObject, base: str) -> JsonObject:
    """The answer with its page addresses under `base` (`https://…/graph/v23.0`), which stands for Meta's root."""
    paging = answer.get("paging")
    if not isinstance(paging, Mapping):
        return answer
    links = {name: _moved(link, base) for name in _LINKS if isinstance(link := paging.get(name), str)}
    return {**answer, "paging": {**paging, **links}}


def only(answer: JsonObject, kept: frozenset[str]) -> JsonObject:
    """A list with the objects of these ids only."""
    data = answer.get("data")
    if not isinstance(data, list):
        return answer
    return {**answer, "data": [each for each in data if isinstance(each, Mapping) and each.get("id") in kept]}


def ids_in(answer: JsonValue) -> frozenset[str]:
    """The ids of a list's objects."""
    data = answer.get("data") if isinstance(answer, Mapping) else None
    found = data if isinstance(data, list) else []
    return frozenset(str(each["id"]) for each in found if isinstance(each, Mapping) and each.get("id"))


def _moved(link: str, base: str) -> str:
    parts = urlsplit(link)
    path = parts.path.lstrip("/").partition("/")[2]
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name not in SECRET])
    return f"{base}/{path}?{query}"
