"""Definitions of older schemas mean what they meant."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from parley.core.errors import InvalidInput
from parley.core.json import JsonObject
from parley.modules.flows.engine import Trigger, World, read_definition, start
from parley.modules.flows.engine.lifts import SCHEMA, lift
from tests.unit.flows.generated import documents, worlds


def lowered(document: dict[str, Any]) -> dict[str, Any]:
    """The same flow as schema 1 wrote it."""
    nodes = {name: dict(node) for name, node in document["nodes"].items()}
    for node in nodes.values():
        if "within" in node:
            node["timeout"] = int(node.pop("within").rstrip("s"))
    written = {name: value for name, value in document.items() if name not in {"schema", "conduct"}}
    return {**written, "format": 1, "nodes": nodes}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(documents, worlds)
def test_lifting_keeps_the_meaning(document: dict[str, Any], world: World) -> None:
    today = {"schema": SCHEMA, "conduct": {"quiet": "0s"}, **document}
    lifted, faults = lift(lowered(today))
    assert not faults
    assert lifted == today
    trigger = Trigger(reason="test")
    assert start(read_definition(lowered(today)), trigger, world) == start(read_definition(today), trigger, world)


def test_todays_documents_are_left_alone() -> None:
    document: JsonObject = {"schema": SCHEMA, "nodes": {"a": {"type": "http", "timeout": 3}}}
    assert lift(document) == (document, [])


@pytest.mark.parametrize("schema", [0, SCHEMA + 1, "2", True, None])
def test_an_unknown_schema_is_refused(schema: object) -> None:
    document: Any = {"schema": schema, "id": "x", "name": "x", "start": "a", "nodes": {"a": {"type": "end"}}}
    with pytest.raises(InvalidInput) as refused:
        read_definition(document)
    assert [fault.pointer for fault in refused.value.faults] == ["/schema"]


@pytest.mark.parametrize(
    "odd", [{"format": 2}, {"nodes": []}, {"nodes": {"a": 3}}, {"nodes": {"a": {"type": "http", "timeout": "x"}}}]
)
def test_what_a_step_does_not_understand_it_leaves_to_be_told(odd: Any) -> None:
    with pytest.raises(InvalidInput):
        read_definition({"id": "x", "name": "x", "start": "a", "nodes": {"a": {"type": "end"}}, **odd})


TRANSLATED: JsonObject = {
    "id": "x",
    "name": "x",
    "start": "a",
    "nodes": {"a": {"type": "ask", "text": "Hi", "answer": "choice", "choices": ["Red", "Blue"], "save": "x"}},
}


@pytest.mark.parametrize(
    ("words", "pointer"),
    [
        ({"b": {"text": "x"}}, "/translations/es/b"),
        ({"a": {"save": "y"}}, "/translations/es/a/save"),
        ({"a": {"retry_text": "y"}}, "/translations/es/a/retry_text"),
        ({"a": {"text": {}}}, "/translations/es/a/text"),
        ({"a": {"choices": {"3": "Verde"}}}, "/translations/es/a/choices/3"),
        ({"a": {"choices": ["Rojo"]}}, "/translations/es/a/choices"),
        ({"a": {"text": ""}}, "/translations"),
        ({"a": {"text": "{{ x"}}, "/translations/es/a/text"),
    ],
)
def test_words_that_do_not_fit_are_told(words: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_definition({**TRANSLATED, "translations": {"es": words}})
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
