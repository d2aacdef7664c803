"""SQL of reading deliveries and attempts, and of sending again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

_COLUMNS = """
d.workspace_id, d.id, d.endpoint_id, d.event_id, d.kind, d.gathered, d.events, d.state, d.attempts, d.status,
d.created_at, d.finished_at, q.due_at"""
_FROM = """
from webhook_delivery d left join webhook_queue q on q.workspace_id = d.workspace_id and q.delivery_id = d.id"""
_ONE = f"select {_COLUMNS} {_FROM} where d.workspace_id = $1 and d.id = $2"
_FILTER = """
d.workspace_id = $1 and ($3::uuid is null or d.endpoint_id = $3) and ($4::text is null or d.state = $4)
and ($5::text is null or d.kind = $5) and ($6::uuid is null or d.event_id = $6)
and ($7::timestamptz is null or d.created_at >= $7) and ($8::timestamptz is null or d.created_at < $8)"""
_PAGE = f"""
select {_COLUMNS} {_FROM} where {_FILTER} and ($2::uuid is null or d.id < $2) order by d.id desc limit $9"""
# By the key of an endpoint's deliveries, which are in the order of their facts.
_PAGE_OF_ENDPOINT = f"""
select {_COLUMNS} {_FROM} where {_FILTER} and ($2::uuid is null or d.event_id < $2) order by d.event_id desc limit $9"""
_ATTEMPTS = """
select id, at, outcome, status, milliseconds, detail from webhook_attempt
where workspace_id = $1 and delivery_id = $2 order by id"""

# What waits is due now; what ended waits again, with all its attempts before it. `attempts` starts anew, or the first
# failure would be the last.
_RESEND = """
with chosen as (
    select d.workspace_id, d.id, d.endpoint_id, d.event_id, d.gathered from webhook_delivery d
    join webhook_endpoint e on e.workspace_id = d.workspace_id and e.id = d.endpoint_id and e.state <> 'disabled'
    where d.workspace_id = $1 and d.id = any($2::uuid[]) for update of d
), hurried as (
    update webhook_queue q set due_at = least(q.due_at, $3) from chosen c
    where q.workspace_id = c.workspace_id and q.delivery_id = c.id and q.claimed_until is null
), again as (
    insert into webhook_queue (workspace_id, delivery_id, endpoint_id, event_id, due_at, gathered, gathering)
    select workspace_id, id, endpoint_id, event_id, $3, gathered, false from chosen
    on conflict do nothing returning workspace_id, delivery_id
)
update webhook_delivery d set state = 'pending', finished_at = null from chosen c
where d.workspace_id = c.workspace_id and d.id = c.id returning d.id"""
_FAILED_SINCE = """
select id from webhook_delivery
where workspace_id = $1 and endpoint_id = $2 and event_id > $3 and state = 'failed' and created_at >= $4
order by event_id limit $5"""


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery; `due_at` while it waits."""

    workspace: WorkspaceId
    id: UUID
    endpoint: UUID
    event: UUID
    kind: str
    gathered: bool
    events: int
    state: str
    attempts: int
    status: int | None
    created_at: datetime
    finished_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    id: UUID
    at: datetime
    outcome: str
    status: int | None
    milliseconds: int
    detail: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which deliveries are listed."""

    endpoint: UUID | None = None
    state: str | None = None
    kind: str | None = None
    event: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def one(unit: Unit, wanted: UUID) -> DeliveryRow | None:
    row = await sql.fetch_one(unit, _ONE, wanted)
    return DeliveryRow(*row) if row else None


async def page(unit: Unit, wish: Wish, after: UUID | None, limit: int) -> list[DeliveryRow]:
    """Newest first; `after` is a delivery's id, or of one endpoint's an event's."""
    query = _PAGE if wish.endpoint is None else _PAGE_OF_ENDPOINT
    filters = (wish.endpoint, wish.state, wish.kind, wish.event, wish.since, wish.until)
    return [DeliveryRow(*row) for row in await sql.fetch(unit, query, after, *filters, limit)]


async def attempts(unit: Unit, delivery: UUID) -> list[AttemptRow]:
    """Oldest first."""
    return [AttemptRow(*row) for row in await sql.fetch(unit, _ATTEMPTS, delivery)]


async def resend(unit: Unit, wanted: Sequence[UUID], now: datetime) -> int:
    """Let these be due now, whatever became of them; how many are of endpoints that are told anything."""
    return len(await sql.fetch(unit, _RESEND, list(wanted), now))


async def failed_since(unit: Unit, endpoint: UUID, after: UUID, since: datetime, most: int) -> list[UUID]:
    """Deliveries that failed for good, in the order of their facts."""
    return [row[0] for row in await sql.fetch(unit, _FAILED_SINCE, endpoint, after, since, most)]
