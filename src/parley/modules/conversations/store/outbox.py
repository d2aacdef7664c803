"""SQL of the outbound path: queue, claim, settle. The queue is a table; a claim is a row update."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.ids import ChannelId, ContactId, ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

_QUEUE = """
with x as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
        $8::timestamptz[], $9::bytea[], $10::smallint[], $11::bool[], $12::timestamptz[], $13::timestamptz[],
        $14::uuid[]) as x (workspace_id, id, conversation_id, contact_id, channel_id, origin, kind, at, body, priority,
        marketing, due_at, expires_at, media_id)
), m as (
    insert into message (workspace_id, id, conversation_id, contact_id, channel_id, outbound, origin, kind, status, at)
    select workspace_id, id, conversation_id, contact_id, channel_id, true, origin, kind, 10, at from x
), b as (
    insert into message_body (workspace_id, message_id, body) select workspace_id, id, body from x
)
insert into outbox (workspace_id, channel_id, priority, due_at, id, conversation_id, contact_id, marketing, expires_at,
    media_id, body)
select workspace_id, channel_id, priority, due_at, id, conversation_id, contact_id, marketing, expires_at, media_id, body
from x"""
_ARRIVALS = """
update conversation c set pair_arrival = x.arrival, last_message_at = x.at
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) as x (w, id, arrival, at)
where c.workspace_id = x.w and c.id = x.id"""

# 1. `pair`: the (workspace, channel) pairs that have anything queued, by a skip scan of the queue's index.
# 2. `lane`: those whose channel is open, their bucket's row locked (so one claim at a time serves a channel), and how
#    many messages the bucket holds now, at most a fair share.
# 3. `head`: the first of each conversation among a bounded look ahead: nothing of the same conversation is being sent,
#    and nothing as urgent was queued before it. Interactive first.
# 4. The claimed rows are marked, the buckets pay, and the unit is bound to the workspaces concerned.
_CLAIM = """
with recursive pair (workspace_id, channel_id) as (
    (select workspace_id, channel_id from outbox order by workspace_id, channel_id limit 1)
    union all
    select n.workspace_id, n.channel_id from pair p cross join lateral (
        select o.workspace_id, o.channel_id from outbox o
        where (o.workspace_id, o.channel_id) > (p.workspace_id, p.channel_id)
        order by o.workspace_id, o.channel_id limit 1
    ) n
), lane as materialized (
    select l.workspace_id, l.channel_id, c.rate,
        least(floor(extract(epoch from $1::timestamptz - greatest(l.arrival, $1::timestamptz - make_interval(secs =>
            greatest(0.25, 1.0 / c.rate)))) * c.rate), $2)::int as room
    from channel_lane l
    join lateral (
        select rate from channel c where c.workspace_id = l.workspace_id and c.id = l.channel_id limit 1
    ) c on true
    where (l.workspace_id, l.channel_id) in (select workspace_id, channel_id from pair)
        and (l.closed_until is null or l.closed_until <= $1)
        and l.workspace_id <> all ($4::uuid[])
    for update of l skip locked
), head as materialized (
    select o.workspace_id, o.id, row_number() over (partition by o.workspace_id order by o.priority, o.due_at, o.id) as n
    from lane l cross join lateral (
        select o.workspace_id, o.id, o.priority, o.due_at from (
            (select * from outbox a where a.workspace_id = l.workspace_id and a.channel_id = l.channel_id
                and a.priority = 0 and a.due_at <= $1 order by a.due_at, a.id limit 200 + l.room)
            union all
            (select * from outbox a where a.workspace_id = l.workspace_id and a.channel_id = l.channel_id
                and a.priority = 1 and a.due_at <= $1 order by a.due_at, a.id limit 200 + l.room)
        ) o
        where o.claimed_until is null and not exists (
            select from outbox e where e.workspace_id = o.workspace_id and e.conversation_id = o.conversation_id
                and e.id <> o.id
                and (e.claimed_until is not null or (e.id < o.id and e.priority <= o.priority)))
        order by o.priority, o.due_at, o.id limit l.room
    ) o
    where l.room > 0
), taken as (
    update outbox o set claimed_until = $1 + $5::interval, attempts = o.attempts + 1
    from (select workspace_id, id from head where n <= $2 order by n limit $3) h
    where o.workspace_id = h.workspace_id and o.id = h.id and o.claimed_until is null
    returning o.workspace_id, o.id, o.channel_id, o.conversation_id, o.contact_id, o.marketing, o.attempts,
        o.expires_at, o.media_id, o.body
), paid as (
    update channel_lane l set arrival = greatest(l.arrival, $1::timestamptz - make_interval(secs => greatest(0.25, 1.0 / t.rate)))
        + make_interval(secs => t.count / t.rate::float8)
    from (select t.workspace_id, t.channel_id, lane.rate, count(*) as count from taken t join lane using
        (workspace_id, channel_id) group by 1, 2, 3) t
    where l.workspace_id = t.workspace_id and l.channel_id = t.channel_id
), bound as (
    select set_config('app.workspaces', string_agg(distinct workspace_id::text, ','), true) as ok from taken
)
select taken.* from taken, bound"""

_SENT = """
with x as (
    select * from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::timestamptz[])
        as x (workspace_id, id, ref, provider_id, at)
), o as (
    delete from outbox o using x where o.workspace_id = x.workspace_id and o.id = x.id
), r as (
    insert into message_ref (workspace_id, ref, message_id, provider_id)
    select workspace_id, ref, id, provider_id from x on conflict do nothing
), h as (
    insert into message_status (workspace_id, message_id, status, at) select workspace_id, id, 30, at from x
    on conflict do nothing
)
update message m set status = greatest(m.status, 30) from x
where m.workspace_id = x.workspace_id and m.id = x.id
returning m.workspace_id, m.id, m.conversation_id, m.contact_id"""

_AGAIN = """
update outbox o set claimed_until = null, due_at = x.due_at
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as x (w, id, due_at)
where o.workspace_id = x.w and o.id = x.id"""

_ENDED = """
with x as (
    select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::timestamptz[], $5::jsonb[], $6::bytea[])
        as x (workspace_id, id, status, at, detail, words)
), o as (
    delete from outbox o using x where o.workspace_id = x.workspace_id and o.id = x.id
), h as (
    insert into message_status (workspace_id, message_id, status, at, detail, words)
    select workspace_id, id, status, at, detail, words from x on conflict do nothing
)
update message m set status = x.status from x
where m.workspace_id = x.workspace_id and m.id = x.id and m.status < x.status
returning m.workspace_id, m.id, m.conversation_id, m.contact_id, m.status"""

_STRANDED = """
select workspace_id, id from outbox where claimed_until < $1 order by workspace_id, id limit 500"""
_DEPTH = """
select priority, count(*) as waiting, extract(epoch from $1 - min(due_at)) as age from outbox group by priority"""


@dataclass(frozen=True, slots=True)
class QueueRow:
    workspace: WorkspaceId
    id: MessageId
    conversation: ConversationId
    contact: ContactId
    channel: ChannelId
    origin: str
    kind: str
    at: datetime
    body: bytes
    priority: int
    marketing: bool
    due_at: datetime
    expires_at: datetime
    media: UUID | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message taken for sending; `attempt` counts from 1."""

    workspace: WorkspaceId
    id: MessageId
    channel: ChannelId
    conversation: ConversationId
    contact: ContactId
    marketing: bool
    attempt: int
    expires_at: datetime
    media: UUID | None
    body: bytes


@dataclass(frozen=True, slots=True)
class ClaimLimits:
    """How much one claim may take: in all, of one workspace, and how long the claim holds."""

    total: int
    per_workspace: int
    held: timedelta
    full_workspaces: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A message whose row moved, for the facts."""

    workspace: WorkspaceId
    id: MessageId
    conversation: ConversationId
    contact: ContactId


@dataclass(frozen=True, slots=True)
class Ended:
    """A message that won't be sent by us any more: failed, or of unknown outcome."""

    workspace: WorkspaceId
    id: MessageId
    status: int
    at: datetime
    detail: str | None
    words: bytes | None


async def queue(unit: Unit, rows: Sequence[QueueRow]) -> None:
    columns = zip(
        *[
            (r.workspace, r.id, r.conversation, r.contact, r.channel, r.origin, r.kind, r.at, r.body, r.priority,
             r.marketing, r.due_at, r.expires_at, r.media)
            for r in rows
        ],
        strict=True,
    )
    await sql.execute_many(unit, _QUEUE, *map(list, columns))


async def reserve(unit: Unit, slots: Sequence[tuple[WorkspaceId, ConversationId, datetime, datetime]]) -> None:
    """Keep each conversation's next slot of the pair rate; its row is locked already."""
    await sql.execute_many(unit, _ARRIVALS, *map(list, zip(*slots, strict=True)))


async def claim(unit: Unit, now: datetime, limits: ClaimLimits) -> list[Claimed]:
    """Take messages that may leave now; needs the lane `claim`, and binds the unit to their workspaces."""
    rows = await sql.fetch_many(
        unit, _CLAIM, now, limits.per_workspace, limits.total, list(limits.full_workspaces), limits.held
    )
    return [Claimed(*row) for row in rows]


async def settle_sent(
    unit: Unit, sent: Sequence[tuple[WorkspaceId, MessageId, bytes, bytes, datetime]]
) -> list[Settled]:
    """The provider took them: (workspace, message, ref, sealed provider id, when)."""
    rows = await sql.fetch_many(unit, _SENT, *map(list, zip(*sent, strict=True)))
    return [Settled(*row) for row in rows]


async def settle_again(unit: Unit, again: Sequence[tuple[WorkspaceId, MessageId, datetime]]) -> None:
    """Back into the queue, due then."""
    await sql.execute_many(unit, _AGAIN, *map(list, zip(*again, strict=True)))


async def settle_ended(unit: Unit, ended: Sequence[Ended]) -> list[tuple[Settled, int]]:
    """Out of the queue with this status, where it is news; those it was news for."""
    columns = zip(*[(e.workspace, e.id, e.status, e.at, e.detail, e.words) for e in ended], strict=True)
    rows = await sql.fetch_many(unit, _ENDED, *map(list, columns))
    return [(Settled(row[0], row[1], row[2], row[3]), row[4]) for row in rows]


async def stranded(unit: Unit, now: datetime) -> list[tuple[WorkspaceId, MessageId]]:
    """Messages whose sender died with them; needs the lane `claim`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _STRANDED, now)]


async def depth(unit: Unit, now: datetime) -> dict[int, tuple[int, float]]:
    """How many wait and how long the oldest is overdue in seconds, by priority; needs the lane `claim`."""
    return {row[0]: (row[1], max(0.0, float(row[2] or 0))) for row in await sql.fetch_many(unit, _DEPTH, now)}
