"""Shapes as a reader of the reference sees them: each member with its type, whether it must be there, and its words."""

from collections.abc import Iterator
from dataclasses import dataclass

from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.http.reference.html import Html, Part, sentence, tag

DEEPEST = 4
"""Shapes in shapes beyond this are named, not opened; a reader looks them up."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """The named shapes of a description."""

    known: JsonObject

    def opened(self, schema: JsonValue) -> JsonObject:
        """A schema itself, where it refers to a named one."""
        told = as_object(schema)
        reference = told.get("$ref")
        return as_object(self.known.get(reference.rsplit("/", 1)[-1])) if isinstance(reference, str) else told

    def name(self, schema: JsonValue) -> str:
        """The type in words: `text`, `list of Status`, `integer or null`."""
        told = as_object(schema)
        reference = told.get("$ref")
        if isinstance(reference, str):
            name = reference.rsplit("/", 1)[-1]
            return "anything" if name == "JsonValue" else name
        choices = told.get("anyOf") or told.get("oneOf")
        if isinstance(choices, list):
            return " or ".join(dict.fromkeys(self.name(each) for each in choices))
        kind = told.get("type")
        if kind == "array":
            return f"list of {self.name(told.get('items'))}"
        if isinstance(kind, list):
            return " or ".join(map(_word, kind))
        return _word(kind)

    def members(self, schema: JsonValue, depth: int = 0) -> Part:
        """A list of a shape's members; those that are shapes themselves can be opened."""
        told = self.opened(schema)
        members = as_object(told.get("properties"))
        needed = told.get("required")
        required = set(map(str, needed)) if isinstance(needed, list) else set[str]()
        rows: list[Part] = [self.member(name, each, depth, required=name in required) for name, each in members.items()]
        others = as_object(told.get("additionalProperties")).get("description")
        if isinstance(others, str):
            rows.append(tag("li", tag("div", tag("em", "others"), " ", sentence(others), class_="member")))
        return tag("ul", rows, class_="members") if rows else ""

    def member(self, name: str, schema: JsonValue, depth: int, *, required: bool) -> Html:
        """One member, parameter or field."""
        told = as_object(schema)
        words = told.get("description")
        head = [
            tag("code", name, class_="name"),
            " ",
            tag("span", self.name(schema), class_="type"),
            [" ", tag("span", "required", class_="required")] if required else "",
            tag("div", [sentence(str(words))] if words else "", _bounds(told), class_="words"),
        ]
        inner = self._inner(schema)
        if inner is None or depth >= DEEPEST:
            return tag("li", tag("div", head, class_="member"))
        more = tag("details", tag("summary", f"Members of {self.name(inner)}"), self.members(inner, depth + 1))
        return tag("li", tag("div", head, class_="member"), more)

    def _inner(self, schema: JsonValue) -> JsonValue:
        """The shape that a member is, or is a list of; None when it is none."""
        for each in _within(as_object(schema)):
            if as_object(self.opened(each).get("properties")):
                return each
        return None


def as_object(value: JsonValue) -> JsonObject:
    """A JSON object; an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def _within(told: JsonObject) -> Iterator[JsonValue]:
    yield told
    choices = told.get("anyOf") or told.get("oneOf")
    for each in choices if isinstance(choices, list) else ():
        yield from _within(as_object(each))
    if told.get("type") == "array":
        yield from _within(as_object(told.get("items")))


def _word(kind: JsonValue) -> str:
    return {"string": "text", "object": "object", "None": "anything"}.get(str(kind), str(kind))


def _bounds(told: JsonObject) -> Part:
    """What a value may be, where the schema bounds it."""
    allowed = told.get("enum")
    parts: list[Part] = []
    if isinstance(allowed, list):
        parts += ["One of ", [[tag("code", str(each)), " "] for each in allowed]]
    for key, words in (("default", "By default "), ("minimum", "At least "), ("maximum", "At most ")):
        value = told.get(key)
        if value is not None and value not in ("", [], {}):
            parts += [words, tag("code", _written(value)), ". "]
    return tag("p", parts, class_="bounds") if parts else ""


def _written(value: JsonValue) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
