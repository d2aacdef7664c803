"""Facts: what happened, in the past tense. Recorded in the transaction that made them true.

A stored fact holds ids, codes and words only; what it says in public is read from the rows it names when asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from parley.core.ids import new_uuid
from parley.core.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact. `kind` is its public name; the ids say whom and what it is about."""

    kind: ClassVar[str]

    workspace: UUID
    at: datetime
    contact: UUID | None = None
    conversation: UUID | None = None
    message: UUID | None = None
    subject: UUID | None = None
    """Another thing it is about: channel, template, flow, call, notice."""
    detail: JsonObject | None = None
    """Codes and words, never personal data."""
    id: UUID = field(default_factory=new_uuid)


def recorded_kinds() -> dict[str, type[Event]]:
    """Every kind of fact that the program knows, by its public name."""
    found = {each.kind: each for each in _subclasses(Event) if "kind" in vars(each)}
    return dict(sorted(found.items(), key=lambda pair: pair[0]))


def _subclasses(of: type[Event]) -> Iterator[type[Event]]:
    for each in of.__subclasses__():
        yield each
        yield from _subclasses(each)
