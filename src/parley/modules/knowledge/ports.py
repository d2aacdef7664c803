"""What knowledge needs from the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from parley.core.ids import WorkspaceId
from parley.modules.knowledge.domain import Block


class Unreadable(Exception):
    """A document can't be read: `problem` says why, as a word."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class DocumentReader(Protocol):
    """Reads one kind of document. Blocking, and bounded in time."""

    def __call__(self, content: bytes) -> Sequence[Block]:
        """Headings and paragraphs, in their order. Raises Unreadable."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """What texts mean, as vectors of one model."""

    model: str
    vectors: Sequence[Sequence[float]]


class NotEmbedded(Exception):
    """The model did not answer, or not with a vector for each text."""


class Embedder(Protocol):
    """Asks the embedding model that a workspace has switched on."""

    async def embed(self, workspace: WorkspaceId, texts: Sequence[str]) -> Embedded | None:
        """A vector for each text; None where there is no such model. Raises NotEmbedded."""
