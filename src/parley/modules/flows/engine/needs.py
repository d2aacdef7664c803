"""What a flow has to be told about the world, so that a host need not read what nobody asks for."""

from parley.modules.flows.engine.definition import Definition


def needs_contact(definition: Definition) -> bool:
    """Whether the flow can ask for the contact's name, phone, fields, tags or language.

    Where it is False, a World with nothing but the contact's id gives the same sprints.
    """
    roots = {path[0] for template in definition.library.templates.values() for path in template.names()}
    named = not roots.isdisjoint({"contact", "fields"})
    return named or any(node.reads_contact() for node in definition.nodes.values())
