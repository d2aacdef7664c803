"""The JSON Schema (draft 2020-12) of a flow, made from the code that reads it, so that the two cannot differ."""

import inspect

import msgspec

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine.document import FlowDocument
from parley.modules.flows.engine.nodes import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "flow"
"""Published at /v1/schemas/flow.json."""

_EXAMPLE = "\n\nExample:"


def flow_schema() -> JsonObject:
    """The whole schema, with descriptions for editors and an example for each kind of node."""
    (_, schemas) = msgspec.json.schema_components([FlowDocument], schema_hook=_any, ref_template="#/$defs/{name}")
    definitions: dict[str, JsonValue] = {name: _described(name, schema) for name, schema in schemas.items()}
    flow = definitions.pop(FlowDocument.__name__)
    properties = flow if isinstance(flow, dict) else {}
    return {"$schema": DIALECT, "title": "Parley flow", **properties, "$defs": definitions}


def example_of(kind: str) -> JsonObject:
    """The example in a kind's docstring: `nodes`, `talk`, and whatever else the little flow needs."""
    _, _, example = inspect.cleandoc(KINDS[kind].__doc__ or "").partition(_EXAMPLE)
    found: JsonObject = msgspec.yaml.decode(example)
    return found


def summary_of(kind: str) -> str:
    """What a kind does, in words for authors."""
    return inspect.cleandoc(KINDS[kind].__doc__ or "").partition(_EXAMPLE)[0]


def _any(_type: type) -> dict[str, object]:
    """`object` in a shape means any JSON."""
    return {"type": ["object", "array", "string", "number", "boolean", "null"]}


def _described(name: str, schema: JsonObject) -> JsonValue:
    kind = next((kind for kind, shape in KINDS.items() if shape.__name__ == name), None)
    if kind is None:
        return schema
    nodes = example_of(kind)["nodes"]
    written = list(nodes.values()) if isinstance(nodes, dict) else []
    first = next((node for node in written if isinstance(node, dict) and node.get("type") == kind), {})
    return {**schema, "description": summary_of(kind), "examples": [first]}
