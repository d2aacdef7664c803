"""What the API of a running platform offers, read from its own description, so that this never lags behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parley.core.errors import InvalidInput
from parley.core.json import JsonObject, JsonValue

METHODS = ("get", "post", "put", "patch", "delete")
MOST_GUESSES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing the API does. `path` and `query` are the names of its parameters."""

    name: str
    resource: str
    method: str
    address: str
    summary: str
    path: tuple[str, ...]
    query: tuple[str, ...]
    takes: str | None
    """The media type of its body, if it has one."""

    @property
    def lists(self) -> bool:
        """Whether its answer comes in pages."""
        return self.method == "GET" and "after" in self.query


def operations_of(description: JsonObject) -> dict[str, Operation]:
    """Every operation of an OpenAPI document, by its name, in the document's order."""
    return {each.name: each for each in _all(description)}


def find(operations: Mapping[str, Operation], name: str) -> Operation:
    """The operation of this name; dashes do for underscores. Raises InvalidInput with the names that come near."""
    found = operations.get(name.replace("-", "_"))
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(name.replace("-", "_"), operations, n=MOST_GUESSES)
        hint = f"Did you mean {', '.join(near)}?" if near else "`parley api` lists what there is."
        raise InvalidInput(f"There is no operation {name!r}. {hint}", code="unknown_operation")
    return found


def _all(description: JsonObject) -> Iterator[Operation]:
    for address, methods in _object(description.get("paths")).items():
        for method in METHODS:
            told = _object(_object(methods).get(method))
            if "operationId" in told:
                yield _read(description, method, address, told)


def _read(description: JsonObject, method: str, address: str, told: JsonObject) -> Operation:
    listed = told.get("parameters")
    parameters = [_resolved(description, each) for each in listed] if isinstance(listed, list) else []
    tags = told.get("tags")
    content = _object(_object(told.get("requestBody")).get("content"))
    return Operation(
        name=str(told["operationId"]),
        resource=str(tags[0]) if isinstance(tags, list) and tags else "",
        method=method.upper(),
        address=address,
        summary=str(told.get("summary", "")),
        path=tuple(str(each["name"]) for each in parameters if each.get("in") == "path"),
        query=tuple(str(each["name"]) for each in parameters if each.get("in") == "query"),
        takes=next(iter(content), None),
    )


def _resolved(description: JsonObject, parameter: JsonValue) -> JsonObject:
    """A parameter, or the one that it refers to (`#/components/parameters/…`)."""
    told = _object(parameter)
    place = told.get("$ref")
    if not isinstance(place, str):
        return told
    found: JsonValue = description
    for step in place.removeprefix("#/").split("/"):
        found = _object(found).get(step)
    return _object(found)


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
