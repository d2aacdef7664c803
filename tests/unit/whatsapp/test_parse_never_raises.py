"""Whatever arrives, parsing answers with facts that can be kept, and leaves the neighbours of a bad item whole."""

import base64
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.adapters.whatsapp.parse import parse
from parley.adapters.whatsapp.parse.decode import MAX_RAW_BYTES
from parley.core.json import JsonValue
from parley.modules.channels.inbound import Inbound, InboundMessage, StatusChange, Unknown
from tests.cases.whatsapp.samples import table

WRONG: tuple[JsonValue, ...] = (None, True, 7, -(10**30), 1.5, "", "x" * 600, [], {}, [[]], [None], {"x": {"y": [1]}})
CASES = table("webhooks.yaml")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize("name", CASES)
def test_wrong_types_at_every_place_become_facts(name: str) -> None:
    case = CASES[name]
    assert isinstance(case, dict)
    change: JsonValue = {"field": case.get("field", "messages"), "value": case["value"]}
    body: JsonValue = {"object": "x", "entry": [{"id": "10", "time": 1_750_000_000, "changes": [change]}]}
    for mutant in mutants(body):
        check_facts(parse(msgspec.json.encode(mutant)))


def mutants(value: JsonValue) -> Iterator[JsonValue]:
    """The value with each of its members in turn wrong or missing."""
    yield from WRONG
    if isinstance(value, dict):
        for name, member in value.items():
            yield {other: kept for other, kept in value.items() if other != name}
            yield from ({**value, name: changed} for changed in mutants(member))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from ([*value[:index], changed, *value[index + 1 :]] for changed in mutants(member))


@settings(max_examples=100, deadline=None)
@given(json_values)
def test_any_json_becomes_facts(body: JsonValue) -> None:
    check_facts(parse(json.dumps(body).encode()))
    check_facts(parse(json.dumps({"entry": [{"changes": [{"field": "messages", "value": body}]}]}).encode()))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_become_facts(body: bytes) -> None:
    check_facts(parse(body))


HOSTILE = {
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep but closed": b'{"entry":[{"changes":[{"field":"messages","value":'
    + b'{"messages":[' * 200
    + b"]}" * 200
    + b"}]}]}",
    "invalid utf-8": b'{"entry":[{"id":"\xff\xfe"}]}',
    "lone surrogate": b'{"entry":[{"id":"\\ud800"}]}',
    "huge whole number": b'{"entry":[{"id":' + b"9" * 5_000 + b"}]}",
    "huge exponent": b'{"entry":[{"id":"1","time":1e999}]}',
    "not a number": b'{"entry":[{"id":"1","time":NaN}]}',
    "byte order mark": b'\xef\xbb\xbf{"entry":[]}',
    "nothing": b"",
    "a null": b"null",
    "a list": b"[]",
    "three megabytes": b'{"entry":"' + b"a" * 3_000_000 + b'"}',
    "three megabytes of no JSON": b"a" * 3_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies_become_facts(name: str) -> None:
    check_facts(parse(HOSTILE[name]))


@pytest.mark.parametrize("spoilt", [b'"\xff"', b'"\\ud83d"', b'"a\\u0000b"', b"NaN", b"1e999", b"[" * 300 + b"]" * 300])
def test_a_spoilt_text_leaves_its_neighbours(spoilt: bytes) -> None:
    good = b'{"from":"16505551234","id":"w2","timestamp":"1750000001","type":"text","text":{"body":"kept"}}'
    bad = b'{"from":"16505551234","id":"w1","timestamp":"1750000001","type":"text","text":{"body":' + spoilt + b"}}"
    body = b'{"entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[' + bad + b"," + good + b"]}}]}]}"
    facts = parse(body)
    check_facts(facts)
    assert [fact.provider_id for fact in facts if isinstance(fact, InboundMessage)] == ["w1", "w2"]
    assert isinstance(facts[1], InboundMessage)
    assert facts[1].content.text == "kept"


def test_a_body_that_is_no_json_is_kept_up_to_a_bound() -> None:
    body = b"\xff" * (MAX_RAW_BYTES + 1)
    [fact] = parse(body)
    assert isinstance(fact, Unknown)
    raw = fact.body["raw_base64"]
    assert isinstance(raw, str)
    assert base64.b64decode(raw) == body[:MAX_RAW_BYTES]
    assert (fact.body["bytes"], fact.body["truncated"]) == (MAX_RAW_BYTES + 1, True)


def check_facts(facts: list[Inbound]) -> None:
    assert facts, "a delivery always becomes at least one fact"
    for fact in facts:
        assert is_dataclass(fact)
        for field in fields(fact):
            check_storable(getattr(fact, field.name))
        if isinstance(fact, InboundMessage | StatusChange):
            assert 0 < len(fact.provider_id) <= 512


def check_storable(value: object) -> None:
    """Content can be written as JSON again, and a text goes into a database."""
    if isinstance(value, dict):
        msgspec.json.encode(value)
    elif isinstance(value, str):
        assert "\0" not in value
        value.encode()
