"""Find passages that may answer a question: by words, and by meaning where a model is switched on."""

from collections.abc import Mapping
from uuid import UUID

import structlog

from parley.core.ids import WorkspaceId
from parley.kit.keys import KeyService, ScopeKeys
from parley.kit.off_loop import off_loop
from parley.kit.unit import Unit, Units
from parley.modules.knowledge.domain import CANDIDATES, EXACT_SCAN, Passage, fuse, likeness, pack
from parley.modules.knowledge.ports import Embedder, NotEmbedded
from parley.modules.knowledge.service.documents import opened
from parley.modules.knowledge.store import documents, passages

log = structlog.get_logger("parley.knowledge")


class Finder:
    """Searches a workspace's passages. It holds no unit while it asks a model."""

    def __init__(self, units: Units, keys: KeyService, embedder: Embedder) -> None:
        self._units = units
        self._keys = keys
        self._embedder = embedder

    async def search(self, workspace: WorkspaceId, query: str, most: int) -> list[Passage]:
        """The best passages first. Without the model's answer, those found by words."""
        own = await self._keys.scope(workspace)
        meaning = await self._meaning(workspace, query)
        async with self._units.begin(workspace) as unit:
            by_words = await passages.best(unit, await passages.blind_query(unit, own.index, query), CANDIDATES)
            sealed: Mapping[UUID, bytes] = {}
            if meaning is not None:
                everything = await passages.number(unit) <= EXACT_SCAN
                sealed = await passages.vectors(unit, None if everything else by_words, EXACT_SCAN)
        by_meaning = [] if meaning is None else await off_loop(lambda: _nearest(own, workspace, meaning, sealed))
        scores = fuse(by_words, by_meaning[:CANDIDATES])
        best = sorted(scores, key=lambda each: (-scores[each], each))[:most]
        async with self._units.begin(workspace) as unit:
            return await self._shown(unit, own, {each: scores[each] for each in best})

    async def _meaning(self, workspace: WorkspaceId, query: str) -> passages.Vector | None:
        try:
            embedded = await self._embedder.embed(workspace, [query])
        except NotEmbedded:
            log.warning("A question is searched by its words alone.", action="not_embedded", workspace=str(workspace))
            return None
        return None if embedded is None else passages.Vector(embedded.model, pack(embedded.vectors[0]))

    async def _shown(self, unit: Unit, own: ScopeKeys, scores: Mapping[UUID, float]) -> list[Passage]:
        rows = await passages.some(unit, list(scores))
        named: dict[UUID, str] = {}
        for document in {of for of, _ in rows.values()}:
            row = await documents.one(unit, document)
            if row is not None:
                named[document] = (await opened(self._keys, [row]))[0].title
        found: list[Passage] = []
        for each, score in scores.items():
            if each not in rows or rows[each][0] not in named:
                continue
            document, sealed = rows[each]
            body = passages.BODY.unseal(own.data, unit.workspace, each, sealed)
            found.append(
                Passage(
                    id=each,
                    document=document,
                    title=named[document],
                    section=body.section,
                    text=body.text,
                    score=round(score, 6),
                )
            )
        return found


def _nearest(
    own: ScopeKeys, workspace: WorkspaceId, meaning: passages.Vector, sealed: Mapping[UUID, bytes]
) -> list[UUID]:
    """Passages by how alike they mean, of the same model only."""
    opened_ = {each: passages.VECTOR.unseal(own.data, workspace, each, body) for each, body in sealed.items()}
    alike = {
        each: likeness(meaning.values, vector.values)
        for each, vector in opened_.items()
        if vector.model == meaning.model
    }
    return sorted(alike, key=lambda each: -alike[each])
