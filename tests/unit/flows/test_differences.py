"""What differs between two definitions."""

from typing import Any

from hypothesis import given, settings

from parley.modules.flows.engine import read_definition
from parley.modules.flows.engine.differences import difference, shown
from parley.modules.flows.yaml import read_yaml, write_yaml
from tests.unit.flows.generated import documents

A: Any = {
    "schema": 2,
    "id": "a",
    "name": "A",
    "start": "n",
    "nodes": {"n": {"type": "buttons", "text": "Hi", "buttons": [{"id": "y", "title": "Yes"}]}},
    "translations": {"es": {"n": {"text": "Hola", "buttons": {"y": "Sí"}}}},
}


def test_words_of_each_language() -> None:
    other: Any = {**A, "name": "B", "translations": {"es": {"n": {"text": "Buenas", "buttons": {"y": "Sí"}}}}}
    other["nodes"] = {"n": {**A["nodes"]["n"], "buttons": [{"id": "y", "title": "Yes!"}], "next": "n"}}
    other["nodes"]["n"].pop("next")
    found = difference(read_definition(A), read_definition(other))
    (node,) = found.nodes
    assert [(each.pointer, each.before, each.after, each.words, each.language) for each in node.changes] == [
        ("/nodes/n/buttons/0/title", "Yes", "Yes!", True, None),
        ("/translations/es/n/text", "Hola", "Buenas", True, "es"),
    ]
    assert [each.pointer for each in found.settings] == ["/name"]
    assert shown(found)[:4] == ["~ n", "    /nodes/n/buttons/0/title", "      - Yes", "      + Yes!"]


def test_order_and_defaults_mean_nothing() -> None:
    other = {name: A[name] for name in reversed(A)} | {"timezone": "UTC"}
    assert difference(read_definition(A), read_definition(other)).same


@settings(max_examples=30, deadline=None, database=None)
@given(documents)
def test_a_file_written_is_the_flow_that_was_read(document: Any) -> None:
    again = read_yaml(write_yaml(document))
    assert again == document
    assert difference(read_definition(again), read_definition(document)).same
