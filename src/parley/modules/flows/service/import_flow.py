"""Take a flow in as an immutable version, and publish it."""

from dataclasses import dataclass

from parley.core.errors import InvalidInput
from parley.core.ids import FlowId, new_uuid
from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.domain import slug_of
from parley.modules.flows.engine import read_definition, validate
from parley.modules.flows.events import FlowPublished
from parley.modules.flows.store import definitions


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import. `warnings` are sentences for the author; they don't stop publishing."""

    id: FlowId
    version: int
    published: bool
    warnings: tuple[str, ...]


async def import_flow(unit: Unit, keys: KeyService, document: JsonObject, *, publish: bool) -> Imported:
    """A new version of the flow with this document's id. Raises InvalidInput with every fault and its pointer."""
    definition = read_definition(document)
    inspection = validate(definition)
    if inspection.errors:
        raise InvalidInput("The flow can't run like this.", inspection.errors)
    own = await keys.scope(unit.workspace)
    new = FlowId(new_uuid())
    slug = slug_of(definition.id)
    flow = await definitions.flow_id(unit, slug)
    if flow is None:
        name = definitions.NAME.seal(own.data, unit.workspace, new, definition.name)
        flow = await definitions.save_flow(unit, new, name, slug)
    version = await definitions.next_version(unit, flow)
    sealed = definitions.DEFINITION.seal(own.data, unit.workspace, flow, dict(document))
    await definitions.add_version(unit, flow, version, sealed)
    if publish:
        await definitions.publish(unit, flow, version)
        detail = {"version": version}
        unit.record(FlowPublished(workspace=unit.workspace, at=now(), subject=flow, detail=detail))
        unit.wake("flows")
    return Imported(flow, version, publish, tuple(f"{each.pointer}: {each.detail}" for each in inspection.warnings))
