"""Templates compiled: their schema and their filling say the same; what is filled in is what Meta takes and shows."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from parley.adapters.whatsapp.check import check
from parley.core.content import Content
from parley.modules.templates.compile import compare, fill, plan_of, preview, schema_of

CASES = yaml.safe_load((Path(__file__).parent / "fill.yaml").read_text())
TEMPLATES = CASES["templates"]


def plan(name: str) -> Any:
    return plan_of(TEMPLATES[name]["components"], TEMPLATES[name]["category"])


@pytest.mark.parametrize(
    "case", CASES["cases"], ids=lambda case: f"{case['template']}-{'bad' if 'faults' in case else 'good'}"
)
def test_filling(case: dict[str, Any]) -> None:
    template, compiled = TEMPLATES[case["template"]], plan(case["template"])
    filled = fill(compiled, template["components"], case["variables"], case.get("known", {}), "")
    assert {each.pointer: each.code for each in filled.faults} == case.get("faults", {})
    schema = schema_of(compiled, case["template"])
    Draft202012Validator.check_schema(schema)
    unschematic = {"contact_value_missing"}
    by_schema_too = set(case.get("faults", {}).values()) - unschematic
    fits = not list(
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(case["variables"])
    )
    assert fits is not bool(by_schema_too) or case["variables"].get("offer_expires_at") == "tomorrow"
    if filled.faults:
        return
    if "components" in case:
        assert filled.components == case["components"]
    body: dict[str, Any] = {"name": "x", "language": {"code": "en"}, "components": filled.components}
    assert not check(Content("template", body))
    assert compare(compiled, filled.components, "") == []
    shown = preview(template["components"], filled.components, template["category"])
    for name, expected in case.get("reads", {}).items():
        if name == "cards":
            assert [{"header": each.header, "body": each.body} for each in shown.cards] == expected
        else:
            assert getattr(shown, name) == expected


VALUES = some.one_of(
    some.none(),
    some.text(max_size=20),
    some.integers(-5, 5),
    some.booleans(),
    some.fixed_dictionaries({"id": some.text(max_size=3)}),
    some.fixed_dictionaries({"contact": some.just("name"), "default": some.text(min_size=1, max_size=3)}),
    some.dictionaries(some.sampled_from("0123"), some.text(max_size=17), max_size=3),
    some.lists(some.dictionaries(some.sampled_from(["header", "1"]), some.text(max_size=2)), max_size=2),
)
KEYS = some.sampled_from(["1", "2", "header", "buttons", "cards", "code", "first_name", "order", "offer_expires_at"])


@given(name=some.sampled_from(sorted(TEMPLATES)), variables=some.dictionaries(KEYS, VALUES, max_size=5))
def test_what_the_schema_takes_is_filled_in(name: str, variables: dict[str, Any]) -> None:
    """Never raises; and whatever fits the schema has no fault but of a time's spelling."""
    filled = fill(plan(name), TEMPLATES[name]["components"], variables, {"name": "Ada"}, "")
    if Draft202012Validator(schema_of(plan(name), name)).is_valid(variables):
        assert not [each for each in filled.faults if not each.pointer.endswith("offer_expires_at")]
    elif not filled.faults:
        assert None in variables.values()


COMPONENTS: list[tuple[str, list[dict[str, Any]], dict[str, str]]] = [
    ("numbered", [], {"/c": "missing"}),
    ("plain", [], {}),
    ("plain", [{"type": "body", "parameters": [{"type": "text", "text": "x"}]}], {"/c/0/parameters": "wrong_count"}),
    (
        "document",
        [{"type": "HEADER", "parameters": [{"type": "image", "image": {"id": "1"}}]}],
        {"/c/0/parameters/0/type": "wrong_value"},
    ),
    (
        "taken",
        [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "x", "parameter_name": "header"}] * 2},
        ],
        {},
    ),
    (
        "taken",
        [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "x"}] * 2},
        ],
        {
            "/c/1/parameters/0/parameter_name": "unknown_variable",
            "/c/1/parameters/1/parameter_name": "unknown_variable",
        },
    ),
    ("carousel", [{"type": "body", "parameters": [{"type": "text", "text": "x"}]}], {"/c": "wrong_count"}),
]


@pytest.mark.parametrize(("name", "components", "faults"), COMPONENTS)
def test_components_are_held_against_the_template(
    name: str, components: list[dict[str, Any]], faults: dict[str, str]
) -> None:
    assert {each.pointer: each.code for each in compare(plan(name), components, "/c")} == faults
