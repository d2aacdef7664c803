"""What a customer's words mean to an `ask`: one reader per kind of answer. None means that they do not fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from parley.core.json import JsonValue
from parley.modules.flows.engine.dates import YEARS_AHEAD, Reader, find_date
from parley.modules.flows.engine.patterns import Pattern
from parley.modules.flows.engine.words import find_email, find_phone, read_only_number

Bound = int | float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is asked for, and the person it is asked of. A bound is a number, or a date (`2026-12-24`, `today`)."""

    minimum: Bound
    maximum: Bound
    pattern: Pattern | None
    reader: Reader


def read_text(text: str, expected: Expected) -> JsonValue:
    """Words of the wanted length (`min`, `max` count characters) in which the pattern is found."""
    words = text.strip()
    if not words or not _within(len(words), expected):
        return None
    if expected.pattern is not None and expected.pattern.search(words) is None:
        return None
    return words


def read_amount(text: str, expected: Expected) -> JsonValue:
    """A number from `min` to `max`, also among words (`2 people`), as long as it is the only one."""
    number = read_only_number(text, expected.reader.language)
    return number if number is not None and _within(number, expected) else None


def read_date(text: str, expected: Expected) -> JsonValue:
    """A date from `min` to `max`, as `2026-11-30`."""
    day = find_date(text, expected.reader)
    if day is None:
        return None
    first = _day(expected.minimum, expected.reader.today) or date.min
    last = _day(expected.maximum, expected.reader.today) or date(expected.reader.today.year + YEARS_AHEAD, 12, 31)
    return day.isoformat() if first <= day <= last else None


def read_email(text: str, expected: Expected) -> JsonValue:
    """An e-mail address; words around it are taken away."""
    address = find_email(text)
    fits = address is not None and (expected.pattern is None or expected.pattern.search(address) is not None)
    return address if fits else None


def read_phone(text: str, expected: Expected) -> JsonValue:
    """A phone number with its country code, as E.164."""
    number = find_phone(text)
    fits = number is not None and (expected.pattern is None or expected.pattern.search(number) is not None)
    return number if fits else None


READERS: Mapping[str, Callable[[str, Expected], JsonValue]] = {
    "text": read_text,
    "number": read_amount,
    "date": read_date,
    "email": read_email,
    "phone": read_phone,
}


def is_day(bound: Bound) -> bool:
    """Whether a bound can be read as a date."""
    return bound is None or _day(bound, date.min) is not None


def _within(amount: float, expected: Expected) -> bool:
    low, high = expected.minimum, expected.maximum
    above = not isinstance(low, int | float) or amount >= low
    return above and (not isinstance(high, int | float) or amount <= high)


def _day(bound: Bound, today: date) -> date | None:
    if not isinstance(bound, str):
        return None
    if bound == "today":
        return today
    try:
        return date.fromisoformat(bound)
    except ValueError:
        return None
