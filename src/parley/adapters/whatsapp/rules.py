"""A small language for limits: each rule names places in a message's body and what may stand there.

A place is a pattern of a JSON Pointer, `*` standing for each member of a list: `/action/buttons/*/reply/title`.
A rule looks only where the place exists, save `Needs`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from parley.core.errors import Fault, fault
from parley.core.json import JsonValue

Found: TypeAlias = Iterator[tuple[str, JsonValue]]


@dataclass(frozen=True, slots=True)
class Needs:
    """The object at `place` must have each of these members, filled."""

    place: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The object at `place` must have exactly one of these members."""

    place: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """These members of the object at `place` are not possible here."""

    place: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of so many characters."""

    place: str
    most: int
    least: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """A list of so many members."""

    place: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Unique:
    """No two of the values at this place are equal."""

    place: str


@dataclass(frozen=True, slots=True)
class Among:
    """One of a few words."""

    place: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number (or a text of one) in a range."""

    place: str
    least: float
    most: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A text of a certain form; the sentence says which."""

    place: str
    pattern: str
    sentence: str


Rule: TypeAlias = Needs | OneOf | Never | Text | Count | Unique | Among | Number | Shape


def broken(rule: Rule, body: JsonValue, prefix: str) -> Iterator[Fault]:
    """The faults of a body by one rule; `prefix` is the pointer of the body itself."""
    if isinstance(rule, Unique):
        yield from _repeated(rule, body, prefix)
        return
    judge = _JUDGES[type(rule)]
    for pointer, value in places(body, rule.place, prefix):
        yield from judge(rule, pointer, value)


def places(body: JsonValue, place: str, prefix: str) -> Found:
    """Each existing place that a pattern names, with its pointer."""
    yield from _walk(body, place.split("/")[1:] if place else [], prefix)


def _walk(value: JsonValue, steps: list[str], pointer: str) -> Found:
    if not steps:
        yield pointer, value
        return
    step, rest = steps[0], steps[1:]
    if step == "*":
        if isinstance(value, list | tuple):
            for index, item in enumerate(value):
                yield from _walk(item, rest, f"{pointer}/{index}")
    elif isinstance(value, Mapping) and step in value:
        yield from _walk(value[step], rest, f"{pointer}/{step}")


def _needs(rule: Rule, pointer: str, value: JsonValue) -> Iterator[Fault]:
    assert isinstance(rule, Needs)  # noqa: S101 - the table of judges pairs them
    if not isinstance(value, Mapping):
        yield fault(pointer, "wrong_type", "Give an object here.")
        return
    for member in rule.members:
        if value.get(member) in (None, "", [], ()):
            yield fault(f"{pointer}/{member}", "missing", f"Give `{member}`; it must not be empty.")


def _one_of(rule: Rule, pointer: str, value: JsonValue) -> Iterator[Fault]:
    assert isinstance(rule, OneOf)  # noqa: S101 - the table of judges pairs them
    given = [member for member in rule.members if isinstance(value, Mapping) and value.get(member)]
    if len(given) != 1:
        names = " or ".join(f"`{member}`" for member in rule.members)
        yield fault(pointer, "missing" if not given else "not_allowed", f"Give exactly one of {names}.")


def _never(rule: Rule, pointer: str, value: JsonValue) -> Iterator[Fault]:
    assert isinstance(rule, Never)  # noqa: S101 - the table of judges pairs them
    for member in rule.members:
        if isinstance(value, Mapping) and value.get(member) is not None:
            yield fault(f"{pointer}/{member}", "not_allowed", f"Leave `{member}` out; this kind has none.")


def _text(rule: Rule, pointer: str, value: JsonValue) -> Iterator[Fault]:
    assert isinstance(rule, Text)  # noqa: S101 - the table of judges pairs them
    if not isinstance(value, str):
        yield fault(pointer, "wrong_type", "Give a text here.")
    elif len(value) > rule.most:
        sentence = f"Shorten it to at most {rule.most} characters; it has {len(value)}."
        yield fault(pointer, "too_long", sentence)
    elif len(value.strip()) < rule.least:
        yield fault(pointer, "too_short", "Write something here; it must not be empty.")


def _count(rule: Rule, pointer: str, value: JsonValue) -> Iterator[Fault]:
    assert isinstance(rule, Count)  # noqa: S101 - the table of judges pairs them
    if not isinstance(value, list | tuple):
        yield fault(pointer, "wrong_type", "Give a list here.")
    elif len(value) > rule.most:
        yield fault(pointer, "too_many", f"Leave at most {rule.most}; there are {len(value)}.")
    elif len(value) < rule.least:
        yield fault(pointer, "too_few", f"Give at least {rule.least}; there are {len(value)}.")


def _among(rule: Rule, pointer: str, value: JsonValue) -> Iterator[Fault]:
    assert isinstance(rule, Among)  # noqa: S101 - the table of judges pairs them
    if value not in rule.words:
        yield fault(pointer, "not_allowed", f"Use one of: {', '.join(rule.words)}.")


def _number(rule: Rule, pointer: str, value: JsonValue) -> Iterator[Fault]:
    assert isinstance(rule, Number)  # noqa: S101 - the table of judges pairs them
    number = _as_number(value)
    if number is None or (rule.whole and not number.is_integer()):
        yield fault(pointer, "wrong_type", f"Give a {'whole ' if rule.whole else ''}number here.")
    elif not rule.least <= number <= rule.most:
        yield fault(pointer, "out_of_range", f"Give a number from {rule.least:g} to {rule.most:g}.")


def _as_number(value: JsonValue) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _shape(rule: Rule, pointer: str, value: JsonValue) -> Iterator[Fault]:
    assert isinstance(rule, Shape)  # noqa: S101 - the table of judges pairs them
    if not isinstance(value, str) or not re.fullmatch(rule.pattern, value):
        yield fault(pointer, "wrong_format", rule.sentence)


def _repeated(rule: Unique, body: JsonValue, prefix: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for pointer, value in places(body, rule.place, prefix):
        if isinstance(value, str) and value in seen:
            yield fault(pointer, "not_unique", "Make it different from the others.")
        elif isinstance(value, str):
            seen.add(value)


_JUDGES: dict[type, Callable[[Rule, str, JsonValue], Iterator[Fault]]] = {
    Needs: _needs,
    OneOf: _one_of,
    Never: _never,
    Text: _text,
    Count: _count,
    Among: _among,
    Number: _number,
    Shape: _shape,
}
