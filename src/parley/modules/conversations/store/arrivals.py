"""SQL of the inbound path: two statements for a whole batch, whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
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
select * from unnest($1::new_opening[]) order by 1, 3, 4
on conflict (workspace_id, channel_id, contact_id) do update set
    last_inbound_at = greatest(c.last_inbound_at, excluded.last_inbound_at),
    entry_expires_at = greatest(c.entry_expires_at, excluded.entry_expires_at),
    last_message_at = greatest(c.last_message_at, excluded.last_message_at)
returning workspace_id, id, channel_id, contact_id, floor, last_inbound_at, pair_arrival, merged_into,
    floor_until, quiet_since, quiet_until, state = 'closed'"""

_TAKE_BACK = "delete from conversation where workspace_id = $1 and id = $2"

# The session is read here and not above: this statement's snapshot is younger than the locks taken there.
_INSERT = """
with come as (
    select * from unnest($1::new_arrival[])
), r as (
    insert into message_ref (workspace_id, ref, message_id, provider_id)
    select workspace_id, ref, id, provider_id from come
    on conflict do nothing
    returning message_id
), x as (
    select come.* from come join r on r.message_id = come.id
), m as (
    insert into message (workspace_id, id, conversation_id, contact_id, channel_id, outbound, origin, kind, status, at)
    select workspace_id, id, conversation_id, contact_id, channel_id, outbound, origin, kind, status, at from x
), b as (
    insert into message_body (workspace_id, message_id, body) select workspace_id, id, body from x
), g as (
    select workspace_id, conversation_id, array_agg(id) as ids from x group by 1, 2
)
select g.conversation_id, g.ids, s.id, s.flow_id, s.flow_version, s.version, s.effect_id, s.timer_at, s.state,
    s.began_with, s.began_state
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


class Opening(NamedTuple):
    """A conversation that something arrived in, as the database's `new_opening`."""

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
    closed: bool
    """It was closed, and is so until somebody opens it again."""


class NewMessage(NamedTuple):
    """A message that arrived, as the database's `new_arrival`."""

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
    rows = await sql.fetch_many(unit, _OPEN, openings)
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
        floor_until=row[8],
        quiet_since=row[9],
        quiet_until=row[10],
    )
    return Opened(thread, row[7], closed=row[11])


async def take_back(unit: Unit, conversation: ConversationId) -> None:
    """Unmake a conversation that this unit made."""
    await sql.execute(unit, _TAKE_BACK, conversation)


async def insert_messages(unit: Unit, messages: Sequence[NewMessage]) -> tuple[set[UUID], dict[UUID, StoredSession]]:
    """Insert messages whose provider id is new; the ids inserted, and the waiting session of each conversation."""
    inserted: set[UUID] = set()
    sessions: dict[UUID, StoredSession] = {}
    for row in await sql.fetch_many(unit, _INSERT, messages):
        inserted.update(row[1])
        if row[2] is not None:
            sessions[row[0]] = StoredSession(*row[2:])
    return inserted, sessions


async def revise(unit: Unit, revisions: Sequence[Revision]) -> list[Revised]:
    """Keep edits and withdrawals, each once; those of messages we have. The others wait for their message."""
    columns = zip(*[(r.workspace, r.original, r.ref, r.kind, r.at, r.body) for r in revisions], strict=True)
    rows = await sql.fetch_many(unit, _REVISE, *map(list, columns))
    return [Revised(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]
