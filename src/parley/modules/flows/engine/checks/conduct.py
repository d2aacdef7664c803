"""Things of the flow that `conduct` and `triggers` name and that are not there."""

from collections.abc import Iterator

from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.fields import Finding, error


def check(definition: Definition) -> Iterator[Finding]:
    """Nodes with a quiet window of their own, and the hours of triggers, have to be there."""
    for node in definition.document.conduct.quiet_at:
        if node not in definition.nodes:
            at = pointer("conduct", "quiet_at", node)
            yield error(at, "unknown_node", f"There is no node {node!r}; name one of the flow's nodes.")
    triggers = definition.document.triggers
    for field, name in (("during", triggers.during), ("outside", triggers.outside)):
        if name is not None and name not in definition.library.hours:
            sentence = f"The flow has no hours {name!r}; write them under `hours`."
            yield error(pointer("triggers", field), "unknown_hours", sentence)
