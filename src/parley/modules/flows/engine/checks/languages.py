"""Texts that a language lacks, which are then said in another."""

from collections.abc import Iterator

import msgspec

from parley.core.json import JsonObject
from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.fields import Finding, warning
from parley.modules.flows.engine.language import untranslated, words_in


def check(definition: Definition) -> Iterator[Finding]:
    """Each text of the base for which a language of the flow has no words; a region may rely on its language."""
    trees: JsonObject = msgspec.to_builtins(definition.document.translations)
    nodes: JsonObject = msgspec.to_builtins(definition.document.nodes)
    for language, tree in trees.items():
        if language.partition("-")[0] != language and language.partition("-")[0] in trees:
            continue
        for node_id, node in nodes.items():
            where = words_in(type(definition.nodes[node_id]))
            words = tree.get(node_id) if isinstance(tree, dict) else None
            for place in untranslated(node, words, where, pointer("nodes", node_id)):
                sentence = f"There is no {language!r} for this text; write it under `translations`."
                yield warning(place, "missing_language", sentence)
