"""SQL of the inbound path: two statements for a whole batch, whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ChannelId, ContactId, ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.conversations.domain import MessageBody, Thread
from parley.modules.conversations.events import StoredSession

BODY = SealedColumn("message_body", "body", MessageBody)
PROVIDER_ID = SealedColumn("message_ref", "provider_id", str)

# Sorted, so that two workers lock the conversations they share in the same order.
_OPEN = """
insert into conversation as c
    (workspace_id, id, channel_id, contact_id, floor, last_inbound_at, entry_expires_at, last_message_at)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[],
    $8::timestamptz[]) order by 1, 3, 4
on conflict (workspace_id, channel_id, contact_id) do update set
    last_inbound_at = greatest(c.last_inbound_at, excluded.last_inbound_at),
    entry_expires_at = greatest(c.entry_expires_at, excluded.entry_expires_at),
    last_message_at = greatest(c.last_message_at, excluded.last_message_at)
returning workspace_id, id, channel_id, contact_id, floor, last_inbound_at, pair_arrival, merged_into"""

# The session is read here and not above: this statement's snapshot is younger than the locks taken there.
_INSERT = """
with r as (
    insert into message_ref (workspace_id, ref, message_id, provider_id)
    select * from unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::bytea[])
    on conflict do nothing
    returning workspace_id, message_id
), x as (
    select x.* from unnest($1::uuid[], $3::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::bool[], $9::text[],
        $10::text[], $11::smallint[], $12::timestamptz[], $13::bytea[]) as x (workspace_id, id, conversation_id,
        contact_id, channel_id, outbound, origin, kind, status, at, body)
    join r on r.message_id = x.id
), m as (
    insert into message (workspace_id, id, conversation_id, contact_id, channel_id, outbound, origin, kind, status, at)
    select workspace_id, id, conversation_id, contact_id, channel_id, outbound, origin, kind, status, at from x
), b as (
    insert into message_body (workspace_id, message_id, body) select workspace_id, id, body from x
), g as (
    select workspace_id, conversation_id, array_agg(id) as ids from x group by 1, 2
)
select g.conversation_id, g.ids, s.id, s.flow_id, s.flow_version, s.version, s.effect_id, s.timer_at, s.state
from g left join lateral (
    select * from session s where s.workspace_id = g.workspace_id and s.conversation_id = g.conversation_id limit 1
) s on true"""

_REVISE = """
with kept as (
    insert into message_revision (workspace_id, original, ref, kind, at, body)
    select * from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[], $5::timestamptz[], $6::bytea[])
    on conflict do nothing returning workspace_id, original, kind, at
)
select k.workspace_id, m.id, k.kind, k.at, m.conversation_id, m.contact_id
from kept k join lateral (
    select message_id from message_ref where workspace_id = k.workspace_id and ref = k.original limit 1
) r on true join lateral (
    select id, conversation_id, contact_id from message
    where workspace_id = k.workspace_id and id = r.message_id limit 1
) m on true"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A conversation that something arrived in."""

    workspace: WorkspaceId
    id: ConversationId
    channel: ChannelId
    contact: ContactId
    floor: str
    inbound_at: datetime | None
    entry_expires_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation's row, locked. `merged_into` is set when its contact became part of another."""

    thread: Thread
    merged_into: ConversationId | None


@dataclass(frozen=True, slots=True)
class NewMessage:
    workspace: WorkspaceId
    ref: bytes
    id: MessageId
    provider_id: bytes
    conversation: ConversationId
    contact: ContactId
    channel: ChannelId
    outbound: bool
    origin: str
    kind: str
    status: int
    at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Revision:
    workspace: WorkspaceId
    original: bytes
    ref: bytes
    kind: str
    at: datetime
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Revised:
    workspace: WorkspaceId
    message: MessageId
    kind: str
    at: datetime
    conversation: ConversationId
    contact: ContactId


async def open_threads(unit: Unit, openings: Sequence[Opening]) -> list[Opened]:
    """Find or create conversations, one a (channel, contact), and hold their rows until the unit ends."""
    columns = [
        (o.workspace, o.id, o.channel, o.contact, o.floor, o.inbound_at, o.entry_expires_at, o.at) for o in openings
    ]
    rows = await sql.fetch_many(unit, _OPEN, *map(list, zip(*columns, strict=True)))
    return [_opened(row) for row in rows]


def _opened(row: sql.Row) -> Opened:
    thread = Thread(
        workspace=row[0],
        id=row[1],
        channel=row[2],
        contact=row[3],
        floor=row[4],
        last_inbound_at=row[5],
        pair_arrival=row[6],
    )
    return Opened(thread, row[7])


async def insert_messages(unit: Unit, messages: Sequence[NewMessage]) -> tuple[set[UUID], dict[UUID, StoredSession]]:
    """Insert messages whose provider id is new; the ids inserted, and the waiting session of each conversation."""
    columns = zip(
        *[
            (
                m.workspace,
                m.ref,
                m.id,
                m.provider_id,
                m.conversation,
                m.contact,
                m.channel,
                m.outbound,
                m.origin,
                m.kind,
                m.status,
                m.at,
                m.body,
            )
            for m in messages
        ],
        strict=True,
    )
    inserted: set[UUID] = set()
    sessions: dict[UUID, StoredSession] = {}
    for row in await sql.fetch_many(unit, _INSERT, *map(list, columns)):
        inserted.update(row[1])
        if row[2] is not None:
            sessions[row[0]] = StoredSession(row[2], row[3], row[4], row[5], row[6], row[7], row[8])
    return inserted, sessions


async def revise(unit: Unit, revisions: Sequence[Revision]) -> list[Revised]:
    """Keep edits and withdrawals, each once; those of messages we have. The others wait for their message."""
    columns = zip(*[(r.workspace, r.original, r.ref, r.kind, r.at, r.body) for r in revisions], strict=True)
    rows = await sql.fetch_many(unit, _REVISE, *map(list, columns))
    return [Revised(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]
