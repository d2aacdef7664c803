"""SQL of the floor: taking it, what the bot may not send any more, and leases that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parley.core.ids import ContactId, ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.conversations.domain import BY_FLOW, Floor, Lease

_TAKE = """
with was as (
    select c.workspace_id, c.id, c.floor, c.floor_until from conversation c
    join unnest($1::uuid[], $2::uuid[]) as x (w, id) on c.workspace_id = x.w and c.id = x.id
    order by c.workspace_id, c.channel_id, c.contact_id for update of c
)
update conversation c set floor = $3, floor_by = $4, floor_until = $5 from was
where c.workspace_id = was.workspace_id and c.id = was.id
returning c.workspace_id, c.id, c.contact_id, was.floor, was.floor_until"""

# A claimed message is on its way: its claim was committed before, so it was said before.
_TAKE_BACK = """
with o as (
    delete from outbox o using unnest($1::uuid[], $2::uuid[]) as x (w, id), message m
    where o.workspace_id = x.w and o.conversation_id = x.id and o.claimed_until is null
        and m.workspace_id = o.workspace_id and m.id = o.id and m.origin = 'bot'
    returning o.workspace_id, o.id
), h as (
    insert into message_status (workspace_id, message_id, status, at) select workspace_id, id, 35, $3 from o
    on conflict do nothing
)
update message m set status = 35 from o where m.workspace_id = o.workspace_id and m.id = o.id and m.status < 35
returning m.workspace_id, m.id, m.conversation_id, m.contact_id"""

# Shared, so that whoever takes the floor waits for the end of this unit, and this unit for them. Locked in the order of
# everybody who locks many conversations.
_TAKEN = """
select c.workspace_id, c.id from conversation c
join unnest($1::uuid[], $2::uuid[]) as x (w, id) on c.workspace_id = x.w and c.id = x.id
order by c.workspace_id, c.channel_id, c.contact_id for share of c"""
_FLOORS = """
select c.workspace_id, c.id from conversation c
join unnest($1::uuid[], $2::uuid[]) as x (w, id) on c.workspace_id = x.w and c.id = x.id
where c.floor <> 'bot' and c.floor_by <> $3 and (c.floor_until is null or c.floor_until > $4)"""
_OVER = """
select workspace_id, id from conversation where floor_until <= $1
order by floor_until limit $2 for update skip locked"""

Place = tuple[WorkspaceId, ConversationId]


@dataclass(frozen=True, slots=True)
class Taken:
    """A conversation whose floor was taken, and whose it was."""

    workspace: WorkspaceId
    conversation: ConversationId
    contact: ContactId
    was: Floor
    was_until: datetime | None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A message of the bot's that leaves no more."""

    workspace: WorkspaceId
    id: MessageId
    conversation: ConversationId
    contact: ContactId


async def take(unit: Unit, places: Sequence[Place], lease: Lease) -> list[Taken]:
    """Give these conversations' floor to the lease's holder; their rows are held until the unit ends."""
    columns = map(list, zip(*places, strict=True))
    rows = await sql.fetch_many(unit, _TAKE, *columns, lease.holder, lease.by, lease.until)
    return [Taken(*row) for row in rows]


async def take_back(unit: Unit, places: Sequence[Place], at: datetime) -> list[TakenBack]:
    """Cancel what the bot said in these conversations and nobody has begun to send."""
    rows = await sql.fetch_many(unit, _TAKE_BACK, *map(list, zip(*places, strict=True)), at)
    return [TakenBack(*row) for row in rows]


async def taken_from_the_bot(unit: Unit, places: Sequence[Place], now: datetime) -> list[Place]:
    """Those of these conversations where somebody took the floor from the bot; nobody can until the unit ends."""
    columns = [list(each) for each in zip(*places, strict=True)]
    await sql.fetch_many(unit, _TAKEN, *columns)
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _FLOORS, *columns, BY_FLOW, now)]


async def leases_over(unit: Unit, now: datetime, limit: int) -> list[Place]:
    """Where a lease is over, held until the unit ends; needs the lane `sweep`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _OVER, now, limit)]
