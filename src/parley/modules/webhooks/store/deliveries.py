"""SQL of deliveries: made by the fan-out, listed, and sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

# A fact that an endpoint has a delivery of already is not told twice.
_ADD = """
with made as (
    insert into webhook_delivery (workspace_id, id, endpoint_id, event_id, kind, gathered, events, created_at)
    select w, id, endpoint, event, kind, gathered, case when gathered then 0 else 1 end, $9
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bool[])
        as x (w, id, endpoint, event, kind, gathered)
    on conflict do nothing returning workspace_id, id
)
insert into webhook_queue
    (workspace_id, delivery_id, endpoint_id, event_id, conversation_id, due_at, gathered, gathering)
select x.w, x.id, x.endpoint, x.event, x.conversation, x.due, x.gathered, x.gathered
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $7::uuid[], $8::timestamptz[], $6::bool[])
    as x (w, id, endpoint, event, conversation, due, gathered)
join made m on m.workspace_id = x.w and m.id = x.id
returning endpoint_id"""
_GATHERING = """
select q.workspace_id, q.endpoint_id, q.delivery_id, d.events from webhook_queue q
join webhook_delivery d on d.workspace_id = q.workspace_id and d.id = q.delivery_id
where q.workspace_id = any($1::uuid[]) and q.endpoint_id = any($2::uuid[]) and q.gathering
for update of q"""
_GATHER = """
with more as (
    insert into webhook_gathered (workspace_id, delivery_id, event_id)
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) on conflict do nothing
    returning workspace_id, delivery_id
)
update webhook_delivery d set events = d.events + m.more
from (select workspace_id, delivery_id, count(*)::int as more from more group by 1, 2) m
where d.workspace_id = m.workspace_id and d.id = m.delivery_id"""
_FULL = """
update webhook_queue q set due_at = least(q.due_at, $3), gathering = false
from unnest($1::uuid[], $2::uuid[]) as x (w, id) where q.workspace_id = x.w and q.delivery_id = x.id"""
_GATHERED = """
select delivery_id, event_id from webhook_gathered
where workspace_id = $1 and delivery_id = any($2::uuid[]) order by delivery_id, event_id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery to be queued; `conversation` only where its order matters."""

    workspace: WorkspaceId
    id: UUID
    endpoint: UUID
    event: UUID
    kind: str
    conversation: UUID | None
    due_at: datetime
    gathered: bool


@dataclass(frozen=True, slots=True)
class Gathering:
    """A delivery that more facts may be put into."""

    workspace: WorkspaceId
    endpoint: UUID
    delivery: UUID
    events: int


async def add(unit: Unit, new: Sequence[NewDelivery], now: datetime) -> int:
    """Queue deliveries; how many of them were new."""
    rows = await sql.fetch_many(
        unit,
        _ADD,
        [each.workspace for each in new],
        [each.id for each in new],
        [each.endpoint for each in new],
        [each.event for each in new],
        [each.kind for each in new],
        [each.gathered for each in new],
        [each.conversation for each in new],
        [each.due_at for each in new],
        now,
    )
    return len(rows)


async def gathering(unit: Unit, workspaces: Sequence[UUID], endpoints: Sequence[UUID]) -> list[Gathering]:
    """What is being gathered for these endpoints, held until the unit ends."""
    return [Gathering(*row) for row in await sql.fetch_many(unit, _GATHERING, list(workspaces), list(endpoints))]


async def gather(unit: Unit, facts: Sequence[tuple[WorkspaceId, UUID, UUID]]) -> None:
    """Put facts into deliveries: (workspace, delivery, event)."""
    await sql.execute_many(unit, _GATHER, *map(list, zip(*facts, strict=True)))


async def close_full(unit: Unit, full: Sequence[tuple[WorkspaceId, UUID]], now: datetime) -> None:
    """These deliveries take no more, and are due."""
    await sql.execute_many(unit, _FULL, [each[0] for each in full], [each[1] for each in full], now)


async def gathered(unit: Unit, deliveries: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The facts of deliveries that gathered some, in their order."""
    found: dict[UUID, list[UUID]] = {}
    for row in await sql.fetch(unit, _GATHERED, list(deliveries)):
        found.setdefault(row[0], []).append(row[1])
    return found
