"""Media ids as Cloud API programs see them: decimal digits, as Meta's are. Ours are longer than any of Meta's. Pure."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from parley.core.content import MEDIA_KINDS
from parley.core.ids import parse_public, public
from parley.core.json import JsonObject, JsonValue

OUR_DIGITS: Final = 30
"""A UUIDv7 has 37 decimal digits; Meta's ids have at most 20."""
_UUID_BITS = 128
MAX_DEPTH: Final = 32
"""Nothing that Meta takes nests deeper; what does is left as it is, and refused by the checks that follow."""


def spell(media: UUID) -> str:
    """One of our files for a Cloud API program."""
    return str(media.int)


def read(text: str) -> UUID | None:
    """The file of ours that an id means, spelled either way; None when it is Meta's or none."""
    own = parse_public("med", text)
    if own is not None:
        return own
    if len(text) < OUR_DIGITS or not text.isascii() or not text.isdecimal():
        return None
    number = int(text) if len(text) <= len(str(1 << _UUID_BITS)) else 1 << _UUID_BITS
    return UUID(int=number) if number.bit_length() <= _UUID_BITS else None


def as_ours(content: JsonObject, depth: int = 0) -> JsonObject:
    """A content with our files under our own names (`med_…`) wherever a member such as `image` names one."""
    return {name: _member(name, value, depth) for name, value in content.items()} if depth < MAX_DEPTH else content


def own_files(value: JsonValue, depth: int = 0) -> frozenset[UUID]:
    """Our files that a content with our names refers to."""
    if depth > MAX_DEPTH:
        return frozenset()
    if isinstance(value, Mapping):
        named = value.get("id")
        here = parse_public("med", named) if isinstance(named, str) else None
        deeper = (own_files(each, depth + 1) for each in value.values())
        return frozenset([here] if here else []).union(*deeper)
    if isinstance(value, list):
        return frozenset().union(*(own_files(each, depth + 1) for each in value))
    return frozenset()


def _member(name: str, value: JsonValue, depth: int) -> JsonValue:
    if isinstance(value, list):
        return [_member("", each, depth + 1) for each in value] if depth < MAX_DEPTH else value
    if not isinstance(value, Mapping):
        return value
    named = value.get("id")
    ours = read(named) if name in MEDIA_KINDS and isinstance(named, str) else None
    return {**value, "id": public("med", ours)} if ours else as_ours(value, depth + 1)
