"""Questions about contacts: which have this tag, that field, and not the other. Read from JSON, pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NoReturn, TypeAlias

from parley.core.errors import Fault, fault
from parley.core.json import JsonValue

MAX_DEPTH: Final = 6
MAX_CONDITIONS: Final = 60
"""Conditions of one question, each a look into an index for every contact that comes so far."""
MAX_VALUES: Final = 100
"""Values of one `in`."""


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold; none at all holds for everybody."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Never:
    """This does not hold."""

    of: "Condition"


@dataclass(frozen=True, slots=True)
class Tagged:
    """Has the tag of this name or public id."""

    tag: str
    pointer: str


@dataclass(frozen=True, slots=True)
class FieldAmong:
    """The field is one of these values; with none given, the field is there."""

    key: str
    values: tuple[JsonValue, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class Speaks:
    """The contact's language is this one."""

    language: str


@dataclass(frozen=True, slots=True)
class Marketing:
    """What the consent ledger says of marketing now."""

    state: Literal["granted", "withdrawn", "unknown"]


@dataclass(frozen=True, slots=True)
class Within:
    """The contact was created, or changed last, in this time: from (included) to (excluded)."""

    moment: Literal["created", "updated"]
    start: datetime | None
    end: datetime | None


Condition: TypeAlias = Every | Some | Never | Tagged | FieldAmong | Speaks | Marketing | Within
EVERYBODY: Final = Every(())


class NotAQuestion(Exception):
    """What is wrong with it, all at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


def read_condition(given: JsonValue, pointer: str) -> Condition:
    """The question that a JSON object asks. Raises NotAQuestion."""
    if len(list(_objects(given, 0))) > MAX_CONDITIONS:
        _wrong(pointer, "too_many", f"Ask less at once: at most {MAX_CONDITIONS} conditions.")
    return _condition(given, pointer, 0)


def _objects(given: JsonValue, depth: int) -> Iterator[None]:
    """Every object in it, as deep as is looked."""
    if isinstance(given, Mapping):
        yield None
        inner: Sequence[JsonValue] = list(given.values())
    else:
        inner = given if isinstance(given, Sequence) and not isinstance(given, str) else ()
    if depth <= 2 * MAX_DEPTH:
        for each in inner:
            yield from _objects(each, depth + 1)


def _condition(given: JsonValue, pointer: str, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        _wrong(pointer, "too_deep", f"Nest conditions at most {MAX_DEPTH} deep.")
    if not isinstance(given, Mapping):
        _wrong(pointer, "wrong_type", "This must be an object.")
    if not given:
        return EVERYBODY
    word = next((each for each in _WORDS if each in given), None)
    if word is None:
        _wrong(pointer, "unknown_condition", f"Begin a condition with one of: {', '.join(_WORDS)}.")
    beside, read = _WORDS[word]
    extra = sorted(set(given) - {word, *beside})
    if extra:
        _wrong(f"{pointer}/{extra[0]}", "unknown_member", f"This does not belong beside `{word}`.")
    return read(given, pointer, depth)


def _conditions(given: JsonValue, pointer: str, depth: int) -> tuple[Condition, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        _wrong(pointer, "wrong_type", "This must be a list of conditions.")
    found: list[Condition] = []
    faults: list[Fault] = []
    for place, each in enumerate(given):
        try:
            found.append(_condition(each, f"{pointer}/{place}", depth + 1))
        except NotAQuestion as error:
            faults += error.faults
    if faults:
        raise NotAQuestion(faults)
    return tuple(found)


def _every(given: Mapping[str, JsonValue], pointer: str, depth: int) -> Condition:
    return Every(_conditions(given["all"], f"{pointer}/all", depth))


def _some(given: Mapping[str, JsonValue], pointer: str, depth: int) -> Condition:
    return Some(_conditions(given["any"], f"{pointer}/any", depth))


def _never(given: Mapping[str, JsonValue], pointer: str, depth: int) -> Condition:
    return Never(_condition(given["not"], f"{pointer}/not", depth + 1))


def _tagged(given: Mapping[str, JsonValue], pointer: str, _depth: int) -> Condition:
    return Tagged(_text(given, "tag", pointer), f"{pointer}/tag")


def _speaks(given: Mapping[str, JsonValue], pointer: str, _depth: int) -> Condition:
    return Speaks(_text(given, "language", pointer))


def _marketing(given: Mapping[str, JsonValue], pointer: str, _depth: int) -> Condition:
    state = _text(given, "marketing", pointer)
    if state not in _STATES:
        _wrong(f"{pointer}/marketing", "not_allowed", f"Use one of: {', '.join(_STATES)}.")
    return Marketing(_STATES[state])


def _field(given: Mapping[str, JsonValue], pointer: str, _depth: int) -> Condition:
    key, listed = _text(given, "field", pointer), given.get("in")
    told = [name for name in ("is", "in", "exists") if name in given]
    if len(told) != 1:
        _wrong(pointer, "wrong_value", "Give beside the field's key one of: is, in, exists.")
    if told == ["exists"]:
        there = FieldAmong(key, (), f"{pointer}/field")
        return there if given["exists"] is True else Never(there)
    if told == ["is"]:
        return FieldAmong(key, (given["is"],), f"{pointer}/is")
    if isinstance(listed, str) or not isinstance(listed, Sequence) or not 0 < len(listed) <= MAX_VALUES:
        _wrong(f"{pointer}/in", "wrong_type", f"This must be a list of 1 to {MAX_VALUES} values.")
    return FieldAmong(key, tuple(listed), f"{pointer}/in")


def _created(given: Mapping[str, JsonValue], pointer: str, _depth: int) -> Condition:
    return Within("created", *_between(given["created"], f"{pointer}/created"))


def _updated(given: Mapping[str, JsonValue], pointer: str, _depth: int) -> Condition:
    return Within("updated", *_between(given["updated"], f"{pointer}/updated"))


def _between(given: JsonValue, pointer: str) -> tuple[datetime | None, datetime | None]:
    if not isinstance(given, Mapping) or not given or set(given) - {"from", "to"}:
        _wrong(pointer, "wrong_type", "This must be an object with `from`, `to` or both.")
    read = {name: _moment(each, f"{pointer}/{name}") for name, each in given.items()}
    return read.get("from"), read.get("to")


def _moment(given: JsonValue, pointer: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        _wrong(pointer, "bad_format", "Give a moment like 2026-11-23T15:04:05Z.")
    return moment


def _text(given: Mapping[str, JsonValue], word: str, pointer: str) -> str:
    text = given[word]
    if not isinstance(text, str) or not text:
        _wrong(f"{pointer}/{word}", "wrong_type", "This must be text.")
    return text


def _wrong(pointer: str, code: str, sentence: str) -> NoReturn:
    raise NotAQuestion([fault(pointer, code, sentence)])


def conditions_in(condition: Condition) -> Iterator[Condition]:
    """It and all within it."""
    yield condition
    match condition:
        case Every(of=inner) | Some(of=inner):
            for each in inner:
                yield from conditions_in(each)
        case Never(of=one):
            yield from conditions_in(one)


_STATES: Final[Mapping[str, Literal["granted", "withdrawn", "unknown"]]] = {
    "granted": "granted",
    "withdrawn": "withdrawn",
    "unknown": "unknown",
}
_Read: TypeAlias = Callable[[Mapping[str, JsonValue], str, int], Condition]
_WORDS: Final[Mapping[str, tuple[tuple[str, ...], _Read]]] = {
    "all": ((), _every),
    "any": ((), _some),
    "not": ((), _never),
    "tag": ((), _tagged),
    "field": (("is", "in", "exists"), _field),
    "language": ((), _speaks),
    "marketing": ((), _marketing),
    "created": ((), _created),
    "updated": ((), _updated),
}
"""What a condition begins with, what may stand beside it, and who reads it."""
