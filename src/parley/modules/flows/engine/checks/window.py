"""Words that WhatsApp would refuse: more than 24 hours after the customer's last message it takes templates only."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.fields import Finding, warning

WINDOW: Final = timedelta(hours=24)


def check(definition: Definition) -> Iterator[Finding]:
    """Nodes that speak where the customer may have been silent for too long."""
    for node_id, silence in _silences(definition).items():
        if silence >= WINDOW and definition.nodes[node_id].speaks():
            sentence = "The customer may have been silent for 24 hours here; WhatsApp then takes only templates."
            yield warning(pointer("nodes", node_id), "template_needed", sentence)


def _silences(definition: Definition) -> dict[str, timedelta]:
    """By node: the longest silence with which it can be entered, up to the window."""
    longest: dict[str, timedelta] = {definition.start: timedelta()} if definition.start in definition.nodes else {}
    waiting = list(longest)
    while waiting:
        node_id = waiting.pop()
        for exit_, target in definition.exits[node_id].items():
            if target is None or target not in definition.nodes:
                continue
            own = definition.nodes[node_id].silence(exit_)
            silence = timedelta() if own is None else min(WINDOW, longest[node_id] + own)
            if target not in longest or silence > longest[target]:
                longest[target] = silence
                waiting.append(target)
    return longest
