"""One flow is chosen, always the same, and the reason is told."""

from typing import Any

import pytest

from parley.modules.flows.engine import FlowTriggers, Input, choose, read_definition, triggers_of


def flow(name: str, **triggers: Any) -> FlowTriggers:
    document: dict[str, Any] = {
        "id": name,
        "name": name,
        "start": "a",
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


def test_order_of_the_flows_does_not_matter() -> None:
    equal = [flow("b", keywords=["x"]), flow("a", keywords=["x"])]
    assert choose(equal, Input("x")) == choose(equal[::-1], Input("x"))


def test_nothing_starts_where_nothing_fits() -> None:
    assert choose([flow("orders", keywords=["order"])], Input("hi")) is None


def test_the_host_may_name_the_flow() -> None:
    document: dict[str, Any] = {"id": "x", "name": "x", "start": "a", "nodes": {"a": {"type": "end"}}}
    assert triggers_of(read_definition(document), "flw_1").flow_id == "flw_1"
