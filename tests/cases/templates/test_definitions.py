"""New templates checked against Meta's limits before Meta is asked."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from parley.adapters.whatsapp.check_definition import check_definition
from parley.modules.templates import NewTemplate

CASES = yaml.safe_load((Path(__file__).parent / "definitions.yaml").read_text())


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: ",".join(case["faults"]) or "good")
def test_definitions(case: dict[str, Any]) -> None:
    template = NewTemplate(**{**CASES["good"], **case["change"]})
    assert {each.pointer: each.code for each in check_definition(template)} == case["faults"]


WORDS = some.sampled_from(["BODY", "BUTTONS", "CAROUSEL", "QUICK_REPLY", "URL", "{{1}}", "{{a}} {{2}}", ""])
PLAIN = some.none() | some.booleans() | some.integers(0, 3) | WORDS
MEMBERS = some.sampled_from(["type", "text", "format", "buttons", "cards", "components", "example", "body_text"])
JSON = some.recursive(
    PLAIN,
    lambda inner: some.lists(inner, max_size=2) | some.dictionaries(MEMBERS, inner, max_size=2),
    max_leaves=6,
)


@given(some.lists(some.dictionaries(MEMBERS, JSON, max_size=3), max_size=3))
def test_anything_is_answered_with_faults(components: list[dict[str, Any]]) -> None:
    template = NewTemplate(name="a", language="en", category="UTILITY", components=list(components))
    assert all(each.pointer.startswith("/") for each in check_definition(template))
