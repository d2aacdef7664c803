"""SQL of claiming: which messages may leave now, fair between workspaces, within each channel's rate."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.ids import ChannelId, ContactId, ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit


def room_at(now: str) -> str:
    """How many messages the bucket of the lane `l` of the channel `c` holds at this moment (an SQL expression)."""
    return f"floor(extract(epoch from {now} - {_filled(now, 'c.rate')}) * c.rate)"


def paid_at(now: str) -> str:
    """The bucket of the lane `l` after the `t.count` messages that `t` took at this moment, at `t.rate`."""
    return f"{_filled(now, 't.rate')} + make_interval(secs => t.count / t.rate::float8)"


def _filled(now: str, rate: str) -> str:
    return f"greatest(l.arrival, {now} - make_interval(secs => greatest(0.25, 1.0 / {rate})))"


# 1. `pair`: the (workspace, channel) pairs that have anything queued, by a skip scan of the queue's index.
# 2. `lane`: those whose channel is open, their bucket's row locked (so one claim at a time serves a channel), and how
#    many messages the bucket holds now, at most a fair share.
# 3. `head`: the first of each conversation among a bounded look ahead: nothing of the same conversation is being sent,
#    and nothing as urgent was queued before it. Interactive first, for `p` is gone through in its order. The look for
#    rivals is a `lateral … limit 1`: as `not exists` it became a hash of the whole queue.
# 4. The claimed rows are marked, the buckets pay, and the unit is bound to the workspaces concerned.
_CLAIM = f"""
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
        least({room_at("$1::timestamptz")}, $2)::int as room
    from channel_lane l
    join lateral (
        select rate from channel c where c.workspace_id = l.workspace_id and c.id = l.channel_id limit 1
    ) c on true
    where (l.workspace_id, l.channel_id) in (select workspace_id, channel_id from pair)
        and (l.closed_until is null or l.closed_until <= $1)
        and l.workspace_id <> all ($4::uuid[])
    for update of l skip locked
), head as materialized (
    select o.workspace_id, o.id,
        row_number() over (partition by o.workspace_id order by o.priority, o.due_at, o.id) as n
    from lane l cross join lateral (
        select o.workspace_id, o.id, o.priority, o.due_at
        from (values (0::smallint), (1::smallint)) as p (priority)
        cross join lateral (
            select * from outbox a where a.workspace_id = l.workspace_id and a.channel_id = l.channel_id
                and a.priority = p.priority and a.due_at <= $1 order by a.due_at, a.id limit 200 + l.room
        ) o
        left join lateral (
            select true as waits from outbox e
            where e.workspace_id = o.workspace_id and e.conversation_id = o.conversation_id and e.id <> o.id
                and (e.claimed_until is not null or (e.id < o.id and e.priority <= o.priority))
            limit 1
        ) e on true
        where o.claimed_until is null and e.waits is null
        limit l.room
    ) o
    where l.room > 0
), taken as (
    update outbox o set claimed_until = $1 + $5::interval, claimed_by = $6, attempts = o.attempts + 1
    from (select workspace_id, id from head where n <= $2 order by n limit $3) h
    where o.workspace_id = h.workspace_id and o.id = h.id and o.claimed_until is null
    returning o.workspace_id, o.id, o.channel_id, o.conversation_id, o.contact_id, o.marketing, o.attempts,
        o.expires_at, o.media_id, o.body
), paid as (
    update channel_lane l set arrival = {paid_at("$1::timestamptz")}
    from (select t.workspace_id, t.channel_id, lane.rate, count(*) as count from taken t join lane using
        (workspace_id, channel_id) group by 1, 2, 3) t
    where l.workspace_id = t.workspace_id and l.channel_id = t.channel_id
), bound as (
    select set_config('app.workspaces', string_agg(distinct workspace_id::text, ','), true) as ok from taken
)
select taken.* from taken, bound"""

_RELEASE = """
update outbox set claimed_until = null, attempts = attempts - 1
where claimed_by = $1 and claimed_until is not null and id <> all ($2::uuid[])"""
_STRANDED = """
select workspace_id, id from outbox where claimed_until < $1 order by workspace_id, id limit 500"""
_DEPTH = """
select priority, count(*) as waiting, extract(epoch from $1 - min(due_at)) as age from outbox group by priority"""


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
    traced: bool = True
    """Whether it may have come by the API, so that what is exchanged for it is kept."""


@dataclass(frozen=True, slots=True)
class ClaimLimits:
    """How much one claim may take: in all, of one workspace, and how long the claim holds."""

    total: int
    per_workspace: int
    held: timedelta
    claimant: UUID
    full_workspaces: tuple[UUID, ...] = ()


async def claim(unit: Unit, now: datetime, limits: ClaimLimits) -> list[Claimed]:
    """Take messages that may leave now; needs the lane `claim`, and binds the unit to their workspaces."""
    rows = await sql.fetch_many(
        unit,
        _CLAIM,
        now,
        limits.per_workspace,
        limits.total,
        list(limits.full_workspaces),
        limits.held,
        limits.claimant,
    )
    return [Claimed(*row) for row in rows]


async def release(unit: Unit, claimant: UUID, begun: list[MessageId]) -> None:
    """Give back what this process claimed and never learned of: all but what it has begun. Needs the lane `claim`."""
    await sql.execute_many(unit, _RELEASE, claimant, begun)


async def stranded(unit: Unit, now: datetime) -> list[tuple[WorkspaceId, MessageId]]:
    """Messages whose sender died with them; needs the lane `claim`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _STRANDED, now)]


async def depth(unit: Unit, now: datetime) -> dict[int, tuple[int, float]]:
    """How many wait and how long the oldest is overdue in seconds, by priority; needs the lane `claim`."""
    return {row[0]: (row[1], max(0.0, float(row[2] or 0))) for row in await sql.fetch_many(unit, _DEPTH, now)}
