"""Typed values that a model gives: what they look like to it, and how they are checked when they come."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.dates import Reader, find_date
from parley.modules.flows.engine.fields import Name
from parley.modules.flows.engine.masking import Mask
from parley.modules.flows.engine.words import find_email, find_phone, read_number, same

Description = Annotated[str, Meta(min_length=1, max_length=500, description="What it is, in words for the model.")]
Kind = Literal["text", "number", "integer", "boolean", "date", "email", "phone", "choice"]


class Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that the model is to give."""

    type: Kind = "text"
    description: Description | None = None
    required: bool = True
    choices: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=200)]],
        Meta(max_length=50, description="For `type: choice`: one of these."),
    ] = []

    def __post_init__(self) -> None:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("`choices` belong to `type: choice`; write both or neither")

    def schema(self) -> JsonObject:
        """As JSON Schema."""
        schema: dict[str, JsonValue] = dict(_SCHEMAS.get(self.type, {"type": "string"}))
        if self.choices:
            schema["enum"] = [*self.choices]
        if self.description is not None:
            schema["description"] = self.description
        return schema

    def read(self, value: JsonValue, reader: Reader) -> JsonValue:
        """The value as it is kept; None where it does not fit."""
        if value is None or value == "":
            return None
        if self.type == "choice":
            return next((each for each in self.choices if same(each, str(value))), None)
        return _READERS[self.type](value, reader)


Parameters = Annotated[dict[Name, Parameter], Meta(max_length=30)]


def schema_of(parameters: Mapping[str, Parameter]) -> JsonObject:
    """An object of these values."""
    properties: JsonObject = {name: each.schema() for name, each in parameters.items()}
    required: list[JsonValue] = [name for name, each in parameters.items() if each.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def read_arguments(text: str, mask: Mask) -> JsonObject | None:
    """What a model wrote as JSON, with hidden values shown; None where it is no object."""
    try:
        given: JsonValue = msgspec.json.decode(text or "{}")
    except (msgspec.DecodeError, RecursionError):
        return None
    shown = _shown(given, mask)
    return shown if isinstance(shown, dict) else None


def _shown(value: JsonValue, mask: Mask) -> JsonValue:
    if isinstance(value, str):
        return mask.show(value)
    if isinstance(value, list):
        return [_shown(each, mask) for each in value]
    if isinstance(value, dict):
        return {name: _shown(each, mask) for name, each in value.items()}
    return value


def _read_text(value: JsonValue, _reader: Reader) -> JsonValue:
    return str(value).strip()[: limits.TEXT_CHARACTERS] or None if isinstance(value, str | int | float) else None


def _read_amount(value: JsonValue, reader: Reader) -> JsonValue:
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int | float) else read_number(str(value), reader.language)


def _read_integer(value: JsonValue, reader: Reader) -> JsonValue:
    number = _read_amount(value, reader)
    return int(number) if isinstance(number, int | float) and number == int(number) else None


def _read_boolean(value: JsonValue, _reader: Reader) -> JsonValue:
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).casefold())


def _read_date(value: JsonValue, reader: Reader) -> JsonValue:
    day = find_date(str(value), reader)
    return None if day is None else day.isoformat()


_READERS: Final[Mapping[str, Callable[[JsonValue, Reader], JsonValue]]] = {
    "text": _read_text,
    "number": _read_amount,
    "integer": _read_integer,
    "boolean": _read_boolean,
    "date": _read_date,
    "email": lambda value, _: find_email(str(value)),
    "phone": lambda value, _: find_phone(str(value)),
}
_SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
