"""Samples and values in, facts out."""

import json
from datetime import UTC, datetime

import pytest

from parley.adapters.whatsapp.parse import parse
from parley.core.json import JsonValue
from tests.cases.whatsapp.samples import differences, needs_payloads, payload, payloads, table

SAMPLES = table("payloads.yaml")
WEBHOOKS = table("webhooks.yaml")
METADATA = {"display_phone_number": "15550783881", "phone_number_id": "20"}


@needs_payloads
@pytest.mark.parametrize("name", payloads("inbound", "status", "other"))
def test_every_sample_becomes_what_the_table_says(name: str) -> None:
    assert name in SAMPLES, f"{name} is new: say in payloads.yaml what it becomes"
    assert list(differences(list(parse(payload(name))), SAMPLES[name])) == []


@pytest.mark.parametrize("name", WEBHOOKS)
def test_every_value_becomes_what_the_table_says(name: str) -> None:
    case = WEBHOOKS[name]
    assert isinstance(case, dict)
    value = case["value"]
    assert isinstance(value, dict)
    assert list(differences(list(parse(delivery(case.get("field", "messages"), value))), case["then"])) == []


def delivery(field: JsonValue, value: dict[str, JsonValue]) -> bytes:
    change: dict[str, JsonValue] = {"field": field, "value": {"metadata": METADATA, **value}}
    entry: JsonValue = [{"id": "10", "time": 1_750_000_000, "changes": [change]}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def test_an_event_without_time_is_dated_by_its_delivery() -> None:
    message = {"from": "16505551234", "id": "w1", "type": "text", "text": {"body": "hi"}, "timestamp": "<TIME>"}
    body = json.dumps({"entry": [{"id": "0", "changes": [{"field": "messages", "value": {"messages": [message]}}]}]})
    received_at = datetime(2026, 9, 1, tzinfo=UTC)
    [fact] = parse(body.encode(), received_at)
    assert fact.at == received_at
    assert fact.account.account_id == "0"
