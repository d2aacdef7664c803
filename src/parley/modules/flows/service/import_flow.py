"""Take a flow in as an immutable version, and publish it."""

from dataclasses import dataclass

from parley.core.errors import Conflict
from parley.core.ids import FlowId, new_uuid
from parley.core.json import JsonObject
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.domain import slug_of
from parley.modules.flows.engine import read_definition
from parley.modules.flows.service.get_flow import held_flow
from parley.modules.flows.service.inspect_flow import accept
from parley.modules.flows.service.publish import add_version, make_live
from parley.modules.flows.store import definitions


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import. `warnings` are sentences for the author; they don't stop publishing."""

    id: FlowId
    version: int
    published: bool
    warnings: tuple[str, ...]


async def import_flow(unit: Unit, keys: KeyService, document: JsonObject, *, publish: bool) -> Imported:
    """A new version of the flow with this document's id.

    Raises InvalidInput with every fault and its pointer, Conflict for publishing a flow that is archived.
    """
    definition = read_definition(document)
    issues = await accept(unit, definition, publish=publish)
    own = await keys.scope(unit.workspace)
    new = FlowId(new_uuid())
    slug = slug_of(definition.id)
    flow = await definitions.flow_id(unit, slug)
    if flow is None:
        name = definitions.NAME.seal(own.data, unit.workspace, new, definition.name)
        flow = await definitions.save_flow(unit, new, name, slug)
    elif publish and (await held_flow(unit, flow)).archived_at is not None:
        raise Conflict("This flow is archived; restore it first.", code="flow_archived")
    version = await add_version(unit, keys, flow, (definition, document))
    if publish:
        await make_live(unit, flow, version)
    return Imported(flow, version, publish, tuple(f"{each.pointer}: {each.detail}" for each in issues))
