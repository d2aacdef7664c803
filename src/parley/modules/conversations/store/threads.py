"""SQL of reading conversations and messages, of the floor, and of merging."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ChannelId, ContactId, ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.conversations.domain import Thread

_THREAD_COLUMNS = """
workspace_id, id, channel_id, contact_id, floor, last_inbound_at, pair_arrival, floor_until, quiet_since, quiet_until"""
_LOCK = f"""
select {_THREAD_COLUMNS} from conversation where workspace_id = $1 and id = $2 for update"""
_LOCK_MANY = f"""
select {_THREAD_COLUMNS} from conversation where workspace_id = $1 and id = any($2::uuid[]) order by id for update"""
_CONVERSATION_COLUMNS = """
workspace_id, id, channel_id, contact_id, floor, state, last_inbound_at, entry_expires_at, last_message_at, created_at,
floor_by, floor_until"""
_SET_STATE = """
update conversation c set state = $3 from unnest($1::uuid[], $2::uuid[]) as x (w, id)
where c.workspace_id = x.w and c.id = x.id and c.state <> $3 returning c.id"""
_CONVERSATION = f"""
select {_CONVERSATION_COLUMNS} from conversation where workspace_id = $1 and id = $2 and merged_into is null"""
_CONVERSATIONS = f"""
select {_CONVERSATION_COLUMNS} from conversation
where workspace_id = $1 and ($2::uuid is null or id < $2) and ($4::uuid is null or contact_id = $4)
    and merged_into is null
order by id desc limit $3"""
_CHANNELS_OF = "select id, channel_id from conversation where id = any($1::uuid[]) and workspace_id = any($2::uuid[])"
_MESSAGE_COLUMNS = """
m.workspace_id, m.id, m.conversation_id, m.contact_id, m.channel_id, m.outbound, m.origin, m.kind, m.status, m.at,
m.created_at, b.body, r.provider_id, o.claimed_until is not null as sending, s.workspace_id is not null as stands_in,
l.due_at"""
_MESSAGE_JOINS = """
join message_body b on b.workspace_id = m.workspace_id and b.message_id = m.id
left join lateral (
    select provider_id from message_ref where workspace_id = m.workspace_id and message_id = m.id limit 1
) r on true
left join outbox o on o.workspace_id = m.workspace_id and o.id = m.id
left join stand_in s on s.workspace_id = m.workspace_id and s.message_id = m.id
left join scheduled l on l.workspace_id = m.workspace_id and l.message_id = m.id"""
_MESSAGE = f"select {_MESSAGE_COLUMNS} from message m {_MESSAGE_JOINS} where m.workspace_id = $1 and m.id = $2"
_MESSAGES = f"""
select {_MESSAGE_COLUMNS} from message m {_MESSAGE_JOINS}
where m.workspace_id = $1 and ($2::uuid is null or m.id < $2) and ($4::uuid is null or m.conversation_id = $4)
order by m.id desc limit $3"""
_MANY_MESSAGES = f"""
select {_MESSAGE_COLUMNS} from message m {_MESSAGE_JOINS}
where m.workspace_id = $1 and m.id = any($2::uuid[])"""
_STATUSES = """
select message_id, status, at, detail::text, words from message_status
where workspace_id = $1 and message_id = any($2::uuid[]) order by message_id, status, at"""
_REVISIONS = """
select r.message_id, v.kind, v.at, v.ref, v.body
from message_ref r join message_revision v on v.workspace_id = r.workspace_id and v.original = r.ref
where r.workspace_id = $1 and r.message_id = any($2::uuid[]) order by v.at"""

# For each channel the loser has a conversation on: the winner's is found or made, then everything moves there.
_ADOPT = """
insert into conversation (workspace_id, id, channel_id, contact_id, floor, state, last_inbound_at, entry_expires_at,
    last_message_at, pair_arrival, created_at, floor_by, floor_until)
select workspace_id, gen_random_uuid(), channel_id, $3, floor, state, last_inbound_at, entry_expires_at,
    last_message_at, pair_arrival, created_at, floor_by, floor_until
from conversation where workspace_id = $1 and contact_id = $2 and merged_into is null
on conflict (workspace_id, channel_id, contact_id) do update set
    floor = case conversation.floor when 'bot' then excluded.floor else conversation.floor end,
    floor_by = case conversation.floor when 'bot' then excluded.floor_by else conversation.floor_by end,
    floor_until = case conversation.floor when 'bot' then excluded.floor_until else conversation.floor_until end,
    last_inbound_at = greatest(conversation.last_inbound_at, excluded.last_inbound_at),
    entry_expires_at = greatest(conversation.entry_expires_at, excluded.entry_expires_at),
    last_message_at = greatest(conversation.last_message_at, excluded.last_message_at)"""
_SIGNPOST = """
update conversation old set merged_into = new.id, state = 'closed'
from conversation new
where old.workspace_id = $1 and old.contact_id = $2 and old.merged_into is null
    and new.workspace_id = $1 and new.contact_id = $3 and new.channel_id = old.channel_id
returning old.id, new.id"""
_MOVE = """
with m as (update message set conversation_id = $3, contact_id = $5
        where workspace_id = $1 and conversation_id = $2 and contact_id = $4),
    o as (update outbox set conversation_id = $3, contact_id = $5 where workspace_id = $1 and conversation_id = $2),
    e as (update flow_effect set conversation_id = $3 where workspace_id = $1 and conversation_id = $2)
update session set conversation_id = $3 where workspace_id = $1 and conversation_id = $2 and not exists (
    select from session s where s.workspace_id = $1 and s.conversation_id = $3)"""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    workspace: WorkspaceId
    id: ConversationId
    channel: ChannelId
    contact: ContactId
    floor: str
    state: str
    last_inbound_at: datetime | None
    entry_expires_at: datetime | None
    last_message_at: datetime | None
    created_at: datetime
    floor_by: str | None
    floor_until: datetime | None


@dataclass(frozen=True, slots=True)
class MessageRow:
    workspace: WorkspaceId
    id: MessageId
    conversation: ConversationId
    contact: ContactId
    channel: ChannelId
    outbound: bool
    origin: str
    kind: str
    status: int
    at: datetime
    created_at: datetime
    body: bytes
    provider_id: bytes | None
    sending: bool
    stands_in: bool
    scheduled_for: datetime | None


@dataclass(frozen=True, slots=True)
class StatusRow:
    message: MessageId
    status: int
    at: datetime
    detail: str | None
    words: bytes | None


@dataclass(frozen=True, slots=True)
class RevisionRow:
    message: MessageId
    kind: str
    at: datetime
    ref: bytes
    body: bytes | None


async def lock_thread(unit: Unit, conversation: ConversationId) -> Thread | None:
    """The conversation, its row held until the unit ends."""
    return await hold_thread(unit, WorkspaceId(unit.workspace), conversation)


async def hold_thread(unit: Unit, workspace: WorkspaceId, conversation: ConversationId) -> Thread | None:
    """The same, in a unit of several workspaces."""
    row = next(iter(await sql.fetch_many(unit, _LOCK, workspace, conversation)), None)
    return _thread(row) if row else None


async def lock_threads(unit: Unit, wanted: list[ConversationId], *, skip_held: bool = False) -> list[Thread]:
    """Conversations, their rows held until the unit ends; `skip_held` leaves out those held by somebody else."""
    query = f"{_LOCK_MANY} skip locked" if skip_held else _LOCK_MANY
    return [_thread(row) for row in await sql.fetch(unit, query, wanted)]


def _thread(row: sql.Row) -> Thread:
    return Thread(
        workspace=row[0],
        id=row[1],
        channel=row[2],
        contact=row[3],
        floor=row[4],
        last_inbound_at=row[5],
        pair_arrival=row[6],
        floor_until=row[7],
        quiet_since=row[8],
        quiet_until=row[9],
    )


async def conversation(unit: Unit, wanted: ConversationId) -> ConversationRow | None:
    row = await sql.fetch_one(unit, _CONVERSATION, wanted)
    return ConversationRow(*row) if row else None


async def conversations(unit: Unit, after: UUID | None, limit: int, contact: UUID | None) -> list[ConversationRow]:
    """Newest first."""
    return [ConversationRow(*row) for row in await sql.fetch(unit, _CONVERSATIONS, after, limit, contact)]


async def message(unit: Unit, wanted: MessageId) -> MessageRow | None:
    row = await sql.fetch_one(unit, _MESSAGE, wanted)
    return MessageRow(*row) if row else None


async def messages(unit: Unit, after: UUID | None, limit: int, conversation_id: UUID | None) -> list[MessageRow]:
    """Newest first."""
    return [MessageRow(*row) for row in await sql.fetch(unit, _MESSAGES, after, limit, conversation_id)]


async def messages_of(unit: Unit, wanted: list[MessageId]) -> list[MessageRow]:
    """Those of these messages that there are, in no order."""
    return [MessageRow(*row) for row in await sql.fetch(unit, _MANY_MESSAGES, wanted)]


async def statuses(unit: Unit, of: list[MessageId]) -> list[StatusRow]:
    return [StatusRow(*row) for row in await sql.fetch(unit, _STATUSES, of)]


async def revisions(unit: Unit, of: list[MessageId]) -> list[RevisionRow]:
    return [RevisionRow(*row) for row in await sql.fetch(unit, _REVISIONS, of)]


async def set_state(unit: Unit, wanted: Sequence[tuple[UUID, UUID]], state: str) -> set[UUID]:
    """Open or close conversations; those that were not so already."""
    pairs = [list(column) for column in zip(*wanted, strict=True)] or [[], []]
    return {row[0] for row in await sql.fetch_many(unit, _SET_STATE, *pairs, state)}


async def merge_conversations(unit: Unit, workspace: WorkspaceId, loser: ContactId, winner: ContactId) -> None:
    """Everything of the loser's conversations moves to the winner's; the old rows stay as signposts."""
    await sql.execute_many(unit, _ADOPT, workspace, loser, winner)
    for row in await sql.fetch_many(unit, _SIGNPOST, workspace, loser, winner):
        await sql.execute_many(unit, _MOVE, workspace, row[0], row[1], loser, winner)


async def channels_of_conversations(unit: Unit, workspaces: Sequence[UUID], wanted: Sequence[UUID]) -> dict[UUID, UUID]:
    """The channel of each of these conversations, of any of these workspaces."""
    return {row[0]: row[1] for row in await sql.fetch_many(unit, _CHANNELS_OF, wanted, workspaces)}
