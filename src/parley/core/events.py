"""Facts: what happened, in the past tense. Recorded in the transaction that made them true.

A stored fact holds ids, codes and words only; what it says in public is read from the rows it names when asked for.
"""

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
