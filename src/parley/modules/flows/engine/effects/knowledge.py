"""Knowledge: passages of the workspace's documents that may answer a question."""

import msgspec

from parley.modules.flows.engine.effect import Answer, Effect


class KnowledgeEffect(Effect, frozen=True, kw_only=True, tag="knowledge"):
    """A search for passages."""

    query: str
    most: int


class FoundPassage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage, and where it stands."""

    document: str
    title: str
    section: str
    text: str


class KnowledgeAnswer(Answer, frozen=True, kw_only=True, tag="knowledge"):
    """The best passages, the best first."""

    passages: tuple[FoundPassage, ...] = ()
