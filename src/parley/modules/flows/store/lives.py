"""SQL of what becomes of a flow: its draft, its publications, its trial, its end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import FlowId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

DRAFT = SealedColumn("flow_draft", "document", dict[str, object])

_DRAFT = """
select revision, based_on, updated_at, updated_by, document from flow_draft where workspace_id = $1 and flow_id = $2"""
_SAVE_DRAFT = """
insert into flow_draft (workspace_id, flow_id, revision, based_on, updated_at, updated_by, document)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (workspace_id, flow_id) do update set revision = excluded.revision, based_on = excluded.based_on,
    updated_at = excluded.updated_at, updated_by = excluded.updated_by, document = excluded.document"""
_DROP_DRAFT = "delete from flow_draft where workspace_id = $1 and flow_id = $2"
_PUBLISH = """
update flow set live_version = $3, trial_version = null, trial_percent = null where workspace_id = $1 and id = $2"""
_ADD_PUBLICATION = """
insert into flow_publication (workspace_id, flow_id, id, version, at, actor) values ($1, $2, $3, $4, $5, $6)"""
_PUBLICATIONS = """
select id, version, at, actor from flow_publication
where workspace_id = $1 and flow_id = $2 and ($3::uuid is null or id < $3) order by id desc limit $4"""
_TRY = "update flow set trial_version = $3, trial_percent = $4 where workspace_id = $1 and id = $2"
_ARCHIVE = "update flow set archived_at = $3 where workspace_id = $1 and id = $2"
_IN_USE = "select count(*) from session where workspace_id = $1 and flow_id = $2"
_REMOVE = (
    "delete from flow_draft where workspace_id = $1 and flow_id = $2",
    "delete from flow_publication where workspace_id = $1 and flow_id = $2",
    "delete from flow_version where workspace_id = $1 and flow_id = $2",
    "delete from flow where workspace_id = $1 and id = $2",
)


@dataclass(frozen=True, slots=True)
class DraftRow:
    revision: int
    based_on: int | None
    updated_at: datetime
    updated_by: str | None
    document: bytes


@dataclass(frozen=True, slots=True)
class Publication:
    """A version began to answer everybody. `actor` is who let it, where that is known."""

    id: UUID
    version: int
    at: datetime
    actor: str | None


async def draft(unit: Unit, flow: FlowId) -> DraftRow | None:
    row = await sql.fetch_one(unit, _DRAFT, flow)
    return DraftRow(*row) if row else None


async def save_draft(unit: Unit, flow: FlowId, row: DraftRow) -> None:
    await sql.execute(unit, _SAVE_DRAFT, flow, row.revision, row.based_on, row.updated_at, row.updated_by, row.document)


async def drop_draft(unit: Unit, flow: FlowId) -> None:
    await sql.execute(unit, _DROP_DRAFT, flow)


async def publish(unit: Unit, flow: FlowId, new: Publication) -> None:
    """Let this version answer everybody; a trial is over."""
    await sql.execute(unit, _PUBLISH, flow, new.version)
    await sql.execute(unit, _ADD_PUBLICATION, flow, new.id, new.version, new.at, new.actor)


async def publications(unit: Unit, flow: FlowId, after: UUID | None, limit: int) -> list[Publication]:
    """Newest first."""
    return [Publication(*row) for row in await sql.fetch(unit, _PUBLICATIONS, flow, after, limit)]


async def try_out(unit: Unit, flow: FlowId, version: int | None, percent: int | None) -> None:
    """Let this version answer some of the contacts; None ends the trial."""
    await sql.execute(unit, _TRY, flow, version, percent)


async def archive(unit: Unit, flow: FlowId, at: datetime | None) -> None:
    """Put the flow away; None takes it out again."""
    await sql.execute(unit, _ARCHIVE, flow, at)


async def waiting_in(unit: Unit, flow: FlowId) -> int:
    """How many conversations stand in this flow."""
    return int((await sql.fetch(unit, _IN_USE, flow))[0][0])


async def remove(unit: Unit, flow: FlowId) -> None:
    """Delete the flow and everything that was written of it."""
    for statement in _REMOVE:
        await sql.execute(unit, statement, flow)
