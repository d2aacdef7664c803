"""Any recorded session runs again, byte for byte; against another version it tells what would change."""

from typing import cast
from uuid import UUID

import pytest

from parley.core.errors import NotFound
from parley.core.json import JsonObject
from parley.modules.flows import (
    Compared,
    FlowLogSweeper,
    HttpAnswer,
    Replays,
    Shelf,
    demo,
    play_case,
    read_cases,
    read_yaml,
    write_yaml,
)
from tests.fakes.meta import tap, text
from tests.fakes.stack import Shop, Stack
from tests.fakes.universe import Clock
from tests.store.test_flow_runs import MAIN, address
from tests.store.test_flows import ADA, SHIPPED, effects, hear

pytestmark = pytest.mark.store


async def compare(stack: Stack, shop: Shop, flow: str, against: JsonObject | None = None) -> list[Compared]:
    replays = Replays(stack.app.people, Shelf(stack.app.units, stack.app.keys))
    async with stack.app.units.begin(shop.workspace) as unit:
        return [await replays.compare(unit, each, against) for each in await replays.newest(unit, flow, 10)]


async def order(stack: Stack) -> Shop:
    shop = await stack.shop(flow=demo("order_status"))
    await hear(stack, text(shop, ADA, "order"))
    await hear(stack, text(shop, ADA, "no number"))
    await hear(stack, text(shop, ADA, "10482"))
    stack.world.answer = SHIPPED
    await effects(stack.process)
    return shop


async def test_a_replay_equals_the_run(stack: Stack) -> None:
    shop = await order(stack)
    await hear(stack, tap(shop, ADA, "anything_else:done", "No, thank you"))
    (compared,) = await compare(stack, shop, "order_status")
    assert compared.same, compared.changes
    assert compared.sprints == 5


async def test_runs_are_replayed_on_their_versions(stack: Stack) -> None:
    shop = await stack.shop(flow=address("Street?"))
    await stack.publish(shop, MAIN)
    await hear(stack, text(shop, ADA, "hi"))
    await stack.publish(shop, address("Which street?"))
    await hear(stack, text(shop, ADA, "Hill Road"))
    (compared,) = await compare(stack, shop, "main")
    assert (compared.same, compared.sprints) == (True, 2)


async def test_another_version_tells_what_would_change(stack: Stack) -> None:
    shop = await order(stack)
    nodes = dict(cast("dict[str, JsonObject]", demo("order_status")["nodes"]))
    nodes["on_its_way"] = {**nodes["on_its_way"], "text": "It is coming."}
    (compared,) = await compare(stack, shop, "order_status", {**demo("order_status"), "nodes": nodes})
    assert not compared.same
    assert compared.changes[0].startswith("sprint 4: EffectAnswered")
    assert "  + says: It is coming." in compared.changes


async def test_a_version_that_ends_sooner(stack: Stack) -> None:
    shop = await order(stack)
    nodes: JsonObject = {"ask_number": {"type": "end", "text": "We are closed."}}
    (compared,) = await compare(stack, shop, "order_status", {**demo("order_status"), "nodes": nodes})
    assert compared.changes[-1] == "  the session is over before this"


async def test_the_log_is_sealed_and_forgotten(stack: Stack, clock: Clock) -> None:
    shop = await order(stack)
    rows = await stack.look("select recorded, session_id from flow_sprint")
    assert len(rows) == 4
    assert not any(b"10482" in row["recorded"] for row in rows)
    clock.forward(days=29)
    await FlowLogSweeper(stack.app.units).work()
    assert len(await stack.look("select from flow_sprint")) == 4
    clock.forward(days=2)
    assert await FlowLogSweeper(stack.app.units).work() == 4
    replays = Replays(stack.app.people, Shelf(stack.app.units, stack.app.keys))
    async with stack.app.units.begin(shop.workspace) as unit:
        with pytest.raises(NotFound):
            await replays.compare(unit, UUID(int=rows[0]["session_id"].int), None)


async def test_a_session_is_written_down_without_its_person(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("order_status"))
    await hear(stack, text(shop, ADA, "order", name="Grace Hopper"))
    await hear(stack, text(shop, ADA, "Grace Hopper, grace@navy.example, 4711"))
    await hear(stack, text(shop, ADA, "99817"))
    stack.world.answer = HttpAnswer(
        status=200, body='{"status": "shipped", "eta": "2026-12-01", "to": "Hopper Lane 7"}'
    )
    await effects(stack.process)
    replays = Replays(stack.app.people, Shelf(stack.app.units, stack.app.keys))
    async with stack.app.units.begin(shop.workspace) as unit:
        (session,) = await replays.newest(unit, "order_status", 10)
        found = await replays.write_down(unit, session)
    written = write_yaml(found.table)
    assert not [each for each in ("Grace", "Hopper", "navy", "99817", "4711") if each in written]
    assert "status: shipped" in written
    (case,) = read_cases(read_yaml(written), lambda _: demo("order_status"))
    assert play_case(case).failed is None
    assert found.faithful
