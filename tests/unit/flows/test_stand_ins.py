"""Stand-ins: the flow's own words stay, everything else of a person goes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.core.json import JsonValue
from parley.modules.flows.engine import ContactView, read_definition
from parley.modules.flows.talks.stand_ins import StandIns

FLOW = read_definition(
    {
        "schema": 2,
        "id": "shop",
        "name": "Shop",
        "start": "a",
        "nodes": {"a": {"type": "ask", "text": "Size?", "answer": "choice", "choices": ["Small", "Extra large"]}},
    }
)
STAND_INS = StandIns([FLOW])


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("extra LARGE please", "extra LARGE word"),
        ("I am Ada Lovelace", "word word word word"),
        ("2 small, 15 large", "2 small, 15 large"),
        ("order 4711-99817", "word 1234-12345"),
        ("me@home.example or +49 30 1234567", "ada@example.com word +15550001111"),
        ("born 1815-12-10, that is 10.12.1815", "word 2026-12-24, word word 24/12/2026"),
        ("O'Neill-Müller 🙂", "word 🙂"),
    ],
)
def test_words(said: str, shown: str) -> None:
    assert STAND_INS.text(said) == shown


@pytest.mark.parametrize(
    ("given_value", "shown"),
    [
        ({"state": "small", "to": "Hill Road", "n": [3, 4711, True, None, -4711.5]},
         {"state": "small", "to": "word word", "n": [3, 1234, True, None, 1234]}),
    ],
)  # fmt: skip
def test_values(given_value: JsonValue, shown: JsonValue) -> None:
    assert STAND_INS.value(given_value) == shown


def test_a_contact() -> None:
    person = ContactView(
        id="con_1",
        name="Grace",
        phone="+4930123456",
        language="de",
        fields={"city": "Rome", "size": "Small"},
        tags=frozenset({"small", "diabetic"}),
    )
    shown = STAND_INS.contact(person)
    assert (shown["name"], shown["phone"], shown["language"]) == ("Ada", "+15550001111", "de")
    assert (shown["fields"], shown["tags"]) == ({"city": "word", "size": "Small"}, ["small"])


@settings(max_examples=100, deadline=None, database=None)
@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Z"]), max_size=80))
def test_what_stands_in_needs_no_other(said: str) -> None:
    once = STAND_INS.text(said)
    again = StandIns([FLOW]).text(once)
    assert len(again.split()) == len(once.split())
    assert not any(len(part) > 2 and part not in "123456789012345" * 6 for part in once.split() if part.isdecimal())
