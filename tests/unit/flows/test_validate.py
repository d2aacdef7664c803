"""What is said of a whole flow before it is published."""

from typing import Any

import pytest

from parley.modules.flows.engine import read_definition, validate

END = {"type": "end"}

CASES: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("unknown start", {"b": END}, "error", "/start", "unknown_node"),
    ("unknown target", {"a": {"type": "message", "text": "x", "next": "z"}}, "error", "/nodes/a", "unknown_node"),
    ("unreachable", {"a": END, "b": END}, "warning", "/nodes/b", "unreachable"),
    (
        "dead end",
        {"a": {"type": "buttons", "text": "x", "buttons": [{"title": "y"}]}},
        "warning",
        "/nodes/a",
        "dead_end",
    ),
    (
        "endless",
        {"a": {"type": "set", "next": "b"}, "b": {"type": "message", "text": "x", "next": "a"}},
        "error",
        "/nodes/a",
        "endless",
    ),
    (
        "four buttons",
        {"a": {"type": "buttons", "text": "x", "buttons": [{"title": str(i), "next": "a"} for i in range(4)]}},
        "warning",
        "/nodes/a/buttons",
        "shown_as_list",
    ),
    (
        "long button",
        {"a": {"type": "buttons", "text": "x", "buttons": [{"title": "x" * 21, "next": "a"}]}},
        "error",
        "/nodes/a/buttons/0/title",
        "too_long",
    ),
    (
        "same title twice",
        {"a": {"type": "buttons", "text": "x", "buttons": [{"title": "Yes"}, {"title": "yes!"}]}},
        "error",
        "/nodes/a/buttons/1/title",
        "duplicate",
    ),
    (
        "eleven rows",
        {
            "a": {
                "type": "list",
                "text": "x",
                "button": "y",
                "sections": [{"rows": [{"title": f"r{i}"} for i in range(11)]}],
            }
        },
        "error",
        "/nodes/a/sections",
        "too_many",
    ),
    (
        "long row",
        {"a": {"type": "list", "text": "x", "button": "y", "sections": [{"rows": [{"title": "x" * 25}]}]}},
        "error",
        "/nodes/a/sections/0/rows/0/title",
        "too_long",
    ),
    ("long text", {"a": {"type": "message", "text": "x" * 4097}}, "error", "/nodes/a/text", "too_long"),
    ("no setting", {"a": {"type": "end", "text": "{{ settings.url }}"}}, "warning", "/nodes/a/text", "unknown_name"),
    ("bare name", {"a": {"type": "end", "text": "{{ order }}"}}, "warning", "/nodes/a/text", "unknown_name"),
    ("no way out of failure", {"a": {"type": "http", "url": "https://a"}}, "warning", "/nodes/a/failed", "no_way_out"),
    (
        "an address worked on",
        {"a": {"type": "http", "url": "https://a/{{ vars.x | upcase }}"}},
        "warning",
        "/nodes/a/url",
        "not_encoded",
    ),
    ("no such hours", {"a": {"type": "business_hours", "hours": "x"}}, "error", "/nodes/a/hours", "unknown_hours"),
    ("no such flow", {"a": {"type": "jump", "flow": "x"}}, "error", "/nodes/a/flow", "missing_dependency"),
    (
        "words after a day of silence",
        {
            "a": {"type": "ask", "text": "x", "timeout": {"after": "20h", "next": "b"}, "next": "d"},
            "b": {"type": "delay", "for": "4h", "next": "c"},
            "c": {"type": "message", "text": "x", "next": "d"},
            "d": {"type": "message", "text": "x"},
        },
        "warning",
        "/nodes/c",
        "template_needed",
    ),
    (
        "a bound that is no date",
        {"a": {"type": "ask", "text": "x", "answer": "date", "min": "soon", "next": "a"}},
        "error",
        "/nodes/a/min",
        "not_a_date",
    ),
]


@pytest.mark.parametrize(("name", "nodes", "level", "pointer", "code"), CASES, ids=[case[0] for case in CASES])
def test_finding(name: str, nodes: dict[str, Any], level: str, pointer: str, code: str) -> None:
    found = validate(read_definition({"id": "case", "name": name, "start": "a", "nodes": nodes}), {"flow": {"case"}})
    place = found.errors if level == "error" else found.warnings
    assert (pointer, code) in [(fault.pointer, fault.code) for fault in place]


def test_filled_in_texts_are_not_measured() -> None:
    nodes = {"a": {"type": "end", "text": "{{ vars.x }}" * 400}}
    assert not validate(read_definition({"id": "case", "name": "x", "start": "a", "nodes": nodes})).errors


def test_a_customer_who_just_wrote_hears_words() -> None:
    nodes: dict[str, Any] = {
        "a": {"type": "delay", "for": "3d", "next": "b", "message": "c"},
        "b": {"type": "end"},
        "c": {"type": "end", "text": "Hello"},
    }
    issues = validate(read_definition({"id": "case", "name": "x", "start": "a", "nodes": nodes})).issues
    assert [issue for issue in issues if issue.code == "template_needed"] == []


def test_missing_and_long_words_of_a_language() -> None:
    nodes = {
        "a": {
            "type": "buttons",
            "text": "Hi",
            "buttons": [{"title": "Yes"}, {"title": "👍", "id": "up"}],
            "other": "b",
        },
        "b": {"type": "end", "text": "{{ vars.x }}"},
    }
    words = {"de": {"a": {"buttons": {"1": "Selbstverständlich gerne"}}}, "de-AT": {"a": {"text": "Servus"}}}
    document: Any = {"id": "case", "name": "x", "start": "a", "nodes": nodes, "translations": words}
    found = [
        (issue.severity, issue.node, issue.pointer, issue.code)
        for issue in validate(read_definition(document)).issues
        if issue.code != "dead_end"
    ]
    assert found == [
        ("error", "a", "/translations/de/a/buttons/0/title", "too_long"),
        ("error", "a", "/translations/de-at/a/buttons/0/title", "too_long"),
        ("warning", "a", "/nodes/a/text", "missing_language"),
    ]
