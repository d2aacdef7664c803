"""SQL of endpoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.webhooks.domain import About

ABOUT = SealedColumn("webhook_endpoint", "about", About)

COLUMNS = (
    "e.workspace_id, e.id, e.version, e.kind, e.state, e.reason, e.event_types, e.channel_ids, e.body, e.ordered, "
    "e.buffer_seconds, e.buffer_count, e.rate, e.about, e.created_at, e.updated_at"
)
_ADD = """
with lane as (insert into webhook_lane (workspace_id, endpoint_id) values ($1, $2))
insert into webhook_endpoint (workspace_id, id, kind, state, event_types, channel_ids, body, ordered, buffer_seconds,
    buffer_count, rate, about, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)"""
_SAVE = """
update webhook_endpoint set version = version + 1, state = $3, reason = $4, event_types = $5, channel_ids = $6,
    body = $7, ordered = $8, buffer_seconds = $9, buffer_count = $10, rate = $11, about = $12, updated_at = $13
where workspace_id = $1 and id = $2 and version = $14 returning version"""
_ONE = f"select {COLUMNS} from webhook_endpoint e where e.workspace_id = $1 and e.id = $2"
_LOCKED = f"{_ONE} for update"
_PAGE = f"""
select {COLUMNS} from webhook_endpoint e where e.workspace_id = $1 and ($2::uuid is null or e.id < $2)
order by e.id desc limit $3"""
_COUNT = "select count(*) from webhook_endpoint where workspace_id = $1"
_DELETE = """
with lane as (delete from webhook_lane where workspace_id = $1 and endpoint_id = $2),
    queued as (delete from webhook_queue where workspace_id = $1 and endpoint_id = $2 returning delivery_id),
    deliveries as (delete from webhook_delivery where workspace_id = $1 and endpoint_id = $2 returning id),
    gathered as (delete from webhook_gathered g using deliveries d where g.workspace_id = $1 and g.delivery_id = d.id),
    attempts as (delete from webhook_attempt a using deliveries d where a.workspace_id = $1 and a.delivery_id = d.id)
delete from webhook_endpoint where workspace_id = $1 and id = $2 returning id"""
_OPEN_LANE = """
update webhook_lane set failures = 0, failing_since = null, closed_until = null
where workspace_id = $1 and endpoint_id = $2"""
_LISTENING = (
    f"select {COLUMNS} from webhook_endpoint e where e.workspace_id = any($1::uuid[]) and e.state <> 'disabled'"
)
_VERIFYING = f"select {COLUMNS} from webhook_endpoint e where e.state = 'verifying' order by e.updated_at limit $1"
_VERIFIED = """
update webhook_endpoint set version = version + 1, state = $3, reason = $4, updated_at = $5
where workspace_id = $1 and id = $2 and version = $6 and state = 'verifying' returning id"""


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint as stored."""

    workspace: WorkspaceId
    id: UUID
    version: int
    kind: str
    state: str
    reason: str | None
    event_types: Sequence[str]
    channel_ids: Sequence[UUID]
    body: str
    ordered: bool
    buffer_seconds: int | None
    buffer_count: int | None
    rate: int | None
    about: bytes
    created_at: datetime
    updated_at: datetime


async def add(unit: Unit, row: EndpointRow) -> None:
    """A new endpoint, and its lane."""
    await sql.execute(
        unit,
        _ADD,
        row.id,
        row.kind,
        row.state,
        list(row.event_types),
        list(row.channel_ids),
        row.body,
        row.ordered,
        row.buffer_seconds,
        row.buffer_count,
        row.rate,
        row.about,
        row.created_at,
    )


async def save(unit: Unit, row: EndpointRow) -> None:
    """The changed endpoint; its row was locked when it was read."""
    await sql.execute(
        unit,
        _SAVE,
        row.id,
        row.state,
        row.reason,
        list(row.event_types),
        list(row.channel_ids),
        row.body,
        row.ordered,
        row.buffer_seconds,
        row.buffer_count,
        row.rate,
        row.about,
        row.updated_at,
        row.version,
    )


async def get(unit: Unit, wanted: UUID) -> EndpointRow | None:
    row = await sql.fetch_one(unit, _ONE, wanted)
    return EndpointRow(*row) if row else None


async def lock(unit: Unit, wanted: UUID) -> EndpointRow | None:
    """One endpoint, held until the unit ends."""
    row = await sql.fetch_one(unit, _LOCKED, wanted)
    return EndpointRow(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int) -> list[EndpointRow]:
    """Newest first."""
    return [EndpointRow(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def count(unit: Unit) -> int:
    row = await sql.fetch_one(unit, _COUNT)
    return int(row[0]) if row else 0


async def delete(unit: Unit, wanted: UUID) -> bool:
    """Forget an endpoint and its deliveries; whether there was one."""
    return await sql.fetch_one(unit, _DELETE, wanted) is not None


async def open_lane(unit: Unit, wanted: UUID) -> None:
    """Forget what went wrong: its deliveries leave at once."""
    await sql.execute(unit, _OPEN_LANE, wanted)


async def listening(unit: Unit, workspaces: Sequence[UUID]) -> list[EndpointRow]:
    """The endpoints of these workspaces that are not disabled."""
    return [EndpointRow(*row) for row in await sql.fetch_many(unit, _LISTENING, workspaces)]


async def verifying(unit: Unit, most: int) -> list[EndpointRow]:
    """Endpoints of all workspaces that wait for the handshake."""
    return [EndpointRow(*row) for row in await sql.fetch_many(unit, _VERIFYING, most)]


async def verified(unit: Unit, row: EndpointRow, state: str, reason: str | None, now: datetime) -> bool:
    """The outcome of a handshake; False when the endpoint was changed meanwhile."""
    return await sql.fetch_one(unit, _VERIFIED, row.id, state, reason, now, row.version) is not None
