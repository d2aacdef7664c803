"""JSON Schemas as Python types, spelled."""

from collections.abc import Sequence

from parley.core.json import JsonObject, JsonValue

ANYTHING = "object"
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def type_of(schema: JsonValue, *, within: str = "") -> str:
    """The type of a value of this schema; `within` comes before the names of other shapes."""
    told = schema if isinstance(schema, dict) else {}
    reference = told.get("$ref")
    if isinstance(reference, str):
        name = reference.rsplit("/", 1)[-1]
        return ANYTHING if name == "JsonValue" else within + name
    choices = told.get("anyOf") or told.get("oneOf")
    if isinstance(choices, list):
        return _union([type_of(each, within=within) for each in choices])
    if "const" in told:
        return f"Literal[{told['const']!r}]"
    allowed = told.get("enum")
    if isinstance(allowed, list):
        return f"Literal[{', '.join(map(repr, allowed))}]"
    return _by_kind(told, within)


def _by_kind(told: JsonObject, within: str) -> str:
    kind = told.get("type")
    if isinstance(kind, list):
        return _union([_by_kind({**told, "type": each}, within) for each in kind])
    if kind == "array":
        return f"list[{type_of(told.get('items'), within=within)}]"
    if kind == "object":
        values = told.get("additionalProperties")
        return f"dict[str, {type_of(values, within=within)}]" if isinstance(values, dict) else f"dict[str, {ANYTHING}]"
    return _PLAIN.get(str(kind), ANYTHING)


def _union(types: Sequence[str]) -> str:
    different = list(dict.fromkeys(types))
    return ANYTHING if ANYTHING in different else " | ".join(different)
