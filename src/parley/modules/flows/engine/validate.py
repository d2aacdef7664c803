"""What can be said of a flow only as a whole, before it is published: errors forbid it, warnings ask for a look."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from parley.core.errors import Fault
from parley.core.json import JsonObject
from parley.modules.flows.engine.definition import Definition, texts_of
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.fields import Finding, error, warning
from parley.modules.flows.engine.moves import ENDINGS
from parley.modules.flows.engine.scope import ROOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found, errors apart from warnings, each with its JSON Pointer."""

    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def validate(definition: Definition) -> Inspection:
    """Look at a whole flow: targets, ways out, unreachable nodes, endless loops, names in texts, WhatsApp's limits."""
    findings = [
        *_targets(definition),
        *_dead_ends(definition),
        *_unreachable(definition),
        *_loops(definition),
        *_names(definition),
        *_nodes(definition),
    ]
    return Inspection(
        errors=tuple(finding.fault for finding in findings if finding.level == "error"),
        warnings=tuple(finding.fault for finding in findings if finding.level == "warning"),
    )


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


def _names(definition: Definition) -> Iterator[Finding]:
    """Names in texts that nothing brings."""
    document: JsonObject = msgspec.to_builtins(definition.document)
    for place, _, source in texts_of(document):
        template = definition.library.templates.get(source)
        for path in template.names() if template else ():
            problem = _unknown_name(definition, path)
            if problem:
                yield warning(place, "unknown_name", problem)


def _unknown_name(definition: Definition, path: tuple[str, ...]) -> str | None:
    root, rest = path[0], path[1:]
    if root not in ROOTS:
        return f"Texts know no {root!r}; they know {', '.join(ROOTS)}. Did you mean 'vars.{root}'?"
    known = ROOTS[root]
    if known and rest and rest[0] not in known:
        return f"{root!r} has no {rest[0]!r}; it has {', '.join(sorted(known))}."
    if root == "settings" and rest and rest[0] not in definition.library.settings:
        return f"The flow has no setting {rest[0]!r}; add it under `settings`."
    return None


def _nodes(definition: Definition) -> Iterator[Finding]:
    for node_id, node in definition.nodes.items():
        at = pointer("nodes", node_id)
        for finding in node.inspect():
            found = finding.fault
            make = error if finding.level == "error" else warning
            yield make(at + found.pointer, found.code, found.detail)
