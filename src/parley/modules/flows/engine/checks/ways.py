"""Ways through a flow: exits that lead nowhere, nodes that nothing leads to, circles without an end."""

from collections.abc import Iterator

from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.fields import Finding, error, warning
from parley.modules.flows.engine.moves import ENDINGS


def check(definition: Definition) -> Iterator[Finding]:
    """Everything that can be said of targets and exits."""
    yield from _targets(definition)
    yield from _dead_ends(definition)
    yield from _unreachable(definition)
    yield from _loops(definition)


def _targets(definition: Definition) -> Iterator[Finding]:
    if definition.start not in definition.nodes:
        yield error("/start", "unknown_node", f"There is no node {definition.start!r}; start with one that exists.")
    for node_id, exits in definition.exits.items():
        for exit_, target in exits.items():
            if target is not None and target not in definition.nodes:
                yield error(
                    pointer("nodes", node_id),
                    "unknown_node",
                    f"The exit {exit_!r} leads to {target!r}, which does not exist; add it or choose another.",
                )


def _dead_ends(definition: Definition) -> Iterator[Finding]:
    """Exits that lead nowhere. Silence and wrong answers may end a conversation; a good answer should not just stop."""
    for node_id, exits in definition.exits.items():
        missing = [name for name, target in exits.items() if target is None and name not in ENDINGS]
        if missing and len(exits) > 1:
            names = ", ".join(missing)
            sentence = f"Nothing follows on {names}: the conversation simply stops. Add `next`, or an `end` node."
            yield warning(pointer("nodes", node_id), "dead_end", sentence)


def _reached(definition: Definition, start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        node_id = waiting.pop()
        if node_id in definition.nodes and node_id not in reached:
            reached.add(node_id)
            waiting.extend(target for target in definition.exits[node_id].values() if target is not None)
    return reached


def _unreachable(definition: Definition) -> Iterator[Finding]:
    for node_id in definition.nodes.keys() - _reached(definition, definition.start):
        yield warning(pointer("nodes", node_id), "unreachable", "No way leads here; connect it or take it out.")


def _loops(definition: Definition) -> Iterator[Finding]:
    """Circles in which nobody is asked and nothing is decided: they can only end at the limit of steps."""
    for node_id in definition.nodes:
        path: list[str] = []
        here: str | None = node_id
        while here is not None and here in definition.nodes and here not in path:
            path.append(here)
            exits = definition.exits[here]
            here = exits["next"] if set(exits) == {"next"} else None
        if here == node_id and node_id == min(path):
            yield error(pointer("nodes", node_id), "endless", f"{' → '.join([*path, here])} goes round for ever.")
