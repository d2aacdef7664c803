"""What differs between two definitions: nodes, words, and everything else, each change with its place."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.faults import pointer
from parley.modules.flows.engine.language import Wordy, words_in

Verdict: TypeAlias = Literal["added", "removed", "changed"]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One place that differs. What is not there is null. `words`: customers read it."""

    pointer: str
    before: JsonValue
    after: JsonValue
    words: bool = False
    language: str | None = None
    """Whose words; None for those of the flow's own language."""


class NodeDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A node that is new, gone, or not what it was: then `changes` tells where."""

    node: str
    verdict: Verdict
    changes: tuple[Change, ...] = ()


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """All that differs. `settings` is what stands outside of nodes: triggers, hours, languages, the start."""

    nodes: tuple[NodeDifference, ...]
    settings: tuple[Change, ...]

    @property
    def same(self) -> bool:
        return not self.nodes and not self.settings


def difference(before: Definition, after: Definition) -> Difference:
    """What has to be changed to get from one definition to the other; the order of members means nothing."""
    one, other = _written(before), _written(after)
    nodes = [*before.nodes, *(each for each in after.nodes if each not in before.nodes)]
    found = (_node(each, (before, after), (one, other)) for each in nodes)
    rest = [{k: v for k, v in each.items() if k not in {"nodes", "translations"}} for each in (one, other)]
    return Difference(
        nodes=tuple(each for each in found if each is not None),
        settings=tuple(_changes(rest[0], rest[1], "", words=False)),
    )


def _written(definition: Definition) -> JsonObject:
    written: JsonObject = msgspec.to_builtins(definition.document)
    return written


def _node(
    node_id: str, definitions: tuple[Definition, Definition], written: tuple[JsonObject, JsonObject]
) -> NodeDifference | None:
    if node_id not in definitions[0].nodes:
        return NodeDifference(node=node_id, verdict="added")
    if node_id not in definitions[1].nodes:
        return NodeDifference(node=node_id, verdict="removed")
    own = tuple(_at(each, "nodes", node_id) for each in written)
    where = words_in(type(definitions[1].nodes[node_id])) if own[0] != own[1] else False
    changes = list(_changes(own[0], own[1], pointer("nodes", node_id), words=where))
    for language in _languages(*written):
        trees = [_at(each, "translations", language, node_id) for each in written]
        at = pointer("translations", language, node_id)
        changes += [_of(each, language) for each in _changes(trees[0], trees[1], at, words=True)]
    return NodeDifference(node=node_id, verdict="changed", changes=tuple(changes)) if changes else None


def _of(change: Change, language: str) -> Change:
    return msgspec.structs.replace(change, language=language)


def _languages(*written: JsonObject) -> list[str]:
    trees = [each.get("translations") for each in written]
    return sorted({language for tree in trees if isinstance(tree, Mapping) for language in tree})


def _at(value: JsonValue, *steps: str) -> JsonValue:
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _changes(before: JsonValue, after: JsonValue, at: str, *, words: Wordy) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(each for each in after if each not in before)]:
            inner = words if isinstance(words, bool) else words.get(name, False)
            yield from _changes(before.get(name), after.get(name), at + pointer(name), words=inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _changes(one, other, at + pointer(index), words=words)
    else:
        yield Change(pointer=at, before=before, after=after, words=words is not False)


def shown(found: Difference) -> list[str]:
    """A difference in lines for people."""
    lines = [line for each in found.nodes for line in _shown_node(each)]
    return lines + [line for each in found.settings for line in _shown_change(each, "")]


def _shown_node(each: NodeDifference) -> list[str]:
    mark = {"added": "+", "removed": "-", "changed": "~"}[each.verdict]
    return [f"{mark} {each.node}", *(line for change in each.changes for line in _shown_change(change, "    "))]


def _shown_change(change: Change, indent: str) -> list[str]:
    lines = [f"{indent}{change.pointer}"]
    lines += [] if change.before is None else [f"{indent}  - {_line(change.before)}"]
    return lines + ([] if change.after is None else [f"{indent}  + {_line(change.after)}"])


def _line(value: JsonValue) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
