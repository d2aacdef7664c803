"""What flows did is counted: at once as it is read, and the same once it was added up."""

import pytest

from parley.core.json import JsonObject
from parley.modules.flows import StepCounter
from parley.modules.flows.service.analyse import Analysis, analyse
from parley.modules.flows.service.get_flow import flow_named
from tests.fakes.meta import text
from tests.fakes.stack import Shop, Stack
from tests.fakes.universe import Clock
from tests.store.test_flows import ADA, hear

pytestmark = pytest.mark.store

FLOW: JsonObject = {
    "schema": 2,
    "id": "main",
    "name": "Main",
    "conduct": {"quiet": "0s"},
    "triggers": {"default": True},
    "start": "who",
    "nodes": {
        "who": {"type": "ask", "text": "Who?", "save": "who", "next": "sub", "timeout": {"after": "1h", "next": "bye"}},
        "sub": {"type": "sub_flow", "flow": "other", "next": "way"},
        "way": {"type": "branch", "value": "{{ vars.who }}", "cases": [{"equals": "Ada", "next": "bye"}]},
        "bye": {"type": "end", "text": "Bye", "outcome": "seen"},
    },
}
OTHER: JsonObject = {
    "schema": 2,
    "id": "other",
    "name": "O",
    "start": "a",
    "nodes": {"a": {"type": "message", "text": "O"}},
}
OTHER_NUMBERS = ("+15550001112", "+15550001113", "+15550001114")


async def analysis(stack: Stack, shop: Shop, name: str = "main") -> Analysis:
    async with stack.app.units.begin(shop.workspace) as unit:
        flow = await flow_named(unit, name)
        return await analyse(unit, stack.app.keys, flow, None, (None, None))


async def talked(stack: Stack) -> Shop:
    """Four began: one came through, one was not known, two have not answered."""
    shop = await stack.shop(flow=OTHER)
    await stack.publish(shop, FLOW)
    for number in (ADA, *OTHER_NUMBERS):
        await hear(stack, text(shop, number, "hi"))
    await hear(stack, text(shop, ADA, "Ada"))
    await hear(stack, text(shop, OTHER_NUMBERS[0], "Bo"))
    return shop


async def test_node_by_node(stack: Stack, clock: Clock) -> None:
    shop = await talked(stack)
    found = await analysis(stack, shop)
    nodes = {each.node: each for each in found.nodes}
    assert (found.started, found.outcomes) == (4, {"completed": 1, "seen": 1})
    assert [(each.node, each.entered, each.still) for each in found.nodes] == [
        ("who", 4, 2),
        ("sub", 2, 0),
        ("way", 2, 0),
        ("bye", 1, 0),
    ]
    assert {way.exit: way.count for way in nodes["way"].exits} == {"case.1": 1, "none": 1}
    assert (await analysis(stack, shop, "other")).started == 2
    clock.forward(minutes=61)
    await stack.process.resuming.timers()
    later = {each.node: each for each in (await analysis(stack, shop)).nodes}
    assert {way.exit: way.count for way in later["who"].exits}["timeout"] == 2
    assert (later["bye"].entered, later["who"].still) == (3, 0)


async def test_adding_up_changes_nothing(stack: Stack, clock: Clock) -> None:
    shop = await talked(stack)
    before = await analysis(stack, shop)
    counter = StepCounter(stack.app.units)
    clock.forward(minutes=2)
    while await counter.work():
        pass
    assert await stack.look("select from flow_count") == []
    clock.forward(minutes=5)
    for _ in range(2):
        while await counter.work():
            pass
        assert await analysis(stack, shop) == before
    assert await stack.look("select from flow_count")
    await hear(stack, text(shop, OTHER_NUMBERS[1], "Ada"))
    assert (await analysis(stack, shop)).outcomes["seen"] == 2
