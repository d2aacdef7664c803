"""SQL of messages that leave as they are queued: the sender takes them in the statement that queues them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.ids import MessageId
from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.conversations.store.claims import Claimed, paid_at, room_at
from parley.modules.conversations.store.outbox import KEPT, QueueRow, Slot

# As a claim would: within the channel's bucket, whose row is locked, and never before what waits already: nothing as
# urgent on the channel, nothing at all in the conversation (its row is locked, so nobody adds to it meanwhile).
_QUEUE_AND_TAKE = f"""{KEPT}, lane as materialized (
    select l.workspace_id, l.channel_id, c.rate, {room_at("$3::timestamptz")} as room
    from channel_lane l
    join lateral (
        select rate from channel c where c.workspace_id = l.workspace_id and c.id = l.channel_id limit 1
    ) c on true
    left join lateral (
        select true as queue from outbox o where o.workspace_id = l.workspace_id and o.channel_id = l.channel_id
            and o.priority = 0 and o.due_at <= $3 and o.claimed_until is null limit 1
    ) w on true
    where (l.workspace_id, l.channel_id) in (select workspace_id, channel_id from x where id = any($4::uuid[]))
        and (l.closed_until is null or l.closed_until <= $3) and w.queue is null
    for update of l skip locked
), head as materialized (
    select x.id, x.workspace_id, x.channel_id, l.rate, l.room,
        row_number() over (partition by x.workspace_id, x.channel_id order by x.due_at, x.id) as n
    from x join lane l on l.workspace_id = x.workspace_id and l.channel_id = x.channel_id
    left join lateral (
        select true as waits from outbox e
        where e.workspace_id = x.workspace_id and e.conversation_id = x.conversation_id limit 1
    ) e on true
    where x.id = any($4::uuid[]) and x.due_at <= $3 and e.waits is null
), taken as materialized (
    select * from head where n <= room
), paid as (
    update channel_lane l set arrival = {paid_at("$3::timestamptz")}
    from (select workspace_id, channel_id, rate, count(*) as count from taken group by 1, 2, 3) t
    where l.workspace_id = t.workspace_id and l.channel_id = t.channel_id
), queued as (
    insert into outbox (workspace_id, channel_id, priority, due_at, id, conversation_id, contact_id, marketing,
        expires_at, media_id, body, claimed_until, claimed_by, attempts)
    select x.workspace_id, x.channel_id, x.priority, x.due_at, x.id, x.conversation_id, x.contact_id, x.marketing,
        x.expires_at, x.media_id, x.body, $3 + case when t.id is not null then $5::interval end,
        case when t.id is not null then $6::uuid end, (t.id is not null)::int
    from x left join taken t on t.id = x.id
)
select id from taken"""


@dataclass(frozen=True, slots=True)
class Taking:
    """What a sender in this process would post at once, and how long it holds what it takes."""

    wanted: frozenset[MessageId]
    held: timedelta
    claimant: UUID


async def queue_and_take(
    unit: Unit, queued: tuple[Sequence[QueueRow], Sequence[Slot]], taking: Taking, now: datetime
) -> list[Claimed]:
    """Queue messages and their conversations' slots, as `outbox.queue` does; those that the sender took."""
    rows, slots = queued
    found = await sql.fetch_many(
        unit, _QUEUE_AND_TAKE, rows, slots, now, list(taking.wanted), taking.held, taking.claimant
    )
    taken = {row[0] for row in found}
    return [
        Claimed(
            workspace=row.workspace,
            id=row.id,
            channel=row.channel,
            conversation=row.conversation,
            contact=row.contact,
            marketing=row.marketing,
            attempt=1,
            expires_at=row.expires_at,
            media=row.media,
            body=row.body,
            traced=row.origin == "api",
        )
        for row in rows
        if row.id in taken
    ]
