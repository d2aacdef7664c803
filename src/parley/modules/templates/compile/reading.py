"""Small readers of Meta's components, which are JSON of any shape."""

import re
from collections.abc import Iterator, Mapping

from parley.core.json import JsonObject, JsonValue

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""A place in a template's text: `{{1}}` or `{{first_name}}`."""


def objects(value: JsonValue) -> list[JsonObject]:
    """The objects of a list; none when it is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []


def component(components: JsonValue, kind: str) -> JsonObject:
    """The component of a kind (`BODY`), whatever case it was written in; empty when there is none."""
    return next((each for each in objects(components) if word(each, "type") == kind), {})


def word(parent: JsonObject, name: str) -> str:
    """A member that is one of Meta's words, in capitals."""
    return text(parent, name).upper()


def text(parent: JsonObject, name: str) -> str:
    """A member that is text; the empty one when it is not."""
    value = parent.get(name)
    return value if isinstance(value, str) else ""


def variables(words: str) -> list[str]:
    """The distinct variables of a text, in order."""
    return list(dict.fromkeys(VARIABLE.findall(words)))


def buttons(components: JsonValue) -> Iterator[tuple[int, JsonObject]]:
    """The buttons and their places, counted from 0."""
    yield from enumerate(objects(component(components, "BUTTONS").get("buttons")))


def cards(components: JsonValue) -> list[JsonObject]:
    """The cards of a carousel."""
    return objects(component(components, "CAROUSEL").get("cards"))
