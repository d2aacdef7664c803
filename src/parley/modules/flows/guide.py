"""The kinds of node as authors read about them."""

from parley.core.json import JsonObject
from parley.modules.flows.engine.nodes import KINDS
from parley.modules.flows.engine.schema import example_of, summary_of


def node_guide() -> list[tuple[str, str, JsonObject]]:
    """Each kind with what it does and its example, in the order authors meet them."""
    return [(kind, summary_of(kind).strip(), example_of(kind)) for kind in KINDS]
