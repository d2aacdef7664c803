"""SQL of channels, their lanes and templates."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ChannelId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

TOKEN = SealedColumn("channel", "token", str)
NUMBER = SealedColumn("channel", "number", str)

_COLUMNS = (
    "workspace_id, id, kind, number_id, account_id, number, token, rate, state, state_code, paused_until, created_at"
)
_ALL = f"select {_COLUMNS} from channel order by workspace_id, id"
_ADD = f"""
insert into channel ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, 'active', null, null, now())
on conflict (kind, number_id) do nothing returning id"""
_ADD_LANE = "insert into channel_lane (workspace_id, channel_id) values ($1, $2)"
_PAUSE = """
with c as (
    update channel set state = $3, state_code = $4, paused_until = $5
    where workspace_id = $1 and id = $2 and (state <> $3 or paused_until is distinct from $5) returning id
)
update channel_lane set closed_until = coalesce($5, 'infinity') where workspace_id = $1 and channel_id = $2
returning (select count(*) from c)"""
_RESUME = """
with c as (
    update channel set state = 'active', state_code = null, paused_until = null, token = coalesce($3, token)
    where workspace_id = $1 and id = $2 returning id
)
update channel_lane set closed_until = null where workspace_id = $1 and channel_id = $2"""
_SLOW = """
update channel_lane set closed_until = greatest(closed_until, $3) where workspace_id = $1 and channel_id = $2"""
_SET_RATE = "update channel set rate = $3 where workspace_id = $1 and id = $2"
_TEMPLATE = """
insert into template as t (workspace_id, id, account_id, provider_id, name, language, category, status, quality,
    category_at, status_at, quality_at)
values ($1, $2, $3, $4, $5, $6, $7::text, coalesce($8::text, 'APPROVED'), $9::text,
    case when $7::text is null then '-infinity' else $10::timestamptz end,
    case when $8::text is null then '-infinity' else $10::timestamptz end,
    case when $9::text is null then '-infinity' else $10::timestamptz end)
on conflict (workspace_id, account_id, name, language) do update set
    provider_id = coalesce(excluded.provider_id, t.provider_id),
    category = case when excluded.category_at >= t.category_at then excluded.category else t.category end,
    status = case when excluded.status_at >= t.status_at and $8::text is not null then excluded.status
        else t.status end,
    paused_until = case when excluded.status_at >= t.status_at and $8::text is not null then null
        else t.paused_until end,
    quality = case when excluded.quality_at >= t.quality_at then excluded.quality else t.quality end,
    category_at = greatest(t.category_at, excluded.category_at),
    status_at = greatest(t.status_at, excluded.status_at),
    quality_at = greatest(t.quality_at, excluded.quality_at)"""
_PAUSE_TEMPLATE = """
update template set paused_until = $4, status = 'PAUSED'
where workspace_id = $1 and name = $2 and language = $3"""
_TEMPLATE_STATE = """
select name, language, category, status, paused_until from template
where workspace_id = $1 and account_id = $2 and name = $3 and language = $4"""


@dataclass(frozen=True, slots=True)
class Row:
    workspace: WorkspaceId
    id: ChannelId
    kind: str
    number_id: str
    account_id: str
    number: bytes | None
    token: bytes
    rate: int
    state: str
    state_code: int | None
    paused_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a channel stops: the provider's code, and until when (None: until someone resumes it)."""

    state: str
    code: int | None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    id: UUID
    account_id: str
    provider_id: str | None
    name: str
    language: str
    category: str | None
    status: str | None
    quality: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TemplateState:
    name: str
    language: str
    category: str | None
    status: str
    paused_until: datetime | None


async def every(unit: Unit) -> list[Row]:
    """All channels of all workspaces; needs the lane `route`."""
    return [Row(*row) for row in await sql.fetch_many(unit, _ALL)]


async def add(unit: Unit, row: Row) -> bool:
    """Whether it was added: a number belongs to one channel of one workspace."""
    columns = (row.id, row.kind, row.number_id, row.account_id, row.number, row.token, row.rate)
    if await sql.fetch_one(unit, _ADD, *columns) is None:
        return False
    await sql.execute(unit, _ADD_LANE, row.id)
    return True


async def pause(unit: Unit, workspace: WorkspaceId, channel: ChannelId, why: Pause) -> bool:
    """Stop sending on a channel (until someone resumes it, or a time); whether that changed anything."""
    rows = await sql.fetch_many(unit, _PAUSE, workspace, channel, why.state, why.code, why.until)
    return bool(rows and rows[0][0])


async def resume(unit: Unit, channel: ChannelId, token: bytes | None) -> None:
    await sql.execute(unit, _RESUME, channel, token)


async def slow_down(unit: Unit, workspace: WorkspaceId, channel: ChannelId, until: datetime) -> None:
    """Nothing leaves this channel before then."""
    await sql.execute_many(unit, _SLOW, workspace, channel, until)


async def set_rate(unit: Unit, workspace: WorkspaceId, channel: ChannelId, rate: int) -> None:
    await sql.execute_many(unit, _SET_RATE, workspace, channel, rate)


async def save_template(unit: Unit, workspace: WorkspaceId, row: TemplateRow) -> None:
    """Keep what the provider said of a template; an older word about status, category or quality never wins."""
    await sql.execute_many(
        unit,
        _TEMPLATE,
        workspace,
        row.id,
        row.account_id,
        row.provider_id,
        row.name,
        row.language,
        row.category,
        row.status,
        row.quality,
        row.changed_at,
    )


async def pause_template(unit: Unit, workspace: WorkspaceId, named: tuple[str, str], until: datetime) -> None:
    """The provider won't take this template (name, language) until then."""
    await sql.execute_many(unit, _PAUSE_TEMPLATE, workspace, *named, until)


async def template_state(
    unit: Unit, workspace: WorkspaceId, account: str, named: tuple[str, str]
) -> TemplateState | None:
    """What the provider last said of a template (name, language)."""
    rows = await sql.fetch_many(unit, _TEMPLATE_STATE, workspace, account, *named)
    return TemplateState(*rows[0]) if rows else None
