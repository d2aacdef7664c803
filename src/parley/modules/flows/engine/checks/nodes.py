"""What each node says of itself, in every language: words too long for WhatsApp, bounds that cannot be read."""

from collections.abc import Iterator, Mapping

from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.fields import Finding, error, warning
from parley.modules.flows.engine.node import Node


def check(definition: Definition) -> Iterator[Finding]:
    """The base first; of other languages only what is not said of the base already."""
    said = set()
    for finding in _of(definition.nodes, "/nodes"):
        said.add((finding.fault.pointer.removeprefix("/nodes"), finding.fault.code))
        yield finding
    for language, nodes in definition.localised.items():
        at = pointer("translations", language)
        for finding in _of(nodes, at):
            if (finding.fault.pointer.removeprefix(at), finding.fault.code) not in said:
                yield finding


def _of(nodes: Mapping[str, Node], at: str) -> Iterator[Finding]:
    for node_id, node in nodes.items():
        for finding in node.inspect():
            found = finding.fault
            make = error if finding.level == "error" else warning
            yield make(at + pointer(node_id) + found.pointer, found.code, found.detail)
