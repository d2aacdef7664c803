"""Nodes that `conduct` names and that are not there."""

from collections.abc import Iterator

from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.fields import Finding, error


def check(definition: Definition) -> Iterator[Finding]:
    """Each node that has a quiet window of its own has to be there."""
    for node in definition.document.conduct.quiet_at:
        if node not in definition.nodes:
            at = pointer("conduct", "quiet_at", node)
            yield error(at, "unknown_node", f"There is no node {node!r}; name one of the flow's nodes.")
