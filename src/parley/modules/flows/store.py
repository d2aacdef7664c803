"""SQL of flows, their versions, sessions and effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from parley.core.ids import ContactId, ConversationId, FlowId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

NAME = SealedColumn("flow", "name", str)
DEFINITION = SealedColumn("flow_version", "definition", dict[str, object])
STATE = SealedColumn("session", "state", bytes)


class EffectBody(msgspec.Struct, frozen=True):
    """What is sealed of an effect: the request, and the engine's own id of it."""

    engine_id: str
    method: str
    url: str
    headers: dict[str, str]
    body: str | None
    timeout: int


EFFECT = SealedColumn("flow_effect", "body", EffectBody)

_SAVE_FLOW = """
insert into flow (workspace_id, id, name, slug) values ($1, $2, $3, $4)
on conflict (workspace_id, slug) do update set name = excluded.name returning id"""
_FLOW_ID = "select id from flow where workspace_id = $1 and slug = $2"
_ADD_VERSION = """
insert into flow_version (workspace_id, flow_id, version, definition) values ($1, $2, $3, $4)"""
_NEXT_VERSION = "select coalesce(max(version), 0) + 1 from flow_version where workspace_id = $1 and flow_id = $2"
_LOCK_FLOW = "select id from flow where workspace_id = $1 and id = $2 for update"
_PUBLISH = "update flow set live_version = $3 where workspace_id = $1 and id = $2"
_PAGE = """
select f.id, f.name, f.live_version, f.created_at,
    (select max(version) from flow_version v where v.workspace_id = f.workspace_id and v.flow_id = f.id) as latest
from flow f where f.workspace_id = $1 and ($2::uuid is null or f.id < $2) order by f.id desc limit $3"""
_LIVE = """
select f.id, v.version, v.definition from flow f
join flow_version v on v.workspace_id = f.workspace_id and v.flow_id = f.id and v.version = f.live_version
where f.workspace_id = $1 order by f.id"""
_VERSION = "select definition from flow_version where workspace_id = $1 and flow_id = $2 and version = $3"

_SAVE_SESSIONS = """
insert into session as s (workspace_id, conversation_id, contact_id, id, flow_id, flow_version, version, effect_id,
    timer_at, state)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::int[], $8::uuid[],
    $9::timestamptz[], $10::bytea[])
on conflict (workspace_id, conversation_id) do update set contact_id = excluded.contact_id, id = excluded.id,
    flow_id = excluded.flow_id, flow_version = excluded.flow_version, version = excluded.version,
    effect_id = excluded.effect_id, timer_at = excluded.timer_at, state = excluded.state"""
_END_SESSIONS = """
delete from session s using unnest($1::uuid[], $2::uuid[]) as x (w, c)
where s.workspace_id = x.w and s.conversation_id = x.c"""
_SESSION = """
select s.id, s.flow_id, s.flow_version, s.version, s.effect_id, s.timer_at, s.state from session s
where s.workspace_id = $1 and s.conversation_id = $2"""
_DUE_TIMERS = """
select workspace_id, conversation_id from session where timer_at <= $1 order by timer_at limit $2"""
_STOP_TIMER = "update session set timer_at = null where workspace_id = $1 and conversation_id = $2"

_ADD_EFFECTS = """
insert into flow_effect (workspace_id, id, conversation_id, contact_id, due_at, expires_at, body)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[],
    $7::bytea[])"""
_CLAIM_EFFECTS = """
update flow_effect e set due_at = $1 + $3::interval
from (select workspace_id, id from flow_effect where due_at <= $1 order by due_at limit $2 for update skip locked) d
where e.workspace_id = d.workspace_id and e.id = d.id
returning e.workspace_id, e.id, e.conversation_id, e.contact_id, e.expires_at, e.body"""
_DROP_EFFECT = "delete from flow_effect where workspace_id = $1 and id = $2"


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


@dataclass(frozen=True, slots=True)
class EffectRow:
    workspace: WorkspaceId
    id: UUID
    conversation: ConversationId
    contact: ContactId
    expires_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class FlowRow:
    id: FlowId
    name: bytes
    live_version: int | None
    created_at: datetime
    latest_version: int


@dataclass(frozen=True, slots=True)
class LiveFlow:
    id: FlowId
    version: int
    definition: bytes


async def save_flow(unit: Unit, new: FlowId, name: bytes, slug: str) -> FlowId:
    """The flow of this slug, made if it isn't there."""
    rows = await sql.fetch(unit, _SAVE_FLOW, new, name, slug)
    return FlowId(rows[0]["id"])


async def flow_id(unit: Unit, slug: str) -> FlowId | None:
    row = await sql.fetch_one(unit, _FLOW_ID, slug)
    return FlowId(row["id"]) if row else None


async def next_version(unit: Unit, flow: FlowId) -> int:
    """The number of the flow's next version; the flow's row is held, so no other takes the same."""
    await sql.fetch_one(unit, _LOCK_FLOW, flow)
    return int((await sql.fetch(unit, _NEXT_VERSION, flow))[0][0])


async def add_version(unit: Unit, flow: FlowId, version: int, definition: bytes) -> None:
    await sql.execute(unit, _ADD_VERSION, flow, version, definition)


async def publish(unit: Unit, flow: FlowId, version: int) -> None:
    await sql.execute(unit, _PUBLISH, flow, version)


async def page(unit: Unit, after: UUID | None, limit: int) -> list[FlowRow]:
    """Newest first."""
    return [FlowRow(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def live(unit: Unit) -> list[LiveFlow]:
    """The published version of each flow of the workspace."""
    return [LiveFlow(*row) for row in await sql.fetch(unit, _LIVE)]


async def version(unit: Unit, flow: FlowId, number: int) -> bytes | None:
    row = await sql.fetch_one(unit, _VERSION, flow, number)
    return row["definition"] if row else None


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
            )
            for s in sessions
        ],
        strict=True,
    )
    await sql.execute_many(unit, _SAVE_SESSIONS, *map(list, columns))


async def end_sessions(unit: Unit, ended: Sequence[tuple[WorkspaceId, ConversationId]]) -> None:
    await sql.execute_many(unit, _END_SESSIONS, *map(list, zip(*ended, strict=True)))


async def session(unit: Unit, conversation: ConversationId, contact: ContactId) -> SessionRow | None:
    row = await sql.fetch_one(unit, _SESSION, conversation)
    if row is None:
        return None
    return SessionRow(
        WorkspaceId(unit.workspace), conversation, contact, row[0], row[1], row[2], row[3], row[4], row[5], row[6]
    )


async def due_timers(unit: Unit, now: datetime, limit: int) -> list[tuple[WorkspaceId, ConversationId]]:
    """Sessions whose time is up; needs the lane `claim`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _DUE_TIMERS, now, limit)]


async def stop_timer(unit: Unit, conversation: ConversationId) -> None:
    await sql.execute(unit, _STOP_TIMER, conversation)


async def add_effects(unit: Unit, effects: Sequence[tuple[EffectRow, datetime]]) -> None:
    """Effects to be done, and when."""
    columns = zip(
        *[(e.workspace, e.id, e.conversation, e.contact, due, e.expires_at, e.body) for e, due in effects], strict=True
    )
    await sql.execute_many(unit, _ADD_EFFECTS, *map(list, columns))


async def claim_effects(unit: Unit, now: datetime, limit: int, held: timedelta) -> list[EffectRow]:
    """Effects to do now; each comes back after `held` unless it was dropped. Needs the lane `claim`."""
    return [EffectRow(*row) for row in await sql.fetch_many(unit, _CLAIM_EFFECTS, now, limit, held)]


async def drop_effect(unit: Unit, effect: UUID) -> None:
    await sql.execute(unit, _DROP_EFFECT, effect)
