"""SQL of waiting sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ContactId, ConversationId, FlowId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

STATE = SealedColumn("session", "state", bytes)
BEGAN = SealedColumn("session", "began_state", bytes)

_SAVE_SESSIONS = """
insert into session as s (workspace_id, conversation_id, contact_id, id, flow_id, flow_version, version, effect_id,
    timer_at, state, began_with, began_state)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::int[], $8::uuid[],
    $9::timestamptz[], $10::bytea[], $11::uuid[], $12::bytea[])
on conflict (workspace_id, conversation_id) do update set contact_id = excluded.contact_id, id = excluded.id,
    flow_id = excluded.flow_id, flow_version = excluded.flow_version, version = excluded.version,
    effect_id = excluded.effect_id, timer_at = excluded.timer_at, state = excluded.state,
    began_with = excluded.began_with, began_state = excluded.began_state"""
_END_SESSIONS = """
delete from session s using unnest($1::uuid[], $2::uuid[]) as x (w, c)
where s.workspace_id = x.w and s.conversation_id = x.c"""
_OF_CONVERSATIONS = """
select s.workspace_id, s.conversation_id, s.contact_id, s.id, s.flow_id, s.flow_version, s.version, s.effect_id,
    s.timer_at, s.state, s.began_with, s.began_state
from session s where s.workspace_id = $1 and s.conversation_id = any($2::uuid[])"""
_DUE_TIMERS = """
select workspace_id, conversation_id from session where timer_at <= $1 order by timer_at limit $2"""
_SET_TIMER = "update session set timer_at = $3 where workspace_id = $1 and conversation_id = $2"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A waiting session; its state is the engine's, sealed."""

    workspace: WorkspaceId
    conversation: ConversationId
    contact: ContactId
    id: UUID
    flow: FlowId
    flow_version: int
    version: int
    effect: UUID | None
    timer_at: datetime | None
    state: bytes
    began_with: UUID | None
    began_state: bytes | None


async def save_sessions(unit: Unit, sessions: Sequence[SessionRow]) -> None:
    columns = zip(
        *[
            (
                s.workspace,
                s.conversation,
                s.contact,
                s.id,
                s.flow,
                s.flow_version,
                s.version,
                s.effect,
                s.timer_at,
                s.state,
                s.began_with,
                s.began_state,
            )
            for s in sessions
        ],
        strict=True,
    )
    await sql.execute_many(unit, _SAVE_SESSIONS, *map(list, columns))


async def end_sessions(unit: Unit, ended: Sequence[tuple[WorkspaceId, ConversationId]]) -> None:
    await sql.execute_many(unit, _END_SESSIONS, *map(list, zip(*ended, strict=True)))


async def of_conversations(unit: Unit, conversations: Sequence[ConversationId]) -> list[SessionRow]:
    """The sessions that wait in these conversations."""
    return [SessionRow(*row) for row in await sql.fetch(unit, _OF_CONVERSATIONS, conversations)]


async def due_timers(unit: Unit, now: datetime, limit: int) -> list[tuple[WorkspaceId, ConversationId]]:
    """Sessions whose time is up; needs the lane `claim`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _DUE_TIMERS, now, limit)]


async def postpone_timer(unit: Unit, conversation: ConversationId, until: datetime) -> None:
    await sql.execute(unit, _SET_TIMER, conversation, until)
