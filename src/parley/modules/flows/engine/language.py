"""Languages: a flow's texts in parallel trees, one per language, by node. Every text falls back on its own.

`translations: {es: {greet: {text: …, buttons: {yes: …}}}}` replaces words of the base: a field by its name; things in a
list by their `id` or `name`, else by their number from 1; where only their title is meant, the words alone will do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import TypeAlias

import msgspec
from msgspec import inspect

from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine.faults import pointer

WORDS = "words"
"""The mark, in a field's Meta, of what customers read."""

Wordy: TypeAlias = "bool | Mapping[str, Wordy]"
"""Where words stand in a shape: True for words, a mapping for the fields of a struct (or of a list's items)."""

_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_TITLE = "title"


@lru_cache(maxsize=256)
def words_in(kind: type[msgspec.Struct]) -> Wordy:
    """Where customers' words stand in a kind of node."""
    return _wordy(inspect.type_info(kind))


def _wordy(shape: inspect.Type) -> Wordy:
    match shape:
        case inspect.Metadata(extra=extra) if extra and extra.get(WORDS):
            return True
        case inspect.Metadata(type=inner) | inspect.ListType(item_type=inner):
            return _wordy(inner)
        case inspect.UnionType(types=types):
            return next((found for each in types if (found := _wordy(each))), False)
        case inspect.StructType(fields=fields):
            return {each.encode_name: found for each in fields if (found := _wordy(each.type))}
    return False


def chain(language: str, fallbacks: Sequence[str], base: str) -> list[str]:
    """Where to look for a language's words, the first first: itself, without its region, the flow's fallbacks.

    It ends before the base language, whose words are all there.
    """
    wanted = dict.fromkeys(each.lower() for each in (language, language.partition("-")[0], *fallbacks))
    own = {base.lower(), base.partition("-")[0].lower()}
    return list(takewhile(lambda each: each not in own, wanted))


def translated(base: JsonValue, words: JsonValue, where: Wordy, at: str, faults: list[Fault]) -> JsonValue:
    """The base with these words in it. What does not fit is a fault."""
    if where and isinstance(base, list | tuple):
        return _items(base, words, where, at, faults)
    if where is True:
        alike = type(base) is type(words) or (isinstance(base, Mapping) and isinstance(words, Mapping))
        if not alike:
            faults.append(fault(at, "wrong_type", "Here belong words of the same form as in the base language."))
        return words if alike else base
    if where and isinstance(base, Mapping):
        return _fields(base, words, where, at, faults)
    faults.append(fault(at, "not_translatable", "Only what customers read can be translated; take this out."))
    return base


def _fields(base: JsonObject, words: JsonValue, where: Mapping[str, Wordy], at: str, faults: list[Fault]) -> JsonObject:
    given = {_TITLE: words} if isinstance(words, str) and _TITLE in where else words
    if not isinstance(given, Mapping):
        faults.append(fault(at, "wrong_type", "Here belongs an object with the words by field."))
        return base
    result = dict(base)
    for name, value in given.items():
        if name not in base:
            faults.append(fault(at + pointer(name), "unknown_field", f"The base language has no {name!r} here."))
        else:
            result[name] = translated(base[name], value, where.get(name, False), at + pointer(name), faults)
    return result


def _items(
    base: Sequence[JsonValue], words: JsonValue, where: Wordy, at: str, faults: list[Fault]
) -> Sequence[JsonValue]:
    if not isinstance(words, Mapping):
        faults.append(fault(at, "wrong_type", "Here belongs an object: words by the id, name or number of each."))
        return base
    result = list(base)
    names = [_name(item, number) for number, item in enumerate(base, 1)]
    for name, value in words.items():
        if name not in names:
            known = ", ".join(names)
            faults.append(fault(at + pointer(name), "unknown_item", f"There is no {name!r} here; there are {known}."))
            continue
        index = names.index(name)
        result[index] = translated(base[index], value, where, at + pointer(name), faults)
    return result


def _name(item: JsonValue, number: int) -> str:
    named = item.get("id") or item.get("name") if isinstance(item, Mapping) else None
    return str(named or number)


def untranslated(base: JsonValue, words: JsonValue, where: Wordy, at: str) -> Iterator[str]:
    """Pointers to the base's words for which there are no others; what has no letters of its own needs none."""
    if base is None:
        return
    if where and isinstance(base, list | tuple):
        for number, item in enumerate(base, 1):
            inner = words.get(_name(item, number)) if isinstance(words, Mapping) else None
            yield from untranslated(item, inner, where, f"{at}/{number - 1}")
    elif where is True:
        if words is None and (not isinstance(base, str) or any(map(str.isalpha, _MARKUP.sub("", base)))):
            yield at
    elif where and isinstance(base, Mapping):
        given = {_TITLE: words} if isinstance(words, str) else words
        for name in sorted(base.keys() & where.keys()):
            inner = given.get(name) if isinstance(given, Mapping) else None
            yield from untranslated(base[name], inner, where[name], at + pointer(name))
