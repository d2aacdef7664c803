"""The filters of our own: what people read."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.core.json import JsonObject
from parley.modules.flows.engine import completion, read_definition
from parley.modules.flows.engine.filters import OWN
from parley.modules.flows.engine.sandbox import TemplateFailed
from parley.modules.flows.engine.templates import Template

SCOPE = {"vars": {"n": 1234.5, "at": "2026-11-30T23:30:00+00:00", "day": "2026-12-24", "phone": "+49 151 23456789"}}


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ vars.day | date: '%-d. %B', lang: 'de' }}", "24. Dezember"),
        ("{{ vars.day | date: '%a %d %b', lang: 'es-MX' }}", "jue 24 dic"),
        ("{{ vars.day | date: '%A', lang: 'fi' }}", "Thursday"),
        ("{{ vars.at | date: '%d %H:%M', 'Asia/Kolkata' }}", "01 05:00"),
        ("{{ vars.day | date: '%H', 'Asia/Kolkata' }}", "00"),
        ("{{ 'soon' | date: '%d' }}", "soon"),
        ("{{ vars.day | plus_days: 8 }}", "2027-01-01"),
        ("{{ vars.at | plus_days: -1 }}", "2026-11-29T23:30:00+00:00"),
        ("{{ vars.n | number: 2 }}", "1,234.50"),
        ("{{ vars.n | number: 2, lang: 'de' }}", "1.234,50"),
        ("{{ 'many' | number }}", "many"),
        ("{{ vars.n | money: 'EUR', lang: 'de' }}", "1.234,50\u00a0€"),
        ("{{ vars.n | money: 'USD' }}", "$1,234.50"),
        ("{{ vars.n | money: 'BRL', lang: 'pt-BR' }}", "R$\u00a01.234,50"),
        ("{{ 1000 | money: 'JPY' }}", "¥1,000"),
        ("{{ vars.phone | phone }}", "+4915123456789"),
        ("{{ vars.phone | digits }}", "4915123456789"),
        ("{{ 1 | plural: 'order', 'orders' }}", "order"),
        ("{{ 0 | plural: 'commande', 'commandes', lang: 'fr' }}", "commande"),
        ("{{ 22 | plural: 'заказ', 'заказов', 'заказа', lang: 'ru' }}", "заказа"),
        ("{{ 12 | plural: 'заказ', 'заказов', 'заказа', lang: 'ru' }}", "заказов"),
        ("{{ 21 | plural: 'zamówienie', 'zamówień', 'zamówienia', lang: 'pl' }}", "zamówień"),
        ("{{ 22 | plural: 'objednávka', 'objednávek', 'objednávky', lang: 'cs' }}", "objednávek"),
    ],
)
def test_shown(source: str, shown: str) -> None:
    assert Template(source).text(SCOPE) == shown


@pytest.mark.parametrize("source", ["{{ vars.at | date: '%d', 'Mars' }}", "{{ 1 | plural }}", "{{ 1 | number: x: 1 }}"])
def test_misuse_is_told(source: str) -> None:
    with pytest.raises(TemplateFailed):
        Template(source).text(SCOPE)


VALUES = st.none() | st.integers() | st.floats() | st.text(max_size=8)


@settings(max_examples=60, deadline=None, database=None)
@given(
    st.sampled_from(sorted(OWN)), st.lists(st.none() | st.integers() | st.floats() | st.text(max_size=8), max_size=4)
)
def test_any_argument_gives_text_or_is_told(name: str, given_: list[object]) -> None:
    scope = {f"a{number}": value for number, value in enumerate(given_)}
    source = f"{{{{ a0 | {name}{': ' if given_[1:] else ''}{', '.join(list(scope)[1:])} }}}}"
    with suppress(TemplateFailed):
        assert isinstance(Template(source).text(scope), str)


def test_an_editor_is_offered_what_there_is() -> None:
    nodes: JsonObject = {
        "a": {"type": "ask", "text": "?", "save": "order", "next": "b"},
        "b": {"type": "set", "session": {"seen": 1}, "next": "c"},
        "c": {"type": "branch", "cases": [{"has_email": True, "save": "fields.mail", "next": "a"}]},
    }
    offered = completion(
        read_definition({"id": "x", "name": "x", "start": "a", "settings": {"url": "u"}, "nodes": nodes})
    )
    paths = {each["path"] for each in offered["variables"]}  # type: ignore[union-attr, call-overload, index]
    assert {"contact.name", "settings.url", "vars.order", "session.seen", "fields.mail", "today"} <= paths
    assert {"money", "upcase"} <= {each["name"] for each in offered["filters"]}  # type: ignore[union-attr, call-overload, index]
    assert {"equals", "is_open"} <= {each["name"] for each in offered["tests"]}  # type: ignore[union-attr, call-overload, index]
