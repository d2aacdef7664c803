"""The tests of a branch: structured rules, not code. A test that holds returns what it found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine.dates import Reader, find_date
from parley.modules.flows.engine.fields import Name, Place, Target, Text
from parley.modules.flows.engine.hours import is_open
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.words import find_email, find_number, find_phone, key, read_number, same

Holds = Annotated[bool, Meta(description="`true`: it must be so; `false`: it must not.")]


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One test and where to go when it holds. Words are compared without regard to case, accents stay."""

    value: Annotated[Text | None, Meta(description="What is tested, where it is not the node's `value`.")] = None
    equals: str | int | float | bool | None = None
    contains: Text | None = None
    starts_with: Text | None = None
    matches: Annotated[str, Meta(max_length=500, description="A pattern (RE2) found in the value.")] | None = None
    any_of: Annotated[list[str | int | float], Meta(min_length=1, max_length=200)] | None = None
    more_than: int | float | None = None
    at_least: int | float | None = None
    less_than: int | float | None = None
    at_most: int | float | None = None
    is_set: Holds | None = None
    has_email: Holds | None = None
    has_phone: Holds | None = None
    has_number: Holds | None = None
    has_date: Holds | None = None
    any_word: Annotated[list[Text], Meta(min_length=1, max_length=200)] | None = None
    between: Annotated[list[int | float], Meta(min_length=2, max_length=2)] | None = None
    before: Annotated[Text | None, Meta(description="A date before this: `2026-12-24`, `today`.")] = None
    after: Annotated[Text | None, Meta(description="A date after this.")] = None
    has_tag: Annotated[Text | None, Meta(description="The contact has this tag.")] = None
    is_open: Annotated[Name | None, Meta(description="It is open now, by these `hours`.")] = None
    save: Annotated[
        Place | None, Meta(description="Where to keep what the test found: the number, the address, the words.")
    ] = None
    next: Target | None = None

    def __post_init__(self) -> None:
        if len(self.tests()) != 1:
            raise ValueError(f"A case has exactly one test; the tests are {', '.join(TESTS)}")

    def tests(self) -> list[str]:
        """The names of the tests that are written here."""
        return [name for name in TESTS if getattr(self, name) is not None]


@dataclass(frozen=True, slots=True)
class Found:
    """A test holds; `value` is what it found, typed."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Question:
    """One test at work: the value as text, what it is compared with, and the turn it happens in."""

    text: str
    wanted: JsonValue
    turn: Turn

    @property
    def words(self) -> str:
        """What it is compared with, as text with its values."""
        shown = self.wanted if isinstance(self.wanted, str) else msgspec.json.encode(self.wanted).decode()
        return self.turn.text(shown)

    @property
    def number(self) -> int | float | None:
        """The tested value as a number."""
        return read_number(self.text, self.turn.language)


Test = Callable[[Question], Found | None]


def test(case: Case, text: str, turn: Turn) -> Found | None:
    """Whether the case holds for a value, and what it found. Raises TemplateFailed."""
    name = case.tests()[0]
    return TESTS[name](Question(text, getattr(case, name), turn))


def _when(found: JsonValue, *, holds: bool) -> Found | None:
    return Found(found) if holds else None


def _equals(question: Question) -> Found | None:
    number = question.number
    if isinstance(question.wanted, int | float) and not isinstance(question.wanted, bool):
        return _when(number, holds=number == question.wanted)
    return _when(question.text, holds=same(question.text, question.words))


def _contains(question: Question) -> Found | None:
    """Whole words: `art` is not in `party`."""
    return _when(question.words, holds=f" {key(question.words)} " in f" {key(question.text)} ")


def _starts_with(question: Question) -> Found | None:
    return _when(question.words, holds=key(question.text).startswith(key(question.words)))


def _matches(question: Question) -> Found | None:
    match = question.turn.library.patterns[str(question.wanted)].search(question.text)
    return None if match is None else Found(match[0])


def _any_of(question: Question) -> Found | None:
    for wanted in question.wanted if isinstance(question.wanted, list) else ():
        found = _equals(Question(question.text, wanted, question.turn))
        if found is not None:
            return Found(wanted)
    return None


def _compared(holds: Callable[[float, float], bool]) -> Test:
    def compare(question: Question) -> Found | None:
        number, wanted = question.number, question.wanted
        if number is None or not isinstance(wanted, int | float):
            return None
        return _when(number, holds=holds(number, wanted))

    return compare


def _any_word(question: Question) -> Found | None:
    """The first of these words that stands in the value as a whole word."""
    for wanted in question.wanted if isinstance(question.wanted, list) else ():
        if _contains(Question(question.text, wanted, question.turn)) is not None:
            return Found(wanted)
    return None


def _between(question: Question) -> Found | None:
    """A number from the first to the second."""
    number, wanted = question.number, question.wanted
    if number is None or not isinstance(wanted, list) or not all(isinstance(each, int | float) for each in wanted):
        return None
    low, high = (each for each in wanted if isinstance(each, int | float))
    return _when(number, holds=low <= number <= high)


def _dated(holds: Callable[[str, str], bool]) -> Test:
    def dated(question: Question) -> Found | None:
        found = _find_date(question.text, question.turn)
        limit = _find_date(question.words, question.turn)
        return _when(found, holds=found is not None and limit is not None and holds(found, limit))

    return dated


def _has_tag(question: Question) -> Found | None:
    return _when(question.words, holds=any(same(tag, question.words) for tag in question.turn.tags))


def _is_open(question: Question) -> Found | None:
    """When it is open: the moment, as text."""
    turn = question.turn
    hours = turn.library.hours.get(str(question.wanted))
    return _when(turn.scope["now"], holds=hours is not None and is_open(hours, turn.world.now, turn.library.zone))  # type: ignore[arg-type]  # text


def _has(find: Callable[[str, Turn], JsonValue]) -> Test:
    def has(question: Question) -> Found | None:
        found = find(question.text, question.turn)
        return _when(found, holds=(found is not None) == question.wanted)

    return has


def _find_date(text: str, turn: Turn) -> str | None:
    found = find_date(text, Reader(today=turn.today(), language=turn.language))
    return None if found is None else found.isoformat()


TESTS: Mapping[str, Test] = {
    "equals": _equals,
    "contains": _contains,
    "starts_with": _starts_with,
    "matches": _matches,
    "any_of": _any_of,
    "more_than": _compared(lambda number, wanted: number > wanted),
    "at_least": _compared(lambda number, wanted: number >= wanted),
    "less_than": _compared(lambda number, wanted: number < wanted),
    "at_most": _compared(lambda number, wanted: number <= wanted),
    "is_set": _has(lambda text, _turn: text.strip() or None),
    "has_email": _has(lambda text, _turn: find_email(text)),
    "has_phone": _has(lambda text, _turn: find_phone(text)),
    "has_number": _has(lambda text, turn: find_number(text, turn.language)),
    "has_date": _has(_find_date),
    "any_word": _any_word,
    "between": _between,
    "before": _dated(lambda found, limit: found < limit),
    "after": _dated(lambda found, limit: found > limit),
    "has_tag": _has_tag,
    "is_open": _is_open,
}
READ_BY_LANGUAGE = frozenset(TESTS) - {
    *("contains", "starts_with", "matches", "is_set", "has_email", "has_phone"),
    *("any_word", "has_tag", "is_open"),
}
"""Tests that read numbers or dates, which are written differently from country to country."""
