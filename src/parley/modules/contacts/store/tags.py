"""SQL of tags."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import TagId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

NAME = SealedColumn("tag", "name", str)

_COLUMNS = "t.workspace_id, t.id, t.lookup, t.name, t.created_at"
_ADD = """
insert into tag (workspace_id, id, lookup, name)
select * from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[]) order by 1, 3
on conflict do nothing"""
_BY_LOOKUP = f"""
select {_COLUMNS} from tag t
where (t.workspace_id, t.lookup::bytea) in (select * from unnest($1::uuid[], $2::bytea[]))"""
_BY_ID = f"""
select {_COLUMNS} from tag t where (t.workspace_id, t.id) in (select * from unnest($1::uuid[], $2::uuid[]))"""
_PAGE = f"""
select {_COLUMNS} from tag t
where t.workspace_id = $1 and ($2::uuid is null or t.id < $2) order by t.id desc limit $3"""
_RENAME = "update tag set name = $3, lookup = $4 where workspace_id = $1 and id = $2"
_DELETE = "delete from tag where workspace_id = $1 and id = $2 returning id"
_COUNT = "select workspace_id, count(*) from tag where workspace_id = any($1::uuid[]) group by 1"


@dataclass(frozen=True, slots=True)
class Row:
    """A tag as stored, its name still sealed."""

    workspace: WorkspaceId
    id: TagId
    lookup: bytes
    name: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewTag:
    workspace: WorkspaceId
    id: TagId
    lookup: bytes
    name: bytes


async def add(unit: Unit, tags: Sequence[NewTag]) -> None:
    """Insert those whose names are free."""
    columns = zip(*[(t.workspace, t.id, t.lookup, t.name) for t in tags], strict=True)
    await sql.execute_many(unit, _ADD, *map(list, columns))


async def by_lookup(unit: Unit, wanted: Sequence[tuple[WorkspaceId, bytes]]) -> list[Row]:
    return [Row(*row) for row in await sql.fetch_many(unit, _BY_LOOKUP, [w for w, _ in wanted], [k for _, k in wanted])]


async def by_id(unit: Unit, wanted: Sequence[tuple[WorkspaceId, UUID]]) -> list[Row]:
    return [Row(*row) for row in await sql.fetch_many(unit, _BY_ID, [w for w, _ in wanted], [i for _, i in wanted])]


async def page(unit: Unit, after: UUID | None, limit: int) -> list[Row]:
    """Newest first."""
    return [Row(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def rename(unit: Unit, tag: TagId, name: bytes, lookup: bytes) -> None:
    await sql.execute(unit, _RENAME, tag, name, lookup)


async def delete(unit: Unit, tag: UUID) -> bool:
    """Whether it was there."""
    return await sql.fetch_one(unit, _DELETE, tag) is not None


async def counts(unit: Unit, workspaces: Sequence[WorkspaceId]) -> dict[UUID, int]:
    """How many tags each workspace has."""
    return {row[0]: row[1] for row in await sql.fetch_many(unit, _COUNT, list(workspaces))}
