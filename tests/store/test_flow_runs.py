"""Flows that enter flows, wait for time, and change the contact, through the whole host."""

import pytest

from parley.core.json import JsonObject
from parley.modules.contacts import list_contacts, names_of_tags
from tests.fakes.meta import text
from tests.fakes.stack import Stack
from tests.fakes.universe import Clock
from tests.store.test_flows import ADA, hear, words

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
    shop = await stack.shop(flow=MAIN)
    await stack.publish(shop, address("Street?"))
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
