"""SQL of messages that leave later, and of taking back what has not left yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parley.core.ids import ChannelId, ContactId, ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.conversations.store.outbox import QueueRow, Slot

_SCHEDULE = """
with x as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
        $8::timestamptz[], $9::bytea[], $10::smallint[], $11::bool[], $12::timestamptz[], $13::timestamptz[])
        as x (workspace_id, id, conversation_id, contact_id, channel_id, origin, kind, at, body, priority, marketing,
        due_at, expires_at)
), m as (
    insert into message (workspace_id, id, conversation_id, contact_id, channel_id, outbound, origin, kind, status, at)
    select workspace_id, id, conversation_id, contact_id, channel_id, true, origin, kind, 10, at from x
), b as (
    insert into message_body (workspace_id, message_id, body) select workspace_id, id, body from x
)
insert into scheduled (workspace_id, message_id, channel_id, due_at, expires_at, priority, marketing)
select workspace_id, id, channel_id, due_at, expires_at, priority, marketing from x"""
_DUE = """
select workspace_id, message_id, expires_at, priority, marketing from scheduled
where due_at <= $1 order by due_at limit $2 for update skip locked"""
_MESSAGES = """
select m.workspace_id, m.id, m.conversation_id, m.contact_id, m.channel_id, m.origin, b.body
from unnest($1::uuid[], $2::uuid[]) as x (w, id)
join message m on m.workspace_id = x.w and m.id = x.id and m.status = 10
join message_body b on b.workspace_id = m.workspace_id and b.message_id = m.id"""
_LEAVE = """
with x as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::smallint[], $7::bool[],
        $8::timestamptz[], $9::timestamptz[], $10::uuid[], $11::bytea[])
        as x (workspace_id, id, conversation_id, contact_id, channel_id, priority, marketing, due_at, expires_at,
        media_id, body)
), v as (
    update conversation c set pair_arrival = s.arrival, last_message_at = s.at
    from unnest($12::uuid[], $13::uuid[], $14::timestamptz[], $15::timestamptz[]) as s (w, id, arrival, at)
    where c.workspace_id = s.w and c.id = s.id
)
insert into outbox (workspace_id, channel_id, priority, due_at, id, conversation_id, contact_id, marketing, expires_at,
    media_id, body)
select workspace_id, channel_id, priority, due_at, id, conversation_id, contact_id, marketing, expires_at,
    media_id, body
from x"""
_DROP = """
delete from scheduled s using unnest($1::uuid[], $2::uuid[]) as x (w, id)
where s.workspace_id = x.w and s.message_id = x.id"""


# A claimed message is on its way: the row stays, for its claim waits behind this lock or has passed it already.
def _cancelling(scheduled: str, queued: str) -> str:
    return f"""
with s as (
    delete from scheduled where workspace_id = $1 and {scheduled} = $2 returning message_id
), o as (
    delete from outbox where workspace_id = $1 and {queued} = $2 and claimed_until is null returning id
), gone as (
    select message_id as id from s union all select id from o
), h as (
    insert into message_status (workspace_id, message_id, status, at) select $1, id, 35, $3 from gone
    on conflict do nothing
)
update message m set status = 35 from gone where m.workspace_id = $1 and m.id = gone.id and m.status < 35
returning m.id, m.conversation_id, m.contact_id"""


_CANCEL = _cancelling("message_id", "id")
_CANCEL_ALL = _cancelling("channel_id", "channel_id")


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose time has come."""

    workspace: WorkspaceId
    id: MessageId
    expires_at: datetime | None
    priority: int
    marketing: bool


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message that waits, its body sealed."""

    workspace: WorkspaceId
    id: MessageId
    conversation: ConversationId
    contact: ContactId
    channel: ChannelId
    origin: str
    body: bytes


async def schedule(unit: Unit, rows: Sequence[QueueRow]) -> None:
    """Keep messages for later; their `due_at` is when."""
    columns = [
        (
            r.workspace,
            r.id,
            r.conversation,
            r.contact,
            r.channel,
            r.origin,
            r.kind,
            r.at,
            r.body,
            r.priority,
            r.marketing,
            r.due_at,
            r.expires_at,
        )
        for r in rows
    ]
    await sql.execute_many(unit, _SCHEDULE, *map(list, zip(*columns, strict=True)))


async def due(unit: Unit, now: datetime, limit: int) -> list[Due]:
    """Messages whose time has come, held until the unit ends; needs the lane `claim`."""
    return [Due(*row) for row in await sql.fetch_many(unit, _DUE, now, limit)]


async def stored(unit: Unit, wanted: Sequence[tuple[WorkspaceId, MessageId]]) -> list[StoredMessage]:
    """Those of these messages that still wait."""
    rows = await sql.fetch_many(unit, _MESSAGES, *map(list, zip(*wanted, strict=True)))
    return [StoredMessage(*row) for row in rows]


async def leave(unit: Unit, rows: Sequence[QueueRow], slots: Sequence[Slot]) -> None:
    """Queue messages that were stored when they were scheduled."""
    columns = [
        (
            r.workspace,
            r.id,
            r.conversation,
            r.contact,
            r.channel,
            r.priority,
            r.marketing,
            r.due_at,
            r.expires_at,
            r.media,
            r.body,
        )
        for r in rows
    ]
    given = (*map(list, zip(*columns, strict=True)), *map(list, zip(*slots, strict=True)))
    await sql.execute_many(unit, _LEAVE, *given)


async def drop(unit: Unit, done: Sequence[tuple[WorkspaceId, MessageId]]) -> None:
    """These wait no more."""
    await sql.execute_many(unit, _DROP, *map(list, zip(*done, strict=True)))


async def cancel(unit: Unit, message: MessageId, at: datetime) -> tuple[ConversationId, ContactId] | None:
    """Take back a message that nobody has begun to send; None when there is none."""
    row = await sql.fetch_one(unit, _CANCEL, message, at)
    return (row[1], row[2]) if row else None


async def cancel_all(unit: Unit, channel: ChannelId, at: datetime) -> list[tuple[MessageId, ConversationId, ContactId]]:
    """Take back everything of a channel that nobody has begun to send."""
    return [(row[0], row[1], row[2]) for row in await sql.fetch(unit, _CANCEL_ALL, channel, at)]
