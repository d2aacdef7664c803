"""Facts of privacy."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOptedOut(Event):
    kind: ClassVar[str] = "contact.opted_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOptedIn(Event):
    kind: ClassVar[str] = "contact.opted_in"
