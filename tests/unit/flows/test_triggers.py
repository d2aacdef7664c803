"""One flow is chosen, always the same, and the reason is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from parley.core.errors import InvalidInput
from parley.modules.flows.engine import (
    FlowTriggers,
    Input,
    Occasion,
    choose,
    read_definition,
    triggers_of,
    validate,
)


def flow(name: str, **triggers: Any) -> FlowTriggers:
    document: dict[str, Any] = {
        "id": name,
        "name": name,
        "start": "a",
        "hours": triggers.pop("hours", {}),
        "triggers": triggers,
        "nodes": {"a": {"type": "end"}},
    }
    return triggers_of(read_definition(document))


FLOWS = [
    flow("echo", default=True, priority=-5),
    flow("orders", keywords={"en": ["Order", "where is it?"], "es": ["pedido"], "hi": ["मदद"]}, priority=2),
    flow("more_orders", keywords=["ORDER"], priority=1),
    flow("likes", keywords=["👍"]),
    flow("catch_all", default=True, priority=3),
]


@pytest.mark.parametrize(
    ("text", "chosen", "reason"),
    [
        ("order", "orders", "keyword 'Order' (en), before 1 other by priority"),
        ("  Where is it!", "orders", "keyword 'where is it?' (en)"),
        ("PEDIDO.", "orders", "keyword 'pedido' (es)"),
        ("मदद", "orders", "keyword 'मदद' (hi)"),
        ("👍", "likes", "keyword '👍' (en)"),
        ("👎", "catch_all", "default, before 1 other by priority"),
        ("my order", "catch_all", "default, before 1 other by priority"),
        ("", "catch_all", "default, before 1 other by priority"),
    ],
)
def test_choice(text: str, chosen: str, reason: str) -> None:
    found = choose(FLOWS, Input(text))
    assert found is not None
    assert (found.flow_id, found.reason) == (chosen, reason)


OFFICE = {"week": {"monday": ["09:00-17:00"]}}
MORE = [
    flow("tapped", payloads=["again"]),
    flow("words", phrases={"en": ["my order"], "es": ["mi pedido"]}, priority=1),
    flow("numbers", patterns=[r"\bP-\d{4}\b"], priority=9),
    flow("forms", kinds=["form_answer", "order", "template_reply"]),
    flow("hearts", reactions=["❤️"]),
    flow("any_ad", ad_referral=True),
    flow("one_ad", ad_referral=["ad-7"], priority=1),
    flow("new_here", first_message=True),
    flow("open", hours={"office": OFFICE}, default=True, during="office"),
    flow("closed", hours={"office": OFFICE}, default=True, outside="office"),
]
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "occasion", "chosen", "reason"),
    [
        (Input("Again", "again", "button"), {}, "tapped", "payload 'again'"),
        (Input("where is my ORDER?"), {}, "words", "phrase 'my order' (en)"),
        (Input("dónde está mi pedido"), {}, "words", "phrase 'mi pedido' (es)"),
        (Input("my orders"), {}, "open", "default"),
        (Input("it is p-1234"), {}, "numbers", r"pattern '\\bP-\\d{4}\\b'"),
        (Input("", None, "interactive", None, {"a": 1}), {}, "forms", "form_answer"),
        (Input("", None, "order"), {}, "forms", "order"),
        (Input("Yes", "other", "button"), {}, "forms", "template_reply"),
        (Input("❤️", None, "reaction"), {}, "hearts", "reaction"),
        (Input("👍", None, "reaction"), {"first": True}, None, ""),
        (Input("hi"), {"ad": "ad-7", "first": True}, "one_ad", "ad ad-7, before 1 other by priority"),
        (Input("hi"), {"ad": ""}, "any_ad", "ad"),
        (Input("hi"), {"first": True}, "new_here", "first message"),
        (Input("hi"), {"now": MONDAY.replace(hour=18)}, "closed", "default"),
    ],
)
def test_other_triggers(received: Input, occasion: dict[str, Any], chosen: str | None, reason: str) -> None:
    found = choose(MORE, received, Occasion(**{"now": MONDAY, **occasion}))
    assert (found.flow_id if found else None, found.reason if found else "") == (chosen, reason)


def test_who_could_have_started_is_told() -> None:
    found = choose(MORE, Input("my order P-1234"), Occasion(now=MONDAY))
    assert found is not None
    assert (found.by, found.flow_id, found.lost) == ("phrase", "words", ("numbers", "open"))


@pytest.mark.parametrize(
    ("triggers", "at"),
    [({"patterns": ["("]}, "/triggers/patterns/0"), ({"kinds": ["smell"]}, "/triggers/kinds/0")],
)
def test_triggers_that_can_not_be_read(triggers: Any, at: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        flow("x", **triggers)
    assert [fault.pointer for fault in refused.value.faults] == [at]


def test_hours_of_triggers_have_to_be_there() -> None:
    document: dict[str, Any] = {"id": "x", "name": "x", "start": "a", "nodes": {"a": {"type": "end"}}}
    found = validate(read_definition({**document, "triggers": {"default": True, "during": "office"}}))
    assert [each.pointer for each in found.errors] == ["/triggers/during"]


def test_order_of_the_flows_does_not_matter() -> None:
    equal = [flow("b", keywords=["x"]), flow("a", keywords=["x"])]
    assert choose(equal, Input("x")) == choose(equal[::-1], Input("x"))


def test_nothing_starts_where_nothing_fits() -> None:
    assert choose([flow("orders", keywords=["order"])], Input("hi")) is None


def test_the_host_may_name_the_flow() -> None:
    document: dict[str, Any] = {"id": "x", "name": "x", "start": "a", "nodes": {"a": {"type": "end"}}}
    assert triggers_of(read_definition(document), "flw_1").flow_id == "flw_1"
