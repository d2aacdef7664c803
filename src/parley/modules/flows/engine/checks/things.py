"""Things of the workspace that a flow names, and that are not there."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.fields import Finding, error

Known = Mapping[str, AbstractSet[str]]
"""By kind of dependency: the names that there are. A kind that is missing here is not checked."""
MISSING = "missing_dependency"
"""The code of what may still follow while a flow is only kept, and has to be there once it answers."""


def check(definition: Definition, known: Known) -> Iterator[Finding]:
    """Everything that nodes name has to be there: the flow's own things, and the workspace's."""
    for node_id, node in definition.nodes.items():
        for each in node.dependencies():
            at = pointer("nodes", node_id) + each.pointer
            if each.kind == "hours":
                if each.name not in definition.library.hours:
                    yield error(at, "unknown_hours", f"The flow has no hours {each.name!r}; write them under `hours`.")
            elif each.kind in known and each.name not in known[each.kind]:
                sentence = f"There is no {each.kind} {each.name!r} in this workspace; add it, or choose another."
                yield error(at, MISSING, sentence)
