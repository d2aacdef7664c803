"""SQL of the log of sessions: what each sprint was given, append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.ids import ContactId, ConversationId, FlowId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.flows.engine import Recorded

RECORDED = SealedColumn("flow_sprint", "recorded", Recorded)

_encode = msgspec.json.Encoder().encode

_ADD = """
insert into flow_sprint (workspace_id, session_id, number, conversation_id, contact_id, flow_id, flow_version, at,
    recorded, steps)
select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::uuid[], $7::int[],
    $8::timestamptz[], $9::bytea[], $10::jsonb[])
on conflict do nothing"""
_COLUMNS = "workspace_id, session_id, number, conversation_id, contact_id, flow_id, flow_version, at, recorded"
_OF_SESSION = f"select {_COLUMNS} from flow_sprint where workspace_id = $1 and session_id = $2 order by number limit $3"
_SESSIONS = """
select session_id from flow_sprint where workspace_id = $1 and flow_id = $2 and number = 1
order by session_id desc limit $3"""
# Through its conversation, so that who sees some channels only sees their sessions.
_PAGE = """
select f.session_id, f.conversation_id, f.contact_id, f.flow_id, f.flow_version, f.at, s.id is not null as waiting,
    s.timer_at
from flow_sprint f
join conversation c on c.workspace_id = f.workspace_id and c.id = f.conversation_id
left join session s on s.workspace_id = f.workspace_id and s.conversation_id = f.conversation_id
    and s.id = f.session_id
where f.workspace_id = $1 and f.number = 1 and ($2::uuid is null or f.session_id < $2)
    and ($4::uuid is null or f.flow_id = $4) and ($5::uuid is null or f.conversation_id = $5)
    and ($6::uuid is null or f.session_id = $6) and (s.id is not null or not $7)
order by f.session_id desc limit $3"""
_UNDO = "delete from flow_sprint where workspace_id = $1 and session_id = $2 and number >= $3"
_FORGET = """
with old as (select ctid from flow_sprint where at < $1 limit $2)
delete from flow_sprint where ctid in (select ctid from old)
returning 1"""


@dataclass(frozen=True, slots=True)
class SprintRow:
    workspace: WorkspaceId
    session: UUID
    number: int
    conversation: ConversationId
    contact: ContactId
    flow: FlowId
    flow_version: int
    at: datetime
    recorded: bytes
    steps: Sequence[tuple[str, int, str, str]] = ()
    """What is counted of it: slug and version of a flow, node, exit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sessions are asked for."""

    flow: UUID | None = None
    conversation: UUID | None = None
    session: UUID | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class SessionStands:
    """A session as far as its first sprint and its wait tell."""

    id: UUID
    conversation: ConversationId
    contact: ContactId
    flow: FlowId
    flow_version: int
    began_at: datetime
    waiting: bool
    waits_until: datetime | None


async def page(unit: Unit, wanted: Wanted, after: UUID | None, limit: int) -> list[SessionStands]:
    """Sessions whose beginning is in the log, newest first."""
    given = (after, limit, wanted.flow, wanted.conversation, wanted.session, wanted.waiting)
    return [SessionStands(*row) for row in await sql.fetch(unit, _PAGE, *given)]


async def add(unit: Unit, rows: Sequence[SprintRow]) -> None:
    """Append what sprints were given. One that is there already stays as it is."""
    columns = zip(
        *[
            (
                r.workspace,
                r.session,
                r.number,
                r.conversation,
                r.contact,
                r.flow,
                r.flow_version,
                r.at,
                r.recorded,
                _encode(r.steps).decode(),
            )
            for r in rows
        ],
        strict=True,
    )
    await sql.execute_many(unit, _ADD, *map(list, columns))


async def undo(unit: Unit, session: UUID, number: int) -> None:
    """Take back a session's sprints from this one on: their turn is begun again."""
    await sql.execute(unit, _UNDO, session, number)


async def of_session(unit: Unit, session: UUID, limit: int) -> list[SprintRow]:
    """A session's sprints, the first first."""
    return [SprintRow(*row) for row in await sql.fetch(unit, _OF_SESSION, session, limit)]


async def sessions(unit: Unit, flow: FlowId, limit: int) -> list[UUID]:
    """The newest sessions that began with a flow."""
    return [row[0] for row in await sql.fetch(unit, _SESSIONS, flow, limit)]


async def forget(unit: Unit, before: datetime, limit: int) -> int:
    """Delete what is older; how many rows. Needs the lane `sweep`."""
    return len(await sql.fetch_many(unit, _FORGET, before, limit))
