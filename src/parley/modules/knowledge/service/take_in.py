"""The lane that reads documents: text out of the file, passages out of the text, words and vectors of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import structlog

from parley.core.ids import WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.keys import KeyService, ScopeKeys
from parley.kit.off_loop import off_loop
from parley.kit.unit import Unit, Units
from parley.modules.knowledge.domain import MAX_PASSAGES, Cut, config_of, cut, pack
from parley.modules.knowledge.events import KnowledgeFailed, KnowledgeReady
from parley.modules.knowledge.ports import DocumentReader, Embedder, NotEmbedded, Unreadable
from parley.modules.knowledge.store import documents, passages

HELD = timedelta(minutes=5)
"""A document whose worker died is read again after this: longer than reading and embedding may take."""
AGAIN = timedelta(minutes=1)
ATTEMPTS = 5
"""Asking the embedding model in vain, or dying at it; then the document is found by its words alone, or failed."""
EMBEDDED_AT_ONCE = 64
"""Texts in one request to a model: what the common providers take."""

KEPT_AT_ONCE = 20
"""Passages hashed and sealed before others of the process have their turn: some ten milliseconds."""

log = structlog.get_logger("parley.knowledge")


@dataclass(frozen=True, slots=True)
class _Read:
    """A document's passages, and a packed vector of each, where there is a model."""

    cuts: Sequence[Cut]
    vectors: Sequence[passages.Vector | None]
    problem: str | None = None


class KnowledgeWorker:
    """The lane."""

    def __init__(
        self, units: Units, keys: KeyService, readers: Mapping[str, DocumentReader], embedder: Embedder
    ) -> None:
        self._units = units
        self._keys = keys
        self._readers = readers
        self._embedder = embedder

    async def work(self) -> int:
        """Read one document; how many."""
        moment = now()
        async with self._units.begin(lane="claim") as unit:
            row = await documents.claim(unit, moment, moment + HELD)
        if row is None:
            return 0
        own = await self._keys.scope(row.workspace)
        try:
            read = await self._read(row, own)
        except Unreadable as error:
            await self._fail(row, error.problem)
        except NotEmbedded:
            async with self._units.begin(row.workspace) as unit:
                await documents.postpone(unit, row.id, now() + AGAIN)
        else:
            await self._keep(row, own, read)
        return 1

    async def _read(self, row: documents.Row, own: ScopeKeys) -> _Read:
        """Raises Unreadable, NotEmbedded when it is worth another try."""
        if row.attempts > ATTEMPTS or row.content is None:
            raise Unreadable("gave_up")
        content = documents.CONTENT.unseal(own.data, row.workspace, row.id, row.content)
        reader = self._readers[row.kind]
        cuts = await off_loop(lambda: list(islice(cut(reader(content)), MAX_PASSAGES + 1)))
        if not cuts:
            raise Unreadable("empty")
        if len(cuts) > MAX_PASSAGES:
            raise Unreadable("too_long")
        try:
            return _Read(cuts, await self._vectors(row.workspace, cuts))
        except NotEmbedded:
            if row.attempts < ATTEMPTS:
                raise
            log.warning("A document is kept without vectors.", action="not_embedded", document=str(row.id))
            return _Read(cuts, [None] * len(cuts), "not_embedded")

    async def _vectors(self, workspace: WorkspaceId, cuts: Sequence[Cut]) -> list[passages.Vector | None]:
        found: list[passages.Vector | None] = []
        for start in range(0, len(cuts), EMBEDDED_AT_ONCE):
            texts = [f"{each.section}\n{each.text}".strip() for each in cuts[start : start + EMBEDDED_AT_ONCE]]
            embedded = await self._embedder.embed(workspace, texts)
            if embedded is None:
                return [None] * len(cuts)
            found += [passages.Vector(embedded.model, pack(each)) for each in embedded.vectors]
        return found

    async def _keep(self, row: documents.Row, own: ScopeKeys, read: _Read) -> None:
        embedded = all(each is not None for each in read.vectors)
        ready = documents.Outcome(state="ready", passages=len(read.cuts), embedded=embedded, problem=read.problem)
        async with self._units.begin(row.workspace) as unit:
            if await passages.number(unit) + len(read.cuts) > MAX_PASSAGES:
                await _end(unit, row, documents.Outcome(state="failed", problem="too_many_passages"))
            elif await _end(unit, row, ready):
                await _add(unit, row, own, read)

    async def _fail(self, row: documents.Row, problem: str) -> None:
        async with self._units.begin(row.workspace) as unit:
            await _end(unit, row, documents.Outcome(state="failed", problem=problem))


async def _end(unit: Unit, row: documents.Row, outcome: documents.Outcome) -> bool:
    """Whether the document still waited."""
    if not await documents.finish(unit, row.id, outcome, now()):
        return False
    if outcome.state == "ready":
        unit.record(KnowledgeReady(workspace=row.workspace, at=now(), subject=row.id))
    else:
        detail = {"problem": outcome.problem}
        unit.record(KnowledgeFailed(workspace=row.workspace, at=now(), subject=row.id, detail={**detail}))
    return True


async def _add(unit: Unit, row: documents.Row, own: ScopeKeys, read: _Read) -> None:
    config = config_of(row.language)
    for start in range(0, len(read.cuts), KEPT_AT_ONCE):
        cuts = read.cuts[start : start + KEPT_AT_ONCE]
        words = await passages.blind_words(unit, own.index, config, cuts)
        rows: list[passages.Row] = []
        for each, blind, vector in zip(cuts, words, read.vectors[start : start + KEPT_AT_ONCE], strict=True):
            passage = new_uuid()
            body = passages.BODY.seal(own.data, row.workspace, passage, passages.Body(each.section, each.text))
            sealed = None if vector is None else passages.VECTOR.seal(own.data, row.workspace, passage, vector)
            rows.append(passages.Row(id=passage, words=blind, body=body, vector=sealed))
        await passages.add(unit, row.id, config, rows)
