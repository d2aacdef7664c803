"""SQL of documents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.knowledge.domain import Document, Kind, State


class About(msgspec.Struct, frozen=True, kw_only=True):
    """A document's own words about itself."""

    title: str
    filename: str | None = None


ABOUT = SealedColumn("knowledge_document", "about", About)
CONTENT = SealedColumn("knowledge_document", "content", bytes)

_COLUMNS = """
workspace_id, id, state, kind, language, size, passages, embedded, problem, about, content, attempts, created_at,
updated_at"""
_ADD = """
insert into knowledge_document (workspace_id, id, state, kind, language, size, about, content, due_at, created_at,
    updated_at)
values ($1, $2, 'waiting', $3, $4, $5, $6, $7, $8, $8, $8)"""
_ONE = f"select {_COLUMNS} from knowledge_document where workspace_id = $1 and id = $2"
_PAGE = f"""
select {_COLUMNS.replace("content", "null")} from knowledge_document
where workspace_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3"""
_COUNT = "select count(*) from knowledge_document where workspace_id = $1"
_CLAIM = f"""
update knowledge_document d set due_at = $2, attempts = attempts + 1
from (
    select workspace_id, id from knowledge_document where due_at <= $1
    order by due_at limit 1 for update skip locked
) mine
where d.workspace_id = mine.workspace_id and d.id = mine.id
returning {", ".join(f"d.{each.strip()}" for each in _COLUMNS.split(","))}"""
_FINISH = """
update knowledge_document set state = $3, passages = $4, embedded = $5, problem = $6, updated_at = $7, due_at = null,
    content = null
where workspace_id = $1 and id = $2 and state = 'waiting' returning id"""
_POSTPONE = "update knowledge_document set due_at = $3 where workspace_id = $1 and id = $2 and state = 'waiting'"
_DELETE = """
with passages as (delete from knowledge_passage where workspace_id = $1 and document_id = $2)
delete from knowledge_document where workspace_id = $1 and id = $2 returning id"""


@dataclass(frozen=True, slots=True)
class Row:
    """A document as stored."""

    workspace: WorkspaceId
    id: UUID
    state: State
    kind: Kind
    language: str
    size: int
    passages: int
    embedded: bool
    problem: str | None
    about: bytes
    content: bytes | None
    attempts: int
    created_at: datetime
    updated_at: datetime

    def opened(self, about: About) -> Document:
        """With its sealed words."""
        return Document(
            id=self.id,
            title=about.title,
            filename=about.filename,
            kind=self.kind,
            language=self.language,
            state=self.state,
            problem=self.problem,
            size=self.size,
            passages=self.passages,
            embedded=self.embedded,
            created_at=self.created_at,
            updated_at=self.updated_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of reading a document."""

    state: State
    passages: int = 0
    embedded: bool = False
    problem: str | None = None


async def add(unit: Unit, row: Row) -> None:
    """A document to be read at once."""
    given = (row.kind, row.language, row.size, row.about, row.content, row.created_at)
    await sql.execute(unit, _ADD, row.id, *given)


async def one(unit: Unit, document: UUID) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, document)
    return Row(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int) -> list[Row]:
    """Newest first, without content."""
    return [Row(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def number(unit: Unit) -> int:
    """How many documents there are."""
    row = await sql.fetch_one(unit, _COUNT)
    return int(row[0]) if row else 0


async def claim(unit: Unit, now: datetime, held_until: datetime) -> Row | None:
    """A document to read, the one that waited longest; needs the lane `claim`."""
    rows = await sql.fetch_many(unit, _CLAIM, now, held_until)
    return Row(*rows[0]) if rows else None


async def finish(unit: Unit, document: UUID, outcome: Outcome, now: datetime) -> bool:
    """Whether it still waited: nobody else finished it, nobody deleted it."""
    became = (outcome.state, outcome.passages, outcome.embedded, outcome.problem)
    return await sql.fetch_one(unit, _FINISH, document, *became, now) is not None


async def postpone(unit: Unit, document: UUID, until: datetime) -> None:
    await sql.execute(unit, _POSTPONE, document, until)


async def delete(unit: Unit, document: UUID) -> bool:
    """Whether it was there."""
    return await sql.fetch_one(unit, _DELETE, document) is not None
