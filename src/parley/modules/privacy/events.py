"""Facts of privacy."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOptedOut(Event):
    """A person wants no marketing from now on."""

    kind: ClassVar[str] = "contact.opted_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOptedIn(Event):
    """A person allows marketing again."""

    kind: ClassVar[str] = "contact.opted_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorChanged(Event):
    """A service of another company was let work on the workspace's data, or stopped; `detail` says which."""

    kind: ClassVar[str] = "processor.changed"
