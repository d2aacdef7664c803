"""SQL of flows and their versions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import FlowId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

NAME = SealedColumn("flow", "name", str)
DEFINITION = SealedColumn("flow_version", "definition", dict[str, object])

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
