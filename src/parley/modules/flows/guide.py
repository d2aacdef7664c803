"""The kinds of node as authors read about them."""

import inspect

from parley.core.json import JsonObject
from parley.modules.flows.engine.filters import OWN
from parley.modules.flows.engine.nodes import KINDS
from parley.modules.flows.engine.schema import example_of, summary_of


def node_guide() -> list[tuple[str, str, JsonObject]]:
    """Each kind with what it does and its example, in the order authors meet them."""
    return [(kind, summary_of(kind).strip(), example_of(kind)) for kind in KINDS]


def filter_guide() -> list[tuple[str, str]]:
    """Each filter of our own with what it does; Liquid's are known."""
    return [(name, inspect.cleandoc(own.__doc__ or "").splitlines()[0]) for name, own in sorted(OWN.items())]
