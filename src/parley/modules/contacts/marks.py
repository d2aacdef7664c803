"""What contacts are found by, without being read: marks, kept as keyed hashes beside the sealed profile. Pure."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from parley.core.ids import TagId
from parley.core.text import fold
from parley.modules.contacts.domain import FieldValue, Profile
from parley.modules.contacts.fields import comparable

BEGINNING: Final = 3
"""Letters of a word that its mark is made of: the rest is compared once the profile is open. One row a word, and a
thief of the table alone learns less than from whole words."""
MAX_WORDS: Final = 12
"""Words of a name that are marked."""

_LATIN_MARKS: Final = re.compile("[\u0300-\u036f]")
_BREAKS: Final = re.compile(r"[-\u2010-\u2015_/.,;:'\u2019]+")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One thing that a contact is found by: what sort it is of, and the value."""

    sort: str
    value: str


def marks_of(profile: Profile, searchable: Collection[str]) -> frozenset[Mark]:
    """All marks of a contact; `searchable` are the keys of the fields that have any."""
    found = {word_mark(word) for word in words_of(profile.name or "")}
    found.update(tag_mark(tag) for tag in profile.tags)
    if profile.language:
        found.add(language_mark(profile.language))
    for key, value in profile.fields.items():
        if key in searchable:
            found |= {field_mark(key, value), Mark("field", key)}
    return frozenset(found)


def words_of(text: str) -> list[str]:
    """The words of a name as they are compared: no case, no accents, no punctuation."""
    plain = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", _BREAKS.sub(" ", text)))
    return fold(plain).split()[:MAX_WORDS]


def named(name: str | None, wanted: Collection[str]) -> bool:
    """Whether each wanted word begins a word of the name; one shorter than BEGINNING must be a whole word."""
    return all(any(_meets(word, want) for word in words_of(name or "")) for want in wanted)


def word_mark(word: str) -> Mark:
    """The mark of a word of a name."""
    return Mark("name", word[:BEGINNING])


def tag_mark(tag: TagId) -> Mark:
    return Mark("tag", tag.hex)


def language_mark(language: str) -> Mark:
    return Mark("language", language.replace("_", "-").casefold())


def field_mark(key: str, value: FieldValue) -> Mark:
    """The mark of a field's value; `Mark("field", key)` is that of having any."""
    return Mark("field", f"{key}={comparable(value)}")


def _meets(word: str, want: str) -> bool:
    return word.startswith(want) if len(want) >= BEGINNING else word == want
