"""Tolerant readers of decoded JSON: each answers None (or nothing) for whatever is not what it should be."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias, cast

from parley.core import phones, time
from parley.core.json import JsonValue

JsonDict: TypeAlias = dict[str, JsonValue]
"""A decoded JSON object."""

MAX_ID_CHARS = 512
"""No id of Meta's comes near; a longer one would not fit an index row and could spoil its whole batch."""
MAX_WORD_CHARS = 100
"""Field names and event words are short; what is longer is noise."""

_NO_NUMBERS = (bool, dict, list)
_DIGITS = re.compile(r"[1-9][0-9]{6,14}\Z")
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}\Z")


def mapping(value: JsonValue) -> JsonDict | None:
    """The object, or None."""
    return value if isinstance(value, dict) else None


def items(value: JsonValue) -> Sequence[JsonValue]:
    """The members of a list; a lone object counts as a list of one; anything else is empty."""
    if isinstance(value, list):
        return value
    return (value,) if isinstance(value, dict) else ()


def mappings(value: JsonValue) -> Iterator[JsonDict]:
    """The objects in a list, the rest passed over."""
    return (item for item in items(value) if isinstance(item, dict))


def text(value: JsonValue) -> str | None:
    """A non-empty text, or a whole number as text."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def identifier(value: JsonValue) -> str | None:
    """A provider's id: text, or a number written as text; None when empty or absurdly long."""
    if value is None:
        return None
    if not isinstance(value, str):
        value = text(value)
    return value if value and len(value) <= MAX_ID_CHARS else None


def word(value: JsonValue) -> str | None:
    """A short word such as a type or an event; of a list the first."""
    if isinstance(value, list):
        value = value[0] if value else None
    found = text(value)
    return found[:MAX_WORD_CHARS] if found else None


def moment(value: JsonValue) -> datetime | None:
    """Unix seconds or milliseconds, as a number or as text."""
    if value is None or isinstance(value, _NO_NUMBERS):
        return None
    try:
        seconds = float(cast("str | float", value))
        return time.from_unix(seconds) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def integer(value: JsonValue) -> int | None:
    """A whole number, also when written as text."""
    if value is None or isinstance(value, _NO_NUMBERS):
        return None
    try:
        return int(cast("str | float", value))
    except (ValueError, OverflowError):
        return None


def is_user_id(value: str) -> bool:
    """Whether the text has the form of a business-scoped user id (`US.1349…`, `US.ENT.1349…`)."""
    return _USER_ID.match(value) is not None


def phone(value: JsonValue) -> str | None:
    """E.164 with `+`, or None when the text is no telephone number."""
    if isinstance(value, str) and _DIGITS.match(value):
        return "+" + value
    found = text(value)
    return phones.normalise(found) if found and len(found) <= MAX_WORD_CHARS else None
