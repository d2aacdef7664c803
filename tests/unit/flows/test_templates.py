"""Texts: the quick way and Liquid show the same, and an author cannot reach the clock or spend the machine."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from parley.core.json import JsonValue
from parley.modules.flows.engine import sandbox
from parley.modules.flows.engine.sandbox import TemplateFailed
from parley.modules.flows.engine.templates import Template

SCOPE = {
    "input": {"text": "hi / there"},
    "vars": {"n": 5, "day": "2026-11-30", "list": ["a", "b"], "yes": True, "nothing": None},
    "settings": {"url": "https://a.example/x"},
    "now": "2026-11-23T12:00:00+00:00",
    "today": "2026-11-23",
}
BIG = "{{ 'a' " + "| replace: 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' " * 8 + "}}"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain", "plain"),
        ("{{ vars.n }}/{{vars.yes}}/{{ vars.nothing }}/{{ vars.gone.deeper }}", "5/true//"),
        ("{{ vars.n | plus: 1.5 }}", "6.5"),
        ("{{ vars.day | date: '%A, %-d %B %Y' }}", "Monday, 30 November 2026"),
        ("{{ now | date: '%H:%M' }} {{ today }}", "12:00 2026-11-23"),
        ("{{ 'now' | date: '%Y' }}", "now"),
        ("{% for x in vars.list %}{{ x }};{% endfor %}", "a;b;"),
        ("{{ vars.list.size }} {{ vars.list.first }}", "2 a"),
        ("{{ input.text | url_encode }}", "hi+%2F+there"),
        ("{{ 5 | round: -100000000 }}", "5"),
        ("{{ '1e999999' | plus: 1 }}", None),
        ("{{ 'x' | append: 1 | upcase }}", "X1"),
    ],
)
def test_text(source: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(TemplateFailed):
            Template(source).text(SCOPE)
    else:
        assert Template(source).text(SCOPE) == text


@pytest.mark.parametrize(
    "source",
    [
        "{% include 'x' %}",
        "{% render 'x' %}",
        "{% liquid echo 'x' %}",
        "{{ (1..999999999) | join }}",
        "{% for i in (1..999999999) reversed %}x{% endfor %}",
        "{{ 'x' | base64_encode }}",
        "{% if x %}",
        "{{ x | date: ",
        "x" * 10_001 + "{{ x }}",
        BIG,
        "{{ 'x' | date: '%999999999d' }}",
        "{% assign x = 9 %}{% for a in vars.list %}" + "{% assign x = x | times: x | times: x %}" * 5 + "{% endfor %}",
        "{% assign x = vars.list %}{% for a in vars.list %}" + "{% assign x = x | concat: x %}" * 12 + "{% endfor %}",
        "{% assign l = 'abcdefghijkl' | split: '' %}" + "{% for a in l %}" * 3 + "x" + "{% endfor %}" * 3,
        "{{ 1 | divided_by: 0 }}",
    ],
)
def test_abuse_is_refused(source: str) -> None:
    with pytest.raises(TemplateFailed):
        Template(source).text(SCOPE)


def test_no_clock_is_within_reach() -> None:
    assert Template("{{ now | upcase }}{{ today | upcase }}").text({"now": "n", "today": "t"}) == "NT"
    assert "now" not in sandbox.FILTERS


def test_a_lone_path_keeps_its_type() -> None:
    assert Template("{{ vars.n }}").value(SCOPE) == 5
    assert Template("{{ vars.list }}").value(SCOPE) == ["a", "b"]
    assert Template("{{ vars.n }}!").value(SCOPE) == "5!"


def test_values_in_addresses_are_encoded() -> None:
    address = Template("{{ settings.url }}/{{ input.text }}?n={{ vars.n }}").address(SCOPE)
    assert address == "https://a.example/x/hi%20%2F%20there?n=5"


values: st.SearchStrategy[JsonValue] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.text(max_size=3))
)
pieces = st.sampled_from(["{{ vars.a }}", "{{ vars.b.c }}", "{{contact.name}}", " and ", "}} ", "%}", "\n", "é"])


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(pieces, max_size=5).map("".join), st.fixed_dictionaries({"a": values, "b": values | st.just({"c": 1})}))
@example("{{ vars.a }}!", {"a": "one\r\ntwo\rthree\n", "b": None})
def test_the_quick_way_shows_what_liquid_shows(source: str, variables: dict[str, JsonValue]) -> None:
    template = Template(source)
    assert template.parts is not None
    scope = {"vars": variables, "contact": {"name": "Ada"}}
    liquid = sandbox.parse(source)
    assert template.text(scope) == sandbox.fill(liquid, scope)
