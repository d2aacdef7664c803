"""Facts of knowledge."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeReady(Event):
    """A document was read, and answers are drawn from it; `subject` is the document."""

    kind: ClassVar[str] = "knowledge.ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeFailed(Event):
    """A document could not be read; `detail` says why, as a word."""

    kind: ClassVar[str] = "knowledge.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeDeleted(Event):
    """A document and its passages were deleted."""

    kind: ClassVar[str] = "knowledge.deleted"
