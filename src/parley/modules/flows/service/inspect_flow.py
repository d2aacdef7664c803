"""Look at a flow with what its workspace has: everything that is wrong or doubtful, each with its place."""

from parley.core.errors import Fault, InvalidInput
from parley.core.json import JsonObject
from parley.kit.unit import Unit
from parley.modules.flows.domain import slug_of
from parley.modules.flows.engine import Definition, Inspection, Issue, read_definition, validate
from parley.modules.flows.engine.checks.things import MISSING, Known
from parley.modules.flows.engine.validate import issue_of
from parley.modules.flows.store import definitions
from parley.modules.templates import templates_among


async def inspect_document(unit: Unit, document: JsonObject) -> Inspection:
    """Every issue of a document, those that keep it from being read at all among them."""
    try:
        definition = read_definition(document)
    except InvalidInput as unreadable:
        return _unreadable(unreadable)
    return await inspect_flow(unit, definition)


def inspect_alone(document: JsonObject) -> tuple[Issue, ...]:
    """Every issue that can be told without a workspace."""
    try:
        return validate(read_definition(document)).issues
    except InvalidInput as unreadable:
        return _unreadable(unreadable).issues


def _unreadable(found: InvalidInput) -> Inspection:
    return Inspection(issues=tuple(issue_of("error", each) for each in found.faults))


async def inspect_flow(unit: Unit, definition: Definition) -> Inspection:
    """Every issue of a definition, the workspace's missing things among them."""
    return validate(definition, await _known(unit, definition))


async def accept(unit: Unit, definition: Definition, *, publish: bool) -> tuple[Issue, ...]:
    """What is left to be told. Raises InvalidInput where the flow can't be kept, or can't answer yet.

    Things of the workspace may follow while a flow is only kept; to publish it they have to be there.
    """
    inspection = await inspect_flow(unit, definition)
    faults: list[Fault] = [each for each in inspection.errors if publish or each.code != MISSING]
    if faults:
        raise InvalidInput("The flow can't run like this.", faults)
    return inspection.issues


async def _known(unit: Unit, definition: Definition) -> Known:
    needed = [each for node in definition.nodes.values() for each in node.dependencies()]
    templates = sorted({each.name for each in needed if each.kind == "template"})
    flows = sorted(definition.flows)
    slugs = await definitions.slugs_among(unit, [slug_of(name) for name in flows]) if flows else frozenset()
    return {
        "flow": {name for name in flows if slug_of(name) in slugs} | {definition.id},
        "template": await templates_among(unit, templates) if templates else frozenset(),
    }
