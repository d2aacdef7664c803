"""SQL of endpoints' health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.webhooks.domain import FAILING, GONE
from parley.modules.webhooks.schedule import BREAKS_AFTER, Health

# Locked in the order of their keys, so that two workers never wait for each other.
_LOCK = """
select l.workspace_id, l.endpoint_id, l.failures, l.failing_since, l.closed_until
from webhook_lane l join unnest($1::uuid[], $2::uuid[]) as x (w, id) on l.workspace_id = x.w and l.endpoint_id = x.id
order by 1, 2 for update of l"""
_SAVE = """
update webhook_lane l set failures = x.failures, failing_since = x.since, closed_until = x.until
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[], $5::timestamptz[])
    as x (w, id, failures, since, until)
where l.workspace_id = x.w and l.endpoint_id = x.id"""
_DISABLE = """
with gone as (
    update webhook_endpoint e set state = 'disabled', reason = x.reason, version = version + 1, updated_at = now()
    from unnest($1::uuid[], $2::uuid[], $3::text[]) as x (w, id, reason)
    where e.workspace_id = x.w and e.id = x.id and e.state <> 'disabled' returning e.workspace_id, e.id
), dropped as (
    delete from webhook_queue q using gone g where q.workspace_id = g.workspace_id and q.endpoint_id = g.id
    returning q.workspace_id, q.delivery_id
), failed as (
    update webhook_delivery d set state = 'failed', finished_at = now() from dropped q
    where d.workspace_id = q.workspace_id and d.id = q.delivery_id and d.state = 'pending'
)
select workspace_id, id from gone"""
_TROUBLE = f"""
select count(*) filter (where e.state = 'active' and l.failures >= {BREAKS_AFTER}),
    count(*) filter (where e.state = 'disabled' and e.reason in ('{GONE}', '{FAILING}')),
    count(*) filter (where e.state = 'unverified')
from webhook_endpoint e join webhook_lane l on l.workspace_id = e.workspace_id and l.endpoint_id = e.id"""

# What nothing holds back: no circuit, no rate, no order, no handshake.
_LATE = """
select count(*), coalesce(extract(epoch from $1 - min(q.due_at)), 0)::float from webhook_queue q
join webhook_endpoint e on e.workspace_id = q.workspace_id and e.id = q.endpoint_id
join webhook_lane l on l.workspace_id = q.workspace_id and l.endpoint_id = q.endpoint_id
where q.due_at <= $1 and q.conversation_id is null and e.state = 'active' and e.rate is null and l.failures = 0
    and (l.closed_until is null or l.closed_until <= $1)"""

Endpoint = tuple[WorkspaceId, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Endpoints that fail now, were given up, or did not answer the handshake.

    `late` is how many deliveries wait for nothing but us, the oldest `overdue` by so many seconds.
    """

    failing: int
    given_up: int
    unverified: int
    late: int
    overdue: float


async def lock(unit: Unit, endpoints: Sequence[Endpoint]) -> dict[Endpoint, Health]:
    """How these endpoints do, held until the unit ends."""
    rows = await sql.fetch_many(unit, _LOCK, [each[0] for each in endpoints], [each[1] for each in endpoints])
    return {(row[0], row[1]): Health(failures=row[2], failing_since=row[3], closed_until=row[4]) for row in rows}


async def save(unit: Unit, healths: dict[Endpoint, Health]) -> None:
    await sql.execute_many(
        unit,
        _SAVE,
        [each[0] for each in healths],
        [each[1] for each in healths],
        [each.failures for each in healths.values()],
        [each.failing_since for each in healths.values()],
        [each.closed_until for each in healths.values()],
    )


async def disable(unit: Unit, endpoints: dict[Endpoint, str]) -> list[Endpoint]:
    """Tell these endpoints nothing any more, by reason; what waited for them failed. Those that were not yet."""
    columns = ([each[0] for each in endpoints], [each[1] for each in endpoints], list(endpoints.values()))
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _DISABLE, *columns)]


async def trouble(unit: Unit, now: datetime) -> Trouble:
    """What is amiss in all workspaces."""
    failing, given_up, unverified = (await sql.fetch_many(unit, _TROUBLE))[0]
    late, overdue = (await sql.fetch_many(unit, _LATE, now))[0]
    return Trouble(failing=failing, given_up=given_up, unverified=unverified, late=late, overdue=max(0.0, overdue))
