"""SQL of imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.contacts.sheets import Dialect


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What an import says of people or in people's words; kept sealed."""

    filename: str | None = None
    dialect: Dialect
    columns: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    suggested: dict[str, str]
    mapping: dict[str, str] = {}
    tags: tuple[str, ...] = ()


class BadRow(msgspec.Struct, frozen=True):
    """A row that was not taken: its cells, and why."""

    cells: tuple[str, ...]
    problems: tuple[str, ...]


ABOUT = SealedColumn("contact_import", "about", About)
BAD_ROW = SealedColumn("contact_import_error", "about", BadRow)

_COLUMNS = """
workspace_id, id, state, size, about, rows_done, created, updated, failed, created_at, started_at, finished_at,
expires_at"""
_ADD = """
insert into contact_import (workspace_id, id, state, size, about, created_at, expires_at)
values ($1, $2, 'uploaded', $3, $4, $5, $6)"""
_ONE = f"select {_COLUMNS} from contact_import where workspace_id = $1 and id = $2"
_PAGE = f"""
select {_COLUMNS} from contact_import
where workspace_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3"""
_START = """
update contact_import set state = 'running', about = $3, started_at = $4
where workspace_id = $1 and id = $2 and state = 'uploaded' returning id"""
_CLAIM = f"""
update contact_import i set claimed_until = $2
from (
    select workspace_id, id from contact_import
    where state = 'running' and (claimed_until is null or claimed_until < $1)
    order by claimed_until nulls first, started_at limit 1 for update skip locked
) mine
where i.workspace_id = mine.workspace_id and i.id = mine.id
returning {", ".join(f"i.{each.strip()}" for each in _COLUMNS.split(","))}"""
_ADVANCE = """
update contact_import set rows_done = $4, created = created + $5, updated = updated + $6, failed = failed + $7,
    claimed_until = $8
where workspace_id = $1 and id = $2 and rows_done = $3 and state = 'running' returning failed"""
_FINISH = """
update contact_import set state = $3, finished_at = $4, claimed_until = null
where workspace_id = $1 and id = $2 and state = 'running'"""
_RELEASE = "update contact_import set claimed_until = $3 where workspace_id = $1 and id = $2 and state = 'running'"
_ADD_ERRORS = """
insert into contact_import_error (workspace_id, import_id, place, about)
select $1, $2, * from unnest($3::int[], $4::bytea[]) on conflict do nothing"""
_ERRORS = """
select place, about from contact_import_error
where workspace_id = $1 and import_id = $2 and place > $3 order by place limit $4"""
_EXPIRED = "select workspace_id, id from contact_import where expires_at <= $1 limit $2"
_DELETE = """
with errors as (delete from contact_import_error where workspace_id = $1 and import_id = $2)
delete from contact_import where workspace_id = $1 and id = $2"""


@dataclass(frozen=True, slots=True)
class Row:
    """An import as stored."""

    workspace: WorkspaceId
    id: UUID
    state: str
    size: int
    about: bytes
    rows_done: int
    created: int
    updated: int
    failed: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Rows that were worked on: how many were done before and after, and what became of them."""

    before: int
    after: int
    created: int
    updated: int
    failed: int
    held_until: datetime


async def add(unit: Unit, row: Row) -> None:
    await sql.execute(unit, _ADD, row.id, row.size, row.about, row.created_at, row.expires_at)


async def one(unit: Unit, wanted: UUID) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, wanted)
    return Row(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int) -> list[Row]:
    """Newest first."""
    return [Row(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def start(unit: Unit, wanted: UUID, about: bytes, now: datetime) -> bool:
    """Whether it waited to be started."""
    return await sql.fetch_one(unit, _START, wanted, about, now) is not None


async def claim(unit: Unit, now: datetime, held_until: datetime) -> Row | None:
    """An import to work on, the one that waited longest; needs the lane `claim`."""
    rows = await sql.fetch_many(unit, _CLAIM, now, held_until)
    return Row(*rows[0]) if rows else None


async def advance(unit: Unit, wanted: UUID, step: Step) -> int | None:
    """Move on, and hold the row until the unit ends; all rows that failed so far. None: another worker was there."""
    counts = (step.before, step.after, step.created, step.updated, step.failed, step.held_until)
    row = await sql.fetch_one(unit, _ADVANCE, wanted, *counts)
    return int(row[0]) if row else None


async def finish(unit: Unit, wanted: UUID, state: str, now: datetime) -> None:
    await sql.execute(unit, _FINISH, wanted, state, now)


async def release(unit: Unit, wanted: UUID, free_at: datetime) -> None:
    """Let any worker go on with it; those that waited longer come first."""
    await sql.execute(unit, _RELEASE, wanted, free_at)


async def add_errors(unit: Unit, wanted: UUID, errors: Sequence[tuple[int, bytes]]) -> None:
    await sql.execute(unit, _ADD_ERRORS, wanted, [place for place, _ in errors], [about for _, about in errors])


async def errors(unit: Unit, wanted: UUID, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Rows that were not taken, in their order."""
    return [(row[0], row[1]) for row in await sql.fetch(unit, _ERRORS, wanted, after, limit)]


async def expired(unit: Unit, now: datetime, limit: int) -> list[tuple[WorkspaceId, UUID]]:
    """Imports whose term has passed; needs the lane `claim`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _EXPIRED, now, limit)]


async def delete(unit: Unit, workspace: WorkspaceId, wanted: UUID) -> None:
    """An import and its errors; needs the lane `claim`."""
    await sql.execute_many(unit, _DELETE, workspace, wanted)
