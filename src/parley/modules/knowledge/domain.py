"""Documents, their passages, and how passages are found and ranked. Pure."""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from math import sqrt
from operator import mul
from typing import Final, Literal, TypeAlias
from uuid import UUID

Kind: TypeAlias = Literal["text", "markdown", "html", "pdf"]
State: TypeAlias = Literal["waiting", "ready", "failed"]

MAX_BYTES: Final = 8 * 1024 * 1024
"""A document is read as a whole by a worker, and kept sealed in its row until then."""
MAX_DOCUMENTS: Final = 1_000
MAX_PASSAGES: Final = 5_000
"""Of a workspace: searched one after another, which takes a tenth of a second."""
PASSAGE_CHARACTERS: Final = 1_200
"""A passage is what an answer cites: one thought with its context, three of them in a model's sight."""
TITLE_CHARACTERS: Final = 200
QUERY_CHARACTERS: Final = 1_000
MOST_FOUND: Final = 20
EXACT_SCAN: Final = 500
"""Up to so many passages all vectors are compared; with more, those of the best by words."""
CANDIDATES: Final = 100
FUSION: Final = 60
"""Of reciprocal rank fusion: how little the first places differ (the usual constant of the method)."""

SIMPLE: Final = "simple"
CONFIGS: Final[Mapping[str, str]] = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""PostgreSQL's word rules by language; other languages are searched word by word."""

_SENTENCE_END: Final = re.compile(r"(?<=[.!?。؟])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 to 6) or a paragraph (`level` None), as a document's reader found it."""

    text: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage cut out of a document: its section as a path of headings, and its words."""

    section: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as read. `problem` is a word; `failed` documents have one, `ready` ones may (`not_embedded`)."""

    id: UUID
    title: str
    filename: str | None
    kind: Kind
    language: str
    state: State
    problem: str | None
    size: int
    passages: int
    embedded: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage that was found: where it stands, and how well it fits (greater is better)."""

    id: UUID
    document: UUID
    title: str
    section: str
    text: str
    score: float


def config_of(language: str) -> str:
    """PostgreSQL's name for a language's rules (BCP 47: `pt-BR` is `portuguese`)."""
    return CONFIGS.get(language.partition("-")[0].casefold(), SIMPLE)


def cut(blocks: Iterable[Block]) -> Iterator[Cut]:
    """Passages of at most PASSAGE_CHARACTERS: paragraphs of one section together, longer ones at ends of sentences."""
    path: list[tuple[int, str]] = []
    waiting: list[str] = []
    for block in blocks:
        if block.level is None:
            for part in _parts(block.text):
                if waiting and sum(map(len, waiting)) + len(waiting) + len(part) > PASSAGE_CHARACTERS:
                    yield Cut(_section(path), "\n".join(waiting))
                    waiting = []
                waiting.append(part)
            continue
        if waiting:
            yield Cut(_section(path), "\n".join(waiting))
            waiting = []
        path = [each for each in path if each[0] < block.level]
        path.append((block.level, " ".join(block.text.split())[:TITLE_CHARACTERS]))
    if waiting:
        yield Cut(_section(path), "\n".join(waiting))


def _section(path: Sequence[tuple[int, str]]) -> str:
    return " > ".join(text for _, text in path if text)


def _parts(text: str) -> Iterator[str]:
    """A paragraph in pieces that fit into a passage, each as long as it may be."""
    waiting = ""
    for sentence in _SENTENCE_END.split(text.strip()):
        for start in range(0, len(sentence), PASSAGE_CHARACTERS):
            piece = sentence[start : start + PASSAGE_CHARACTERS].strip()
            if waiting and len(waiting) + 1 + len(piece) > PASSAGE_CHARACTERS:
                yield waiting
                waiting = piece
            else:
                waiting = f"{waiting} {piece}".strip()
    if waiting:
        yield waiting


def pack(values: Iterable[float]) -> bytes:
    """A vector of length one as 32-bit floats, so that the product of two is their cosine."""
    vector = array("f", values)
    length = sqrt(sum(map(mul, vector, vector)))
    return array("f", [value / length for value in vector]).tobytes() if length else vector.tobytes()


def likeness(one: bytes, other: bytes) -> float:
    """The cosine of two packed vectors; 0 where they are of different models and lengths."""
    if len(one) != len(other):
        return 0.0
    product: float = sum(map(mul, memoryview(one).cast("f"), memoryview(other).cast("f")))
    return product


def fuse(*rankings: Sequence[UUID]) -> dict[UUID, float]:
    """One score from several rankings, best first: what stands high in any of them stands high."""
    scores: dict[UUID, float] = {}
    for ranking in rankings:
        for place, each in zip(count(1), ranking, strict=False):
            scores[each] = scores.get(each, 0.0) + 1 / (FUSION + place)
    return scores
