"""SQL of the outbound path's ends: queueing, and settling what became of a message. The queue is a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from parley.core.ids import ChannelId, ContactId, ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

_DEPTH = """
select count(*) from (select from outbox where workspace_id = $1 and channel_id = $2 limit $3) as waiting"""
KEPT = """
with x as (
    select * from unnest($1::new_outgoing[])
), m as (
    insert into message (workspace_id, id, conversation_id, contact_id, channel_id, outbound, origin, kind, status, at)
    select workspace_id, id, conversation_id, contact_id, channel_id, true, origin, kind, 10, at from x
), b as (
    insert into message_body (workspace_id, message_id, body) select workspace_id, id, body from x
), v as (
    update conversation c set pair_arrival = s.pair_arrival, last_message_at = s.at from unnest($2::new_slot[]) as s
    where c.workspace_id = s.workspace_id and c.id = s.conversation_id
)"""
"""Stores the messages `$1` and their conversations' slots `$2`; the statement goes on with what to queue of `x`."""
_QUEUE = f"""{KEPT}
insert into outbox (workspace_id, channel_id, priority, due_at, id, conversation_id, contact_id, marketing, expires_at,
    media_id, body)
select workspace_id, channel_id, priority, due_at, id, conversation_id, contact_id, marketing, expires_at,
    media_id, body
from x"""
_SENT = """
with x as (
    select * from unnest($1::new_sent[])
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
returning m.workspace_id, m.id, m.conversation_id, m.contact_id, exists (
    select from outbox o where o.workspace_id = m.workspace_id and o.conversation_id = m.conversation_id
        and o.id <> m.id), (
    select true from message_status s
    where s.workspace_id = m.workspace_id and s.message_id = m.id and s.status = 31 limit 1) is null"""

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
), u as (
    insert into unsure (workspace_id, message_id, since, asked_at)
    select workspace_id, id, at, at from x where status = 25 on conflict do nothing
)
update message m set status = x.status from x
where m.workspace_id = x.workspace_id and m.id = x.id and m.status < x.status
returning m.workspace_id, m.id, m.conversation_id, m.contact_id, exists (
    select from outbox o where o.workspace_id = m.workspace_id and o.conversation_id = m.conversation_id
        and o.id <> m.id), m.status"""


Slot = tuple[WorkspaceId, ConversationId, datetime, datetime]
"""A conversation's next slot of the pair rate, and when its last message was queued."""


class QueueRow(NamedTuple):
    """A message to queue, as the database's `new_outgoing`."""

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
class Settled:
    """A message whose row moved, for the facts."""

    workspace: WorkspaceId
    id: MessageId
    conversation: ConversationId
    contact: ContactId
    more: bool
    """Whether the conversation has other messages queued, which may leave now."""
    is_news: bool = True
    """False when a status told the same before."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A message that won't be sent by us any more: failed, or of unknown outcome."""

    workspace: WorkspaceId
    id: MessageId
    status: int
    at: datetime
    detail: str | None
    words: bytes | None


async def queue(unit: Unit, rows: Sequence[QueueRow], slots: Sequence[Slot]) -> None:
    """Queue messages, and keep each conversation's next slot of the pair rate; the conversations are locked already."""
    await sql.execute_many(unit, _QUEUE, rows, slots)


async def settle_sent(
    unit: Unit, sent: Sequence[tuple[WorkspaceId, MessageId, bytes, bytes, datetime]]
) -> list[Settled]:
    """The provider took them: (workspace, message, ref, sealed provider id, when)."""
    rows = await sql.fetch_many(unit, _SENT, sent)
    return [Settled(*row) for row in rows]


async def settle_again(unit: Unit, again: Sequence[tuple[WorkspaceId, MessageId, datetime]]) -> None:
    """Back into the queue, due then."""
    await sql.execute_many(unit, _AGAIN, *map(list, zip(*again, strict=True)))


async def settle_ended(unit: Unit, ended: Sequence[Ended]) -> list[tuple[Settled, int]]:
    """Out of the queue with this status, where it is news; those it was news for."""
    columns = zip(*[(e.workspace, e.id, e.status, e.at, e.detail, e.words) for e in ended], strict=True)
    rows = await sql.fetch_many(unit, _ENDED, *map(list, columns))
    return [(Settled(*row[:5]), row[5]) for row in rows]


async def depth_of(unit: Unit, channel: ChannelId, most: int) -> int:
    """How many messages of a number wait to leave; more than `most` are not counted."""
    rows = await sql.fetch(unit, _DEPTH, channel, most)
    return int(rows[0][0])
