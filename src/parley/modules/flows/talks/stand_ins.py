"""Stand-ins for what people said: words that the flow itself knows stay, everything else is replaced by its like.

A recorded session is a person's. What decides its way is mostly what the flow knows: its keywords, choices and tests;
so only those words stay, with numbers of one or two digits. It is stricter than the mask before a model, which has to
leave a text readable.
"""

import re
from collections.abc import Mapping

import msgspec

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import ContactView, Definition
from parley.modules.flows.engine.words import key
from parley.modules.flows.rehearsal import ADA

WORD = "word"
EMAIL = "ada@example.com"
PHONE = str(ADA.phone)
DIGITS = "123456789012345"
SHORT = 2
"""Digits of a number that says nothing of anybody: a choice, a count."""

_PARTS = re.compile(
    r"(?P<email>[\w.%+'-]+@[\w.-]+\.\w+)|(?P<iso>\d{4}-\d\d?-\d\d?)|(?P<day>\d\d?[/.]\d\d?[/.]\d{2,4})"
    r"|(?P<phone>\+\d[\d ().-]{6,24}\d)|(?P<digits>\d+)|(?P<word>[^\W\d_]+(?:['\u2019-][^\W\d_]+)*)"
)
_LIKE = {"email": EMAIL, "iso": "2026-12-24", "day": "24/12/2026", "phone": PHONE}


class StandIns:
    """For one session, of a flow and those that it enters."""

    def __init__(self, definitions: "list[Definition]") -> None:
        documents: JsonValue = [msgspec.to_builtins(each.document) for each in definitions]
        self._known = {key(word) for text in _texts(documents) for word in re.findall(r"[^\W\d_]+", text)}

    def text(self, said: str) -> str:
        """Words of the flow as they are, others as `word`; an address, a date, a number as one of its kind."""
        return _PARTS.sub(self._like, said)

    def _like(self, found: "re.Match[str]") -> str:
        kind, part = str(found.lastgroup), found[0]
        if kind == "digits":
            return part if len(part) <= SHORT else (DIGITS * len(part))[: len(part)]
        if kind == "word":
            return part if key(part) in self._known else WORD
        return _LIKE[kind]

    def value(self, given: JsonValue) -> JsonValue:
        """A JSON value with stand-ins in it; names of members stay, for they are another system's."""
        if isinstance(given, str):
            return self.text(given)
        if isinstance(given, Mapping):
            return {name: self.value(item) for name, item in given.items()}
        if isinstance(given, list | tuple):
            return [self.value(item) for item in given]
        if isinstance(given, int | float) and not isinstance(given, bool):
            return given if abs(given) < 10**SHORT else int(DIGITS[: len(str(int(abs(given))))])
        return given

    def body(self, text: str) -> JsonObject:
        """The body of an answer: `json` where it is JSON, else `body`."""
        try:
            return {"json": self.value(msgspec.json.decode(text))}
        except msgspec.DecodeError:
            return {"body": self.text(text)}

    def contact(self, person: ContactView) -> JsonObject:
        """Somebody else in the same situation: language, zone, the tags that the flow names."""
        fields: JsonObject = msgspec.to_builtins(person.fields)
        told: dict[str, JsonValue] = {
            "name": ADA.name if person.name else None,
            "phone": ADA.phone if person.phone else None,
            "language": person.language,
            "timezone": person.timezone,
            "fields": self.value(fields),
            "tags": sorted(tag for tag in person.tags if self.text(tag) == tag),
        }
        return {name: value for name, value in told.items() if value not in ({}, [])}


def _texts(value: JsonValue) -> "list[str]":
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for name, item in value.items() for text in (name, *_texts(item))]
    return [text for item in value for text in _texts(item)] if isinstance(value, list | tuple) else []
