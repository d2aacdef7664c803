"""Flows that enter flows, wait for time, and change the contact, through the whole host."""

import asyncio

import pytest

from parley.core.ids import ConversationId
from parley.core.json import JsonObject
from parley.modules.contacts import list_contacts, names_of_tags
from parley.modules.flows import Call, Waking
from parley.modules.flows.engine import Interrupted
from tests.fakes.meta import text
from tests.fakes.stack import Stack
from tests.fakes.universe import Clock
from tests.store.test_flows import ADA, ASK, facts, hear, words

pytestmark = pytest.mark.store


def flow(name: str, start: str, **nodes: JsonObject) -> JsonObject:
    return {"id": name, "name": name, "start": start, "nodes": nodes}


MAIN: JsonObject = {
    **flow(
        "main",
        "go",
        go={"type": "sub_flow", "flow": "address", "save": {"street": "street"}, "next": "tell"},
        tell={"type": "end", "text": "To {{ vars.street }}, {{ contact.tags | join: '+' }}"},
    ),
    "triggers": {"default": True},
}


def address(question: str) -> JsonObject:
    return flow(
        "address",
        "ask",
        ask={"type": "ask", "text": question, "save": "street", "next": "tag"},
        tag={"type": "set", "add_tags": ["buyer"], "remove_tags": ["lead"]},
    )


async def test_every_run_stays_on_its_version(stack: Stack) -> None:
    shop = await stack.shop(flow=address("Street?"))
    await stack.publish(shop, MAIN)
    assert await hear(stack, text(shop, ADA, "hi")) == "Street?"
    await stack.publish(shop, address("Which street?"))
    async with stack.another_process() as other:
        assert await hear(stack, text(shop, ADA, "Hill Road"), by=other) == "To Hill Road, buyer"
        assert await hear(stack, text(shop, ADA, "again"), by=other) == "Which street?"
        assert await hear(stack, text(shop, ADA, "Lake Road"), by=other) == "To Lake Road, buyer"
    async with stack.app.units.begin(shop.workspace) as unit:
        (ada,) = await list_contacts(unit, stack.app.people, None, 10)
        named = await names_of_tags(unit, stack.app.keys, [(shop.workspace, tag) for tag in ada.profile.tags])
    assert sorted(named.values()) == ["buyer"]


async def test_a_delay_is_not_shortened_by_words(stack: Stack, clock: Clock) -> None:
    waits = flow(
        "waits", "pause", pause={"type": "delay", "for": "2h", "next": "say"}, say={"type": "end", "text": "Now"}
    )
    shop = await stack.shop(flow={**waits, "triggers": {"default": True}})
    await stack.take(text(shop, ADA, "hi"), text(shop, ADA, "hello?"))
    await hear(stack, text(shop, ADA, "anybody?"))
    clock.forward(minutes=119)
    await stack.process.resuming.timers()
    await stack.process.send_all()
    assert words(stack) == []
    clock.forward(minutes=2)
    await stack.process.resuming.timers()
    await stack.process.send_all()
    assert words(stack) == ["Now"]


SPOIL = """
update session set state = set_byte(state, 40, (get_byte(state, 40) + 1) % 256)
where conversation_id = (select min(conversation_id::text)::uuid from session)"""


async def test_many_time_outs_are_one_unit_and_one_bad_session_stops_no_other(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=ASK)
    people = [f"+1555000{number:04d}" for number in range(1111, 1119)]
    await stack.take(*[text(shop, person, "hi") for person in people])
    await stack.process.send_all()
    await stack.look(SPOIL)
    clock.forward(minutes=31)
    async with stack.another_process() as other:
        done = await asyncio.gather(stack.process.resuming.timers(), other.resuming.timers())
    assert sum(done) >= len(people)
    await stack.process.send_all()
    assert words(stack).count("Are you still there?") == len(people) - 1
    assert len(await stack.look("select from session")) == 1
    assert await stack.process.resuming.timers() == 0, "the bad one waits"


async def test_somebody_ends_a_session_even_over_a_person(stack: Stack) -> None:
    shop = await stack.shop(flow=ASK)
    await hear(stack, text(shop, ADA, "hi"))
    (row,) = await stack.look("select conversation_id from session")
    await stack.look("update conversation set floor = 'person'")
    waking = Waking(stack.app.conversing, stack.app.hands)
    async with stack.app.units.begin(shop.workspace) as unit:
        call = Call(conversation=ConversationId(row["conversation_id"]), came=Interrupted(outcome="stopped"))
        assert await waking.wake(unit, [call]) == 1
    assert await stack.look("select from session") == []
    completed = [each.detail for each in await facts(stack, shop) if each.kind == "flow.completed"]
    assert "stopped" in str(completed)
