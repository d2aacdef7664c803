"""Custom fields of contacts: their types, and how a value is read that was given as JSON or as text. Pure."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

import msgspec

from parley.core.ids import FieldId, WorkspaceId
from parley.core.json import JsonValue
from parley.core.phones import normalise
from parley.core.text import fold
from parley.core.time import rfc3339
from parley.modules.contacts.domain import FieldValue

FieldKind = Literal["text", "number", "boolean", "date", "datetime", "choice", "url", "phone", "email"]

MAX_TEXT: Final = 4096
MAX_OPTIONS: Final = 200
MAX_NUMBER: Final = 10**15
"""Up to here every whole number is exact in JSON, whoever reads it."""
MAX_URL: Final = 2048

EMAIL: Final = re.compile(r"[^\s@<>\",;]{1,64}@[^\s@<>\",;]{1,190}\.[^\s@<>\",;.]{2,63}\Z")
"""Whoever writes to it finds out whether it lives; here it only must look like one."""
LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*\Z")
"""BCP 47 as far as anybody writes it."""
_NUMBER: Final = re.compile(r"-?\d{1,16}(?:\.\d{1,15})?\Z")
_URL: Final = re.compile(r"https?://[^\s/?#]+\S*\Z", re.IGNORECASE)
_YES: Final = frozenset({"true", "yes", "y", "1", "on"})
_NO: Final = frozenset({"false", "no", "n", "0", "off"})


class FieldAbout(msgspec.Struct, frozen=True):
    """The words of a field's definition; kept sealed."""

    label: str
    options: tuple[str, ...] = ()
    """What a choice may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDefinition:
    """A field that a workspace keeps of its contacts."""

    workspace: WorkspaceId
    id: FieldId
    key: str
    kind: FieldKind
    about: FieldAbout
    personal: bool
    """Whether it tells of the person, so that it is masked from those who may not see such things."""
    searchable: bool
    """Whether contacts are found by it: then a keyed hash of each value is kept beside the sealed profile."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why something is no value of a field, and what would be."""

    sentence: str


def read_value(field: FieldDefinition | None, given: JsonValue) -> FieldValue | Misfit:
    """The value in its one spelling. Text that spells it is taken too; a field nobody defined takes any short value."""
    if field is None:
        return _free(given)
    if field.kind == "choice":
        return _choice(field.about.options, given)
    return _READERS[field.kind](given)


def comparable(value: FieldValue) -> str:
    """The same text for values that are found as equal: whatever case and punctuation, 1 and 1.0."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(float(value))
    return fold(value) or value


def _free(given: JsonValue) -> FieldValue | Misfit:
    if isinstance(given, bool):
        return given
    if isinstance(given, int | float):
        return _number(given)
    return _text(given)


def _text(given: JsonValue) -> FieldValue | Misfit:
    if not isinstance(given, str):
        return Misfit("Give text.")
    return given if len(given) <= MAX_TEXT else Misfit(f"Give at most {MAX_TEXT} characters.")


def _number(given: JsonValue) -> FieldValue | Misfit:
    found: int | float | None = None
    if isinstance(given, str) and _NUMBER.match(given.strip()):
        found = float(given) if "." in given else int(given)
    elif isinstance(given, int | float) and not isinstance(given, bool):
        found = given
    if found is None or not math.isfinite(found) or abs(found) > MAX_NUMBER:
        return Misfit("Give a number like 42 or 3.5.")
    return int(found) if found == int(found) else found


def _boolean(given: JsonValue) -> FieldValue | Misfit:
    if isinstance(given, bool):
        return given
    word = given.strip().casefold() if isinstance(given, str) else None
    if word in _YES:
        return True
    return False if word in _NO else Misfit("Give true or false.")


def _date(given: JsonValue) -> FieldValue | Misfit:
    try:
        return date.fromisoformat(given.strip()).isoformat() if isinstance(given, str) else _NO_DATE
    except ValueError:
        return _NO_DATE


def _datetime(given: JsonValue) -> FieldValue | Misfit:
    try:
        moment = datetime.fromisoformat(given.strip()) if isinstance(given, str) else None
        return rfc3339(moment.astimezone(UTC)) if moment is not None and moment.tzinfo is not None else _NO_MOMENT
    except (ValueError, OverflowError):
        return _NO_MOMENT


def _choice(options: tuple[str, ...], given: JsonValue) -> FieldValue | Misfit:
    if isinstance(given, str):
        folded = fold(given)
        for option in options:
            if option == given or (folded and fold(option) == folded):
                return option
    return Misfit(f"Give one of: {', '.join(options)}.")


def _url(given: JsonValue) -> FieldValue | Misfit:
    text = given.strip() if isinstance(given, str) else ""
    return text if len(text) <= MAX_URL and _URL.match(text) else Misfit("Give a web address like https://example.org.")


def _phone(given: JsonValue) -> FieldValue | Misfit:
    number = normalise(given) if isinstance(given, str) else None
    return number or Misfit("Give a number like +15550001111.")


def _email(given: JsonValue) -> FieldValue | Misfit:
    address = given.strip() if isinstance(given, str) else ""
    return address if EMAIL.match(address) else Misfit("Give an e-mail address like ada@example.org.")


_NO_DATE: Final = Misfit("Give a date like 2026-11-23.")
_NO_MOMENT: Final = Misfit("Give a moment with its zone like 2026-11-23T15:04:05Z.")
_READERS: Final[Mapping[str, Callable[[JsonValue], FieldValue | Misfit]]] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "url": _url,
    "phone": _phone,
    "email": _email,
}
