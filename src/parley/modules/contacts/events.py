"""Facts about contacts."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCreated(Event):
    """A person was met for the first time, or added."""

    kind: ClassVar[str] = "contact.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactUpdated(Event):
    """Name, language, a field or an identity changed, or another contact turned out to be this person (`subject`)."""

    kind: ClassVar[str] = "contact.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsMerged(Event):
    """`subject` was the same person as `contact`, and is now part of it."""

    kind: ClassVar[str] = "contact.merged"
