"""The route of simulations."""

from parley.core.errors import InvalidInput, fault
from parley.core.json import JsonObject
from parley.kit.keys import KeyService
from parley.kit.rest.ids import FLOW, read_id
from parley.kit.rest.route import QueryRoute, UnitHere, resource
from parley.kit.unit import Unit
from parley.modules.flows.api.flows import KeysHere
from parley.modules.flows.schemas.simulations import SimulationRequest, SimulationShape
from parley.modules.flows.service.list_versions import document_at, newest_document
from parley.modules.flows.service.simulate import Beginning, simulate

router = resource("flows", route=QueryRoute)


@router.post("/flow-simulations", operation_id="simulate_flow", summary="Simulate a conversation")
async def simulate_step(unit: UnitHere, keys: KeysHere, given: SimulationRequest) -> SimulationShape:
    """One step of a conversation with a flow: the engine that serves customers, and no effect on anything.

    Requests are answered by the caller, time is moved by the caller. The state travels with the caller, sealed; the
    definition may change between two steps.
    """
    beginning = Beginning(contact=given.contact, plain=given.channel == "plain", seed=given.seed, now=given.now)
    document = await _document(unit, keys, given)
    return SimulationShape.of(await simulate(unit, keys, document, given.state or beginning, given.step))


async def _document(unit: Unit, keys: KeyService, given: SimulationRequest) -> JsonObject:
    if (given.document is None) == (given.flow_id is None):
        sentence = "Give either a `document`, or the `flow_id` of a flow."
        raise InvalidInput(sentence, [fault("/flow_id", "missing", sentence)])
    if given.document is not None:
        return given.document
    flow = read_id(FLOW, given.flow_id or "")
    if given.version is None:
        return await newest_document(unit, keys, flow)
    return await document_at(unit, keys, flow, given.version)
