"""SQL of flows and their versions."""

from collections.abc import Sequence
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
_NAME = "update flow set name = $3 where workspace_id = $1 and id = $2"
_FLOW = """
select f.id, f.slug, f.name, f.live_version, f.created_at,
    (select max(version) from flow_version v where v.workspace_id = f.workspace_id and v.flow_id = f.id) as latest,
    f.trial_version, f.trial_percent, f.archived_at
from flow f where f.workspace_id = $1"""
_PAGE = f"{_FLOW} and ($2::uuid is null or f.id < $2) and ($4 or f.archived_at is null) order by f.id desc limit $3"
_ONE = f"{_FLOW} and f.id = $2"
_SLUGS = "select slug from flow where workspace_id = $1 and slug = any ($2) and archived_at is null"
_LIVE = """
select f.id, v.version, v.definition, f.trial_percent, v.version = f.trial_version from flow f
join flow_version v on v.workspace_id = f.workspace_id and v.flow_id = f.id
    and v.version in (f.live_version, f.trial_version)
where f.workspace_id = $1 and f.archived_at is null order by f.id"""
_VERSIONS = """
select version, created_at from flow_version
where workspace_id = $1 and flow_id = $2 and ($3::int is null or version < $3) order by version desc limit $4"""
_VERSION = "select definition from flow_version where workspace_id = $1 and flow_id = $2 and version = $3"


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A flow. `trial_version` answers `trial_percent` of the contacts, where a version is rolled out."""

    id: FlowId
    slug: str
    name: bytes
    live_version: int | None
    created_at: datetime
    latest_version: int
    trial_version: int | None
    trial_percent: int | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class LiveFlow:
    """A version that answers now: the published one, or the one on trial with `trial_percent` of the contacts."""

    id: FlowId
    version: int
    definition: bytes
    trial_percent: int | None
    on_trial: bool | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: int
    created_at: datetime


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


async def hold(unit: Unit, flow: FlowId) -> None:
    """Let nobody else publish, draft or end this flow until the unit is over."""
    await sql.fetch_one(unit, _LOCK_FLOW, flow)


async def rename(unit: Unit, flow: FlowId, name: bytes) -> None:
    await sql.execute(unit, _NAME, flow, name)


async def one(unit: Unit, flow: UUID) -> FlowRow | None:
    row = await sql.fetch_one(unit, _ONE, flow)
    return FlowRow(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int, *, archived: bool = False) -> list[FlowRow]:
    """Newest first; those that are archived only where they are wanted too."""
    return [FlowRow(*row) for row in await sql.fetch(unit, _PAGE, after, limit, archived)]


async def slugs_among(unit: Unit, slugs: Sequence[str]) -> frozenset[str]:
    """Which of these are flows of the workspace."""
    return frozenset(row[0] for row in await sql.fetch(unit, _SLUGS, slugs))


async def live(unit: Unit) -> list[LiveFlow]:
    """The versions of each flow of the workspace that answer."""
    return [LiveFlow(*row) for row in await sql.fetch(unit, _LIVE)]


async def version(unit: Unit, flow: FlowId, number: int) -> bytes | None:
    row = await sql.fetch_one(unit, _VERSION, flow, number)
    return row["definition"] if row else None


async def versions(unit: Unit, flow: FlowId, before: int | None, limit: int) -> list[VersionRow]:
    """Newest first."""
    return [VersionRow(*row) for row in await sql.fetch(unit, _VERSIONS, flow, before, limit)]
