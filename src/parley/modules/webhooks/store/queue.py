"""SQL of the queue: what may leave now, fair between endpoints, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.webhooks.schedule import BREAKS_AFTER
from parley.modules.webhooks.store.feed import EVENT_COLUMNS, StoredEvent

# 1. `outlet`: the endpoints that have anything queued, by a skip scan of the queue's index.
# 2. `lane`: those that are active and whose circuit is closed, their row locked (one claim at a time serves an
#    endpoint), and how many may leave: what the worker has room for, what the bucket holds, one where it is tried anew.
# 3. `head`: the first that are due. In an ordered conversation only the earliest, looked for one by one: as
#    `not exists` it becomes a hash of the whole queue.
# 4. Every endpoint's first before any endpoint's second.
_CLAIM = f"""
with recursive outlet (workspace_id, endpoint_id) as (
    (select workspace_id, endpoint_id from webhook_queue order by workspace_id, endpoint_id limit 1)
    union all
    select n.workspace_id, n.endpoint_id from outlet o cross join lateral (
        select q.workspace_id, q.endpoint_id from webhook_queue q
        where (q.workspace_id, q.endpoint_id) > (o.workspace_id, o.endpoint_id)
        order by q.workspace_id, q.endpoint_id limit 1
    ) n
), lane as materialized (
    select l.workspace_id, l.endpoint_id, e.version, e.rate, least(
        case when l.failures >= {BREAKS_AFTER} then 1 end, coalesce(k.room, $4),
        floor(extract(epoch from $1::timestamptz - greatest(l.arrival, $1::timestamptz - make_interval(secs =>
            greatest(1.0, 1.0 / e.rate)))) * e.rate + 0.001)::int) as room
    from outlet o
    join webhook_lane l on l.workspace_id = o.workspace_id and l.endpoint_id = o.endpoint_id
    join lateral (
        select version, rate from webhook_endpoint e
        where e.workspace_id = l.workspace_id and e.id = l.endpoint_id and e.state = 'active' limit 1
    ) e on true
    left join unnest($5::uuid[], $6::int[]) as k (id, room) on k.id = l.endpoint_id
    where (l.closed_until is null or l.closed_until <= $1)
    for update of l skip locked
), head as materialized (
    select q.* from (select * from lane where room > 0) l cross join lateral (
        select q.workspace_id, q.delivery_id, q.endpoint_id, q.due_at from webhook_queue q
        where q.workspace_id = l.workspace_id and q.endpoint_id = l.endpoint_id and q.due_at <= $1
            and (q.claimed_until is null or q.claimed_until <= $1)
            and (q.conversation_id is null or (
                select 1 from webhook_queue r where r.workspace_id = q.workspace_id and r.endpoint_id = q.endpoint_id
                    and r.conversation_id = q.conversation_id and r.event_id < q.event_id limit 1) is null)
        order by q.due_at, q.delivery_id limit l.room for update of q skip locked
    ) q
), chosen as materialized (
    select workspace_id, delivery_id, endpoint_id from (
        select *, row_number() over (partition by endpoint_id order by due_at, delivery_id) as place from head) h
    order by place, due_at limit $2
), claimed as (
    update webhook_queue q set claimed_until = $1 + $3::interval, claimed_by = $7, gathering = false
    from chosen c where q.workspace_id = c.workspace_id and q.delivery_id = c.delivery_id
    returning q.workspace_id, q.delivery_id, q.endpoint_id, q.event_id, q.gathered, q.attempts, q.due_at
), paid as (
    update webhook_lane l set arrival = greatest(l.arrival, $1::timestamptz - make_interval(secs =>
        greatest(1.0, 1.0 / n.rate))) + make_interval(secs => n.taken / n.rate::float)
    from (select l.workspace_id, l.endpoint_id, l.rate, count(*) as taken from claimed c
        join lane l using (workspace_id, endpoint_id) where l.rate is not null group by 1, 2, 3) n
    where l.workspace_id = n.workspace_id and l.endpoint_id = n.endpoint_id
)
select c.workspace_id, c.delivery_id, c.endpoint_id, l.version, c.gathered, c.attempts, c.due_at, l.room,
    {EVENT_COLUMNS}
from claimed c join lane l using (workspace_id, endpoint_id)
left join lateral (
    select * from event e where e.workspace_id = c.workspace_id and e.id = c.event_id limit 1
) e on true
order by c.due_at, c.delivery_id"""
_RELEASE = """
update webhook_queue q set claimed_until = null, claimed_by = null
from unnest($1::uuid[], $2::uuid[]) as x (w, id)
where q.workspace_id = x.w and q.delivery_id = x.id and q.claimed_by = $3"""
_SETTLE = """
with ended as (
    delete from webhook_queue q using unnest($1::uuid[], $2::uuid[], $3::text[]) as x (w, id, state)
    where x.state <> 'pending' and q.workspace_id = x.w and q.delivery_id = x.id
), again as (
    update webhook_queue q set due_at = x.due, attempts = x.attempts, claimed_until = null, claimed_by = null
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::timestamptz[])
        as x (w, id, state, attempts, due)
    where x.state = 'pending' and q.workspace_id = x.w and q.delivery_id = x.id and q.claimed_by = $13
), told as (
    update webhook_delivery d set state = x.state, attempts = d.attempts + 1, status = x.status,
        finished_at = case when x.state <> 'pending' then x.at end
    from unnest($1::uuid[], $2::uuid[], $3::text[], $6::smallint[], $8::timestamptz[]) as x (w, id, state, status, at)
    where d.workspace_id = x.w and d.id = x.id and d.state <> 'delivered'
), healed as (
    update webhook_lane l set failures = 0, failing_since = null, closed_until = null
    from unnest($14::uuid[], $15::uuid[]) as x (w, id)
    where l.workspace_id = x.w and l.endpoint_id = x.id and (l.failures > 0 or l.closed_until is not null)
)
insert into webhook_attempt (workspace_id, delivery_id, id, at, outcome, status, milliseconds, detail)
select * from unnest($1::uuid[], $2::uuid[], $7::uuid[], $8::timestamptz[], $9::text[], $10::smallint[], $11::int[],
    $12::bytea[])"""
_WAITING = """
select count(*), coalesce(extract(epoch from $1 - min(due_at)), 0)::float from webhook_queue where due_at <= $1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLimits:
    """`rooms` is what endpoints that the worker knows have room for; others get `fresh`."""

    most: int
    held: timedelta
    claimant: UUID
    fresh: int
    rooms: dict[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery to make now. `event` is None when the fact is no longer kept."""

    workspace: WorkspaceId
    id: UUID
    endpoint: UUID
    version: int
    """Of the endpoint as it is now."""
    gathered: bool
    attempts: int
    """Made before this one."""
    due_at: datetime
    room: int
    """How many of this endpoint's could have been claimed."""
    event: StoredEvent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of an attempt: `delivered`, `failed` for good, or `pending` until `due_at`."""

    workspace: WorkspaceId
    delivery: UUID
    state: str
    attempts: int
    due_at: datetime | None
    status: int | None
    attempt: UUID
    at: datetime
    outcome: str
    milliseconds: int
    detail: bytes


async def claim(unit: Unit, now: datetime, limits: ClaimLimits) -> list[Claimed]:
    """Deliveries that are due, held for this claimant, in the order in which they were due."""
    rows = await sql.fetch_many(
        unit,
        _CLAIM,
        now,
        limits.most,
        limits.held,
        limits.fresh,
        list(limits.rooms),
        list(limits.rooms.values()),
        limits.claimant,
    )
    return [_claimed(row) for row in rows]


def _claimed(row: sql.Row) -> Claimed:
    workspace, delivery, endpoint, version, gathered, attempts, due_at, room, *event = row
    told = StoredEvent(*event) if event[1] is not None else None
    return Claimed(workspace, delivery, endpoint, version, gathered, attempts, due_at, room, told)


async def release(unit: Unit, claimant: UUID, claimed: Sequence[Claimed]) -> None:
    """Put these back as they were."""
    await sql.execute_many(unit, _RELEASE, [e.workspace for e in claimed], [e.id for e in claimed], claimant)


async def settle(
    unit: Unit, claimant: UUID, settled: Sequence[Settled], healthy: Sequence[tuple[WorkspaceId, UUID]]
) -> None:
    """Write down what became of attempts; `healthy` are endpoints that took everything."""
    columns = (
        [each.workspace for each in settled],
        [each.delivery for each in settled],
        [each.state for each in settled],
        [each.attempts for each in settled],
        [each.due_at for each in settled],
        [each.status for each in settled],
        [each.attempt for each in settled],
        [each.at for each in settled],
        [each.outcome for each in settled],
        [each.status for each in settled],
        [each.milliseconds for each in settled],
        [each.detail for each in settled],
    )
    await sql.execute_many(
        unit, _SETTLE, *columns, claimant, [pair[0] for pair in healthy], [pair[1] for pair in healthy]
    )


async def waiting(unit: Unit, now: datetime) -> tuple[int, float]:
    """How many deliveries are due, and for how many seconds the oldest is."""
    row = (await sql.fetch_many(unit, _WAITING, now))[0]
    return int(row[0]), max(0.0, float(row[1]))
