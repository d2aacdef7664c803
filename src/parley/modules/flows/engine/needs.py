"""What a flow has to be told about the world, so that a host need not read what nobody asks for."""

from parley.modules.flows.engine.conditions import TESTS
from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.node import Node
from parley.modules.flows.engine.nodes.ask import Ask
from parley.modules.flows.engine.nodes.branch import Branch

_READ_BY_LANGUAGE = frozenset(TESTS) - {"contains", "starts_with", "matches", "is_set", "has_email", "has_phone"}


def needs_contact(definition: Definition) -> bool:
    """Whether the flow can ask for the contact's name, phone, fields or language (which numbers and dates are read by).

    Where it is False, a World with nothing but the contact's id gives the same sprints.
    """
    roots = {path[0] for template in definition.library.templates.values() for path in template.names()}
    return not roots.isdisjoint({"contact", "fields"}) or any(map(_reads_by_language, definition.nodes.values()))


def _reads_by_language(node: Node) -> bool:
    if isinstance(node, Ask):
        return node.answer in {"number", "date"}
    if isinstance(node, Branch):
        return any(not _READ_BY_LANGUAGE.isdisjoint(case.tests()) for case in node.cases)
    return False
