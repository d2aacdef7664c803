"""A flow that does not need the contact runs the same without."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from parley.modules.flows.demos import demo
from parley.modules.flows.engine import ContactView, Input, Trigger, World, needs_of, read_definition, start
from parley.modules.flows.rehearsal import ADA, NOON
from tests.unit.flows.generated import documents


@pytest.mark.parametrize(("name", "needed"), [("echo", False), ("order_status", True), ("appointment", True)])
def test_demos(name: str, needed: bool) -> None:
    assert needs_of(read_definition(demo(name))).contact is needed


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(documents)
def test_without_need_nothing_changes(document: dict[str, Any]) -> None:
    definition = read_definition(document)
    if needs_of(definition).contact:
        return
    trigger = Trigger(reason="test", input=Input("1.500 on 3/4"))
    worlds = [
        World(now=NOON, contact=contact, conversation_id="cnv_1", channel_id="chn_1")
        for contact in (ContactView(id=ADA.id), ContactView(id=ADA.id, name="Ada", language="de", fields={"x": 1}))
    ]
    assert start(definition, trigger, worlds[0]) == start(definition, trigger, worlds[1])
