"""SQL of marks: keyed hashes that contacts are found by, and making them anew."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.ids import ContactId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

_ADD = """
insert into contact_mark (workspace_id, mark, contact_id)
select * from unnest($1::uuid[], $2::bytea[], $3::uuid[]) order by 1, 2, 3
on conflict do nothing"""
_DROP = """
delete from contact_mark m using unnest($1::uuid[], $2::bytea[], $3::uuid[]) as x (w, mark, contact)
where m.workspace_id = x.w and m.mark = x.mark and m.contact_id = x.contact"""
_FORGET = "delete from contact_mark where workspace_id = $1 and contact_id = any($2::uuid[])"
_REINDEX = """
insert into contact_reindex (workspace_id) values ($1)
on conflict (workspace_id) do update set after_id = excluded.after_id, asked_at = now()"""
_CLAIM = """
select workspace_id, after_id from contact_reindex order by asked_at, workspace_id limit 1 for update skip locked"""
_ADVANCE = "update contact_reindex set after_id = $2 where workspace_id = $1"
_DONE = "delete from contact_reindex where workspace_id = $1"
_REINDEXING = "select from contact_reindex where workspace_id = $1"

Row = tuple[WorkspaceId, bytes, ContactId]


async def add(unit: Unit, marks: Sequence[Row]) -> None:
    await sql.execute_many(unit, _ADD, *map(list, zip(*marks, strict=True)))


async def drop(unit: Unit, marks: Sequence[Row]) -> None:
    await sql.execute_many(unit, _DROP, *map(list, zip(*marks, strict=True)))


async def forget(unit: Unit, workspace: WorkspaceId, contacts: Sequence[ContactId]) -> None:
    """Drop every mark of these contacts."""
    await sql.execute_many(unit, _FORGET, workspace, list(contacts))


async def ask_reindex(unit: Unit) -> None:
    """Let the marks of all contacts of the workspace be made anew, from the first."""
    await sql.execute(unit, _REINDEX)


async def claim_reindex(unit: Unit) -> tuple[WorkspaceId, UUID] | None:
    """A workspace whose marks are to be made, and after which contact; needs the lane `claim`."""
    rows = await sql.fetch_many(unit, _CLAIM)
    return (rows[0][0], rows[0][1]) if rows else None


async def advance_reindex(unit: Unit, after: UUID | None) -> None:
    """So far it came; None: to the end."""
    if after is None:
        await sql.execute(unit, _DONE)
    else:
        await sql.execute(unit, _ADVANCE, after)


async def reindexing(unit: Unit) -> bool:
    """Whether the workspace's marks are being made anew, so that searches may miss some contacts."""
    return await sql.fetch_one(unit, _REINDEXING) is not None
