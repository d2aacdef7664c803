"""From schema 1: `format: 1` became `schema: 2`, and a request's `timeout` in seconds a length of time, `within`.

Bots answered each message at once then, so they have no quiet window.
"""

from parley.core.json import JsonObject, JsonValue


def lift(document: JsonObject) -> JsonObject:
    """The same flow in schema 2."""
    lifted: dict[str, JsonValue] = {"schema": 2, "conduct": {"quiet": "0s"}}
    lifted |= {name: value for name, value in document.items() if name not in {"schema", "format"}}
    if document.get("format", 1) != 1:
        lifted["format"] = document["format"]
    nodes = document.get("nodes")
    if isinstance(nodes, dict):
        lifted["nodes"] = {name: _node(node) for name, node in nodes.items()}
    return lifted


def _node(node: JsonValue) -> JsonValue:
    if not isinstance(node, dict) or node.get("type") != "http":
        return node
    seconds = node.get("timeout")
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        return node
    return {name: value for name, value in node.items() if name != "timeout"} | {"within": f"{seconds}s"}
