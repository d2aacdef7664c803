"""Personal data hidden before a model reads a text, and shown again in what it answers. Pure.

    mask = Mask(names=("Ada Lovelace",))
    mask.hide("I am Ada, call +44 20 7946 0000")      ->  "I am [NAME_1], call [PHONE_1]"
    mask.show("Dear [NAME_1]")                        ->  "Dear Ada"

The same value has the same placeholder in the whole talk. Whatever looks like a placeholder is hidden as well, so
showing gives back exactly what was hidden.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

NAME_CHARACTERS: Final = 2
"""Shorter parts of a name are initials; hiding each `A` of a text would hide the text."""
PHONE_DIGITS: Final = 7
ID_DIGITS: Final = 4
"""So many digits among letters are an order, a ticket, a plate; so many alone may be a year or a price."""
NUMBER_DIGITS: Final = 5

_WHAT: Final = (
    r"(?P<TEXT>\[[A-Z]{2,8}_[0-9]{1,6}\])"
    r"|(?P<EMAIL>[A-Za-z0-9._%+'\-]{1,64}@[A-Za-z0-9.\-]{1,250}\.[A-Za-z]{2,24})"
    r"|(?P<DATE>(?<!\d)\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?![\d-]))"
    r"|(?P<IBAN>(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w))"
    r"|(?P<PHONE>(?<!\w)\+?\(?\d[\d \t().\-/]{5,24}\d(?!\w))"
    r"|(?P<ID>(?<![\w-])(?=[\w-]*\d)[\w-]{4,80}(?![\w-]))"
)
_PLACEHOLDER: Final = re.compile(r"\[([A-Z]{2,8})_([0-9]{1,6})\]")
_DIGIT: Final = re.compile(r"\d")


class Mask:
    """What is hidden in one talk. `kept` is all it remembers, for the session."""

    def __init__(self, kept: Iterable[Sequence[str]] = (), names: Iterable[str | None] = ()) -> None:
        self._values: dict[tuple[str, str], int] = {}
        self._shown: dict[tuple[str, int], str] = {}
        self._pattern = _pattern(tuple(sorted({part for name in names for part in _parts(name)}, key=_longest)))
        for kind, value in kept:
            self._number(kind, value)

    @property
    def kept(self) -> list[list[str]]:
        """Kind and value of everything hidden, in the order of the placeholders."""
        return [[kind, value] for kind, value in self._values]

    def hide(self, text: str) -> str:
        """The text with placeholders."""
        return self._pattern.sub(self._hidden, text)

    def show(self, text: str) -> str:
        """The text with what was hidden; a placeholder that the model made up is left out."""
        return _PLACEHOLDER.sub(lambda found: self._shown.get((found[1], int(found[2])), ""), text)

    def _hidden(self, found: "re.Match[str]") -> str:
        kind, value = str(found.lastgroup), found[0]
        digits = len(_DIGIT.findall(value))
        if kind == "PHONE":
            kind = "PHONE" if digits >= PHONE_DIGITS else "NUMBER"
        elif kind == "ID":
            kind = "NUMBER" if digits == len(value) else "ID"
        if kind == "DATE" or (kind == "NUMBER" and digits < NUMBER_DIGITS) or (kind == "ID" and digits < ID_DIGITS):
            return value
        return f"[{kind}_{self._number(kind, value)}]"

    def _number(self, kind: str, value: str) -> int:
        known = self._values.get((kind, value))
        if known is None:
            known = self._values[kind, value] = 1 + sum(each == kind for each, _ in self._values)
            self._shown[kind, known] = value
        return known


def _parts(name: str | None) -> list[str]:
    """A name, and each word of it: people are called by either."""
    words = (name or "").split()
    return [part for part in (" ".join(words), *words) if len(part) >= NAME_CHARACTERS]


def _longest(part: str) -> tuple[int, str]:
    return -len(part), part


@lru_cache(maxsize=256)
def _pattern(names: tuple[str, ...]) -> "re.Pattern[str]":
    if not names:
        return re.compile(_WHAT)
    named = "|".join(re.escape(name) for name in names)
    return re.compile(rf"{_WHAT}|(?P<NAME>(?<!\w)(?i:{named})(?!\w))")
