"""The nodes of a flow in other words: made once, when the definition is read, so that a sprint only picks one."""

from collections.abc import Mapping

import msgspec

from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine.document import FlowDocument
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.language import chain, translated, words_in
from parley.modules.flows.engine.node import Node
from parley.modules.flows.engine.nodes import AnyNode


def localised_nodes(document: JsonObject, faults: list[Fault]) -> Mapping[str, Mapping[str, Node]]:
    """By language: the nodes whose words differ, each with the best words there are for each of its texts."""
    flow = msgspec.convert(document, FlowDocument)
    trees = {language.lower(): (language, tree) for language, tree in flow.translations.items()}
    base: JsonObject = document["nodes"]  # type: ignore[assignment]  # its shape was checked
    localised: dict[str, dict[str, Node]] = {}
    for lowered, (language, _) in trees.items():
        nodes: dict[str, JsonValue] = {}
        for each in reversed(chain(language, flow.fallbacks, flow.language)):
            name, tree = trees.get(each, (each, {}))
            for node_id, words in tree.items():
                at = pointer("translations", name, node_id)
                if node_id not in base:
                    faults.append(fault(at, "unknown_node", f"There is no node {node_id!r}; take its words out."))
                    continue
                where = words_in(type(flow.nodes[node_id]))
                nodes[node_id] = translated(nodes.get(node_id, base[node_id]), _json(words), where, at, faults)
        localised[lowered] = {} if faults else {name: _node_of(node, name, faults) for name, node in nodes.items()}
    return localised


def _node_of(document: JsonValue, node_id: str, faults: list[Fault]) -> Node:
    try:
        return msgspec.convert(document, AnyNode)
    except msgspec.ValidationError as error:
        sentence = f"With these words the node cannot be read: {error}."
        faults.append(fault(pointer("translations"), "invalid", f"{node_id}: {sentence}"))
        return Node()


def _json(value: object) -> JsonValue:
    return value  # type: ignore[return-value]  # a definition is read from JSON
