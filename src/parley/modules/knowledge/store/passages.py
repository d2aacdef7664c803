"""SQL of passages: kept sealed, found by keyed hashes of their words.

PostgreSQL's own rules find the stems of a text; the text is an argument of that statement and stays in no row. What is
stored are hashes under the workspace's index key, in a tsvector with the places of the words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from parley.kit import sql
from parley.kit.crypto import SealedColumn, blind_index
from parley.kit.unit import Unit
from parley.modules.knowledge.domain import Cut

_WORD_BYTES = 10
"""Of a word's hash: 80 bits, so that two words of one workspace never look alike."""


class Body(msgspec.Struct, frozen=True):
    """A passage's words."""

    section: str
    text: str


class Vector(msgspec.Struct, frozen=True):
    """What a passage means to a model: packed 32-bit floats."""

    model: str
    values: bytes


BODY = SealedColumn("knowledge_passage", "body", Body)
VECTOR = SealedColumn("knowledge_passage", "vector", Vector)

_STEMS = """
select t.n, w.lexeme, w.positions, w.weights
from unnest($2::text[], $3::text[]) with ordinality as t (section, body, n),
    unnest(setweight(to_tsvector($1::regconfig, t.section), 'A') || to_tsvector($1::regconfig, t.body)) w"""
_QUERY_STEMS = "select c, w.lexeme from unnest($1::text[]) c, unnest(to_tsvector(c::regconfig, $2)) w"
_CONFIGS = "select distinct config from knowledge_passage where workspace_id = $1"
_ADD = """
insert into knowledge_passage (workspace_id, id, document_id, config, words, body, vector)
select $1, x.id, $2, $3, x.words::tsvector, x.body, x.vector
from unnest($4::uuid[], $5::text[], $6::bytea[], $7::bytea[]) as x (id, words, body, vector)"""
_COUNT = "select count(*) from knowledge_passage where workspace_id = $1"
_BEST = """
with hit as (
    select p.id, ts_rank_cd(p.words, $2::tsquery, 1) as closeness,
        array(select w.n from unnest($3::text[]) with ordinality w (word, n) where p.words @@ w.word::tsquery) as found
    from knowledge_passage p where p.workspace_id = $1 and p.words @@ $2::tsquery
), rarity as (
    select f.n, ln(1 + (select count(*) from hit)::float8 / count(*)) as weight
    from hit, unnest(hit.found) f (n) group by f.n
)
select hit.id from hit, unnest(hit.found) f (n) join rarity on rarity.n = f.n
group by hit.id, hit.closeness order by sum(rarity.weight) + hit.closeness desc, hit.id limit $4"""
_VECTORS = """
select id, vector from knowledge_passage
where workspace_id = $1 and vector is not null and ($2::uuid[] is null or id = any($2)) limit $3"""
_SOME = "select id, document_id, body from knowledge_passage where workspace_id = $1 and id = any($2)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A passage to be stored."""

    id: UUID
    words: str
    body: bytes
    vector: bytes | None


async def blind_words(unit: Unit, secret: bytes, config: str, cuts: Sequence[Cut]) -> list[str]:
    """The words of each passage as a tsvector's text; those of headings weigh more."""
    written: list[list[str]] = [[] for _ in cuts]
    rows = await sql.fetch_many(unit, _STEMS, config, [each.section for each in cuts], [each.text for each in cuts])
    for number, lexeme, positions, weights in rows:
        places = ",".join(f"{at}{weight}" for at, weight in zip(positions, weights, strict=True))
        written[number - 1].append(f"'{_hashed(secret, config, lexeme)}':{places}")
    return [" ".join(words) for words in written]


async def blind_query(unit: Unit, secret: bytes, query: str) -> list[str]:
    """The words of a question, by the rules of every language that the workspace's passages are in."""
    configs = [row[0] for row in await sql.fetch(unit, _CONFIGS)]
    rows = await sql.fetch_many(unit, _QUERY_STEMS, configs, query)
    return sorted({f"'{_hashed(secret, config, lexeme)}'" for config, lexeme in rows})


def _hashed(secret: bytes, config: str, lexeme: str) -> str:
    return blind_index(secret, f"knowledge.{config}", lexeme)[:_WORD_BYTES].hex()


async def add(unit: Unit, document: UUID, config: str, rows: Sequence[Row]) -> None:
    columns = ([r.id for r in rows], [r.words for r in rows], [r.body for r in rows], [r.vector for r in rows])
    await sql.execute(unit, _ADD, document, config, *columns)


async def number(unit: Unit) -> int:
    """How many passages there are."""
    row = await sql.fetch_one(unit, _COUNT)
    return int(row[0]) if row else 0


async def best(unit: Unit, words: Sequence[str], limit: int) -> list[UUID]:
    """Passages with any of the words: rare words count more, then how often and how near they stand."""
    if not words:
        return []
    return [row[0] for row in await sql.fetch(unit, _BEST, " | ".join(words), words, limit)]


async def vectors(unit: Unit, of: Sequence[UUID] | None, limit: int) -> Mapping[UUID, bytes]:
    """Sealed vectors of these passages, or of all."""
    return {row[0]: row[1] for row in await sql.fetch(unit, _VECTORS, of, limit)}


async def some(unit: Unit, passages: Sequence[UUID]) -> Mapping[UUID, tuple[UUID, bytes]]:
    """Document and sealed body, by passage."""
    return {row[0]: (row[1], row[2]) for row in await sql.fetch(unit, _SOME, passages)}
