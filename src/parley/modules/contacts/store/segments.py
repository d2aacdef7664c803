"""SQL of segments."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit


class About(msgspec.Struct, frozen=True):
    """A segment's name and its question, as JSON text; kept sealed, for both may tell of people."""

    name: str
    question: msgspec.Raw


ABOUT = SealedColumn("segment", "about", About)

_COLUMNS = "workspace_id, id, about, created_at, updated_at"
_ADD = "insert into segment (workspace_id, id, about) values ($1, $2, $3)"
_SAVE = "update segment set about = $3, updated_at = now() where workspace_id = $1 and id = $2"
_DELETE = "delete from segment where workspace_id = $1 and id = $2 returning id"
_ONE = f"select {_COLUMNS} from segment where workspace_id = $1 and id = $2"
_PAGE = f"""
select {_COLUMNS} from segment where workspace_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3"""
_COUNT = "select count(*) from segment where workspace_id = $1"


@dataclass(frozen=True, slots=True)
class Row:
    """A segment as stored."""

    workspace: WorkspaceId
    id: UUID
    about: bytes
    created_at: datetime
    updated_at: datetime


async def add(unit: Unit, segment: UUID, about: bytes) -> None:
    await sql.execute(unit, _ADD, segment, about)


async def save(unit: Unit, segment: UUID, about: bytes) -> None:
    await sql.execute(unit, _SAVE, segment, about)


async def delete(unit: Unit, segment: UUID) -> bool:
    """Whether it was there."""
    return await sql.fetch_one(unit, _DELETE, segment) is not None


async def one(unit: Unit, segment: UUID) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, segment)
    return Row(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int) -> list[Row]:
    """Newest first."""
    return [Row(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def count(unit: Unit) -> int:
    row = await sql.fetch_one(unit, _COUNT)
    return int(row[0]) if row else 0
