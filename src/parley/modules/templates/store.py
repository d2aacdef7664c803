"""SQL of templates, their history, and the reading of accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.ids import TemplateId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.templates.domain import Aspect, Change, TemplateBody

BODY = SealedColumn("template", "body", TemplateBody)

_COLUMNS = (
    "workspace_id, id, account_id, provider_id, name, language, category, status, quality, reason, paused_until,"
    " category_at, status_at, quality_at, created_at, updated_at, body"
)
_NAMED = f"""
select {_COLUMNS} from template where workspace_id = $1 and account_id = $2 and name = $3 and language = $4"""
_HELD = f"{_NAMED} for update"
_ONE = f"select {_COLUMNS} from template where workspace_id = $1 and id = $2"
_PAGE = f"""
select {_COLUMNS} from template
where workspace_id = $1 and ($2::uuid is null or id < $2) and ($4::text is null or name = $4)
    and ($5::text is null or language = $5) and ($6::text is null or category = $6)
    and ($7::text is null or status = $7) and ($8::text[] is null or account_id = any ($8))
order by id desc limit $3"""
_NAMES = """
select distinct name from template where workspace_id = $1 and name = any ($2) and not (status = any ($3))"""
_ADD = f"""
insert into template ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
on conflict (workspace_id, account_id, name, language) do nothing returning id"""
_UPDATE = """
update template set provider_id = $3, category = $4, status = $5, quality = $6, reason = $7, paused_until = $8,
    category_at = $9, status_at = $10, quality_at = $11, updated_at = $12, body = $13
where workspace_id = $1 and id = $2"""
_PAUSE = """
update template set paused_until = $4, status = 'PAUSED'
where workspace_id = $1 and name = $2 and language = $3"""
_NOTE = """
insert into template_change (workspace_id, id, template_id, aspect, before, after, reason, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)"""
_HISTORY = """
select id, aspect, before, after, reason, at from template_change
where workspace_id = $1 and template_id = $2 and ($3::uuid is null or id < $3) order by id desc limit $4"""
_UNSEEN = """
select account_id, name, language from template
where workspace_id = $1 and account_id = $2 and updated_at < $3 and status <> 'DELETED'"""

_REQUEST = """
insert into template_sync as s (workspace_id, account_id, due_at, requested_at) values ($1, $2, $3, $3)
on conflict (workspace_id, account_id) do update set due_at = least(s.due_at, excluded.due_at), attempts = 0,
    requested_at = excluded.requested_at
returning account_id, requested_at, finished_at, found, problem, s.claimed_until is not null"""
_SYNCS = """
select account_id, requested_at, finished_at, found, problem, claimed_until is not null from template_sync
where workspace_id = $1 order by account_id"""
_CLAIM = """
update template_sync s set claimed_until = $1 + $2::interval, attempts = s.attempts + 1
from (select workspace_id, account_id from template_sync where due_at <= $1 and (claimed_until is null
    or claimed_until < $1) order by due_at limit $3 for update skip locked) d
where s.workspace_id = d.workspace_id and s.account_id = d.account_id
returning s.workspace_id, s.account_id, s.attempts, s.requested_at"""
_DONE = """
update template_sync set claimed_until = null, due_at = case when requested_at > $6 then requested_at else $3 end,
    finished_at = $4, found = coalesce($5, found), problem = $7, attempts = case when $7::int is null then 0
    else attempts end
where workspace_id = $1 and account_id = $2"""


@dataclass(frozen=True, slots=True)
class Row:
    workspace: WorkspaceId
    id: TemplateId
    account: str
    provider_id: str | None
    name: str
    language: str
    category: str | None
    status: str
    quality: str | None
    reason: str | None
    paused_until: datetime | None
    category_at: datetime
    status_at: datetime
    quality_at: datetime
    created_at: datetime
    updated_at: datetime
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which templates a list is of; None: all."""

    name: str | None = None
    language: str | None = None
    category: str | None = None
    status: str | None = None
    accounts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A kept change."""

    id: UUID
    aspect: Aspect
    before: str | None
    after: str
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Sync:
    """How the reading of an account stands."""

    account: str
    requested_at: datetime
    finished_at: datetime | None
    found: int | None
    problem: int | None
    running: bool


@dataclass(frozen=True, slots=True)
class DueSync:
    """An account whose templates are to be read now; `attempt` counts from 1."""

    workspace: WorkspaceId
    account: str
    attempt: int
    requested_at: datetime


async def named(unit: Unit, workspace: WorkspaceId, name: tuple[str, str, str]) -> Row | None:
    """The template of an account, name and language."""
    rows = await sql.fetch_many(unit, _NAMED, workspace, *name)
    return Row(*rows[0]) if rows else None


async def hold(unit: Unit, workspace: WorkspaceId, name: tuple[str, str, str]) -> Row | None:
    """The same, its row held until the unit ends."""
    rows = await sql.fetch_many(unit, _HELD, workspace, *name)
    return Row(*rows[0]) if rows else None


async def one(unit: Unit, template: UUID) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, template)
    return Row(*row) if row else None


async def names_among(unit: Unit, names: Sequence[str], gone: Sequence[str]) -> frozenset[str]:
    """Which of these names a template has that is not of these statuses."""
    return frozenset(row[0] for row in await sql.fetch(unit, _NAMES, names, gone))


async def page(unit: Unit, after: UUID | None, limit: int, wanted: Wanted) -> list[Row]:
    """Newest first."""
    accounts = list(wanted.accounts) if wanted.accounts is not None else None
    filters = (wanted.name, wanted.language, wanted.category, wanted.status, accounts)
    return [Row(*row) for row in await sql.fetch(unit, _PAGE, after, limit, *filters)]


async def add(unit: Unit, row: Row) -> bool:
    """Whether it was new."""
    values = [getattr(row, name) for name in Row.__slots__]
    return bool(await sql.fetch_many(unit, _ADD, *values))


async def update(unit: Unit, row: Row) -> None:
    """Keep what is known of it now."""
    await sql.execute_many(
        unit,
        _UPDATE,
        row.workspace,
        row.id,
        row.provider_id,
        row.category,
        row.status,
        row.quality,
        row.reason,
        row.paused_until,
        row.category_at,
        row.status_at,
        row.quality_at,
        row.updated_at,
        row.body,
    )


async def pause(unit: Unit, workspace: WorkspaceId, name_language: tuple[str, str], until: datetime) -> None:
    """The provider won't take this template until then."""
    await sql.execute_many(unit, _PAUSE, workspace, *name_language, until)


async def note(unit: Unit, template: tuple[WorkspaceId, TemplateId], change_id: UUID, change: Change) -> None:
    """Add to a template's history."""
    workspace, row = template
    values = (change.aspect, change.before, change.after, change.reason, change.at)
    await sql.execute_many(unit, _NOTE, workspace, change_id, row, *values)


async def history(unit: Unit, template: UUID, after: UUID | None, limit: int) -> list[Step]:
    """Newest first."""
    return [Step(*row) for row in await sql.fetch(unit, _HISTORY, template, after, limit)]


async def unseen(unit: Unit, account: str, since: datetime) -> Sequence[tuple[str, str, str]]:
    """Templates of an account that nothing was heard of since."""
    return [(row[0], row[1], row[2]) for row in await sql.fetch(unit, _UNSEEN, account, since)]


async def request_sync(unit: Unit, workspace: WorkspaceId, account: str, at: datetime) -> Sync:
    """Have an account read soon."""
    rows = await sql.fetch_many(unit, _REQUEST, workspace, account, at)
    return Sync(*rows[0])


async def syncs(unit: Unit) -> list[Sync]:
    return [Sync(*row) for row in await sql.fetch(unit, _SYNCS)]


async def claim_syncs(unit: Unit, now: datetime, held: timedelta, limit: int) -> list[DueSync]:
    """Accounts to be read now; needs the lane `claim`."""
    return [DueSync(*row) for row in await sql.fetch_many(unit, _CLAIM, now, held, limit)]


Outcome = tuple[datetime, int | None, int | None]


async def finish_sync(unit: Unit, due: DueSync, again_at: datetime, outcome: Outcome) -> None:
    """Written down: (when, how many were found, the problem's code). Asked for anew meanwhile, it is due at once."""
    finished, found, problem = outcome
    await sql.execute_many(
        unit, _DONE, due.workspace, due.account, again_at, finished, found, due.requested_at, problem
    )
