"""What a flow has to be told about the world, so that a host need not read what nobody asks for."""

from dataclasses import dataclass

from parley.modules.flows.engine.definition import Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a flow can look at. Without it, a World that has only the contact's id gives the same sprints."""

    contact: bool
    """The contact's name, phone, fields or language."""
    tags: bool


def needs_of(definition: Definition) -> Needs:
    """What a definition can look at, whatever way it takes; the flows that it enters may look at everything."""
    enters, speaks_many = bool(definition.flows), bool(definition.localised)
    paths = {path for template in definition.library.templates.values() for path in template.names()}
    nodes = definition.nodes.values()
    tags = any(path[:2] == ("contact", "tags") or path == ("contact",) for path in paths)
    return Needs(
        contact=enters
        or speaks_many
        or not {path[0] for path in paths}.isdisjoint({"contact", "fields"})
        or any(node.reads_contact() for node in nodes),
        tags=enters or tags or any(node.reads_tags() for node in nodes),
    )
