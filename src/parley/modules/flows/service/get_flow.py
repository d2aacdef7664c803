"""One flow of a workspace, as it stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.errors import NotFound
from parley.core.ids import FlowId
from parley.core.json import JsonObject
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.domain import slug_of
from parley.modules.flows.store import definitions, lives

NO_SUCH = "There is no such flow in this workspace; GET /v1/flows lists yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow, without its definitions. `trial` is a version that answers so many percent of the contacts."""

    id: FlowId
    name: str
    live_version: int | None
    latest_version: int
    created_at: datetime
    trial: tuple[int, int] | None
    archived_at: datetime | None


async def get_flow(unit: Unit, keys: KeyService, wanted: UUID) -> Flow:
    """Raises NotFound."""
    return await opened(unit, keys, await held_flow(unit, wanted))


async def flow_named(unit: Unit, name: str) -> FlowId:
    """The flow whose definition has this id. Raises NotFound."""
    found = await definitions.flow_id(unit, slug_of(name))
    if found is None:
        raise NotFound(f"There is no flow {name!r} in this workspace; `parley flow list` shows yours.")
    return found


async def held_flow(unit: Unit, wanted: UUID) -> definitions.FlowRow:
    """The row of a flow. Raises NotFound."""
    row = await definitions.one(unit, wanted)
    if row is None:
        raise NotFound(NO_SUCH)
    return row


async def opened(unit: Unit, keys: KeyService, row: definitions.FlowRow) -> Flow:
    """A row with its name opened."""
    own = await keys.scope(unit.workspace)
    trial = (row.trial_version, row.trial_percent)
    return Flow(
        id=row.id,
        name=definitions.NAME.unseal(own.data, unit.workspace, row.id, row.name),
        live_version=row.live_version,
        latest_version=row.latest_version,
        created_at=row.created_at,
        trial=(trial[0], trial[1]) if trial[0] is not None and trial[1] is not None else None,
        archived_at=row.archived_at,
    )


async def version_document(unit: Unit, keys: KeyService, flow: FlowId, number: int) -> JsonObject:
    """The document of a version, as it was written. Raises NotFound."""
    sealed = await definitions.version(unit, flow, number)
    if sealed is None:
        raise NotFound(f"This flow has no version {number}.")
    return await document_in(unit, keys, flow, sealed)


async def document_in(unit: Unit, keys: KeyService, flow: FlowId, sealed: bytes) -> JsonObject:
    own = await keys.scope(unit.workspace)
    written: JsonObject = definitions.DEFINITION.unseal(own.data, unit.workspace, flow, sealed)  # type: ignore[assignment]  # what was sealed was JSON
    return written


async def draft_of(unit: Unit, keys: KeyService, flow: FlowId) -> "tuple[lives.DraftRow, JsonObject] | None":
    """A flow's draft and its document, if it has one."""
    row = await lives.draft(unit, flow)
    if row is None:
        return None
    own = await keys.scope(unit.workspace)
    written: JsonObject = lives.DRAFT.unseal(own.data, unit.workspace, flow, row.document)  # type: ignore[assignment]  # what was sealed was JSON
    return row, written
