"""Reading a document: every fault at once, with its pointer; and the published schema says the same as the reader."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from parley.core.errors import InvalidInput
from parley.modules.flows.demos import NAMES, demo
from parley.modules.flows.engine import flow_schema, read_definition, validate
from tests.unit.flows.generated import documents

BASE: dict[str, Any] = {"id": "case", "name": "Case", "start": "a"}
END = {"type": "end"}

FAULTS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"nodes": {}}, [("/nodes", "missing")]),
    ({"nodes": {"a": END}, "name": 5}, [("/name", "invalid")]),
    ({"nodes": {"a": END}, "title": "x"}, [("/title", "unknown_field")]),
    ({"nodes": {"a": END}, "timezone": "Mars/Base"}, [("/timezone", "unknown_timezone")]),
    ({"nodes": {"a b": END}}, [("/nodes/a b", "invalid_id")]),
    ({"nodes": {"a": {"type": "dance"}}}, [("/nodes/a/type", "unknown_type")]),
    ({"nodes": {"a": "end"}}, [("/nodes/a/type", "unknown_type")]),
    ({"nodes": {"a": {"type": "message"}}}, [("/nodes/a", "invalid")]),
    (
        {"nodes": {"a": {"type": "message", "txt": "x"}, "b": {"type": "ask"}}},
        [("/nodes/a/txt", "unknown_field"), ("/nodes/b/text", "missing")],
    ),
    (
        {"nodes": {"a": {"type": "buttons", "text": "x", "buttons": [{"title": "y"}, {"titel": "z"}]}}},
        [("/nodes/a/buttons/1", "unknown_field")],
    ),
    (
        {"nodes": {"a": {"type": "message", "text": "{{ x | shout }}"}, "b": {"type": "end", "text": "{% if %}"}}},
        [("/nodes/a/text", "text_invalid"), ("/nodes/b/text", "text_invalid")],
    ),
    (
        {"nodes": {"a": {"type": "branch", "cases": [{"matches": "("}]}}},
        [("/nodes/a/cases/0/matches", "pattern_invalid")],
    ),
    (
        {"nodes": {"a": {"type": "branch", "cases": [{"equals": 1, "contains": "x"}]}}},
        [("/nodes/a/cases/0", "invalid")],
    ),
    ({"nodes": {"a": {"type": "http", "url": "x", "within": 60}}}, [("/nodes/a/within", "invalid")]),
    ({"nodes": {"a": {"type": "ask", "text": "x", "answer": "choice"}}}, [("/nodes/a", "invalid")]),
]


@pytest.mark.parametrize(("document", "wanted"), FAULTS, ids=[str(wanted[0]) for _, wanted in FAULTS])
def test_faults_and_their_pointers(document: dict[str, Any], wanted: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_definition({**BASE, **document})
    found = sorted((fault.pointer, fault.code) for fault in refused.value.faults)
    assert found == sorted(wanted)


def test_a_misspelt_field_is_guessed() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_definition({**BASE, "nodes": {"a": {"type": "message", "texst": "x"}}})
    assert any("did you mean 'text'" in fault.detail for fault in refused.value.faults)


def test_a_hostile_nesting_is_refused() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    with pytest.raises(InvalidInput, match="nested deeper"):
        read_definition({**BASE, "nodes": {"a": {"type": "set", "vars": {"x": deep}}}})


@pytest.mark.parametrize("name", NAMES)
def test_demos_are_sound(name: str) -> None:
    document = demo(name)
    found = validate(read_definition(document))
    assert not found.errors
    assert not found.warnings
    Draft202012Validator(flow_schema()).validate(document)


def test_demo_takes_settings() -> None:
    definition = read_definition(demo("order_status", shop_url="http://127.0.0.1:9/sim/demo"))
    assert definition.library.settings["shop_url"] == "http://127.0.0.1:9/sim/demo"


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(flow_schema())


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(documents)
def test_what_the_reader_takes_the_schema_takes(document: dict[str, Any]) -> None:
    read_definition(document)
    Draft202012Validator(flow_schema()).validate(document)
