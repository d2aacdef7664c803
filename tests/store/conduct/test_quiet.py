"""Quiet windows: fragments get one answer, and a turn that has not spoken is begun again when more comes."""

import asyncio

import pytest

from parley.core.json import JsonObject
from parley.modules.flows import HttpAnswer
from tests.fakes.meta import tap, text
from tests.fakes.stack import Process, Stack
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store

ADA = "+15550001111"
ORDER: JsonObject = {
    "schema": 2,
    "id": "order",
    "name": "Order",
    "triggers": {"keywords": ["order"]},
    "conduct": {"quiet_at": {"address": "5s"}},
    "start": "what",
    "nodes": {
        "what": {"type": "ask", "text": "What would you like?", "save": "what", "next": "address"},
        "address": {"type": "ask", "text": "{{ vars.what }}. Where to?", "save": "address", "next": "sure"},
        "sure": {
            "type": "buttons",
            "text": "{{ vars.address }}, right?",
            "buttons": [{"id": "yes", "title": "Yes", "next": "look"}, {"id": "no", "title": "No", "next": "address"}],
        },
        "look": {"type": "ask", "text": "Which code?", "save": "code", "next": "check"},
        "check": {"type": "http", "url": "https://shop.example/{{ vars.code }}", "next": "done", "failed": "done"},
        "done": {"type": "end", "text": "Thank you for {{ vars.code }}"},
    },
}


async def say(stack: Stack, shop: object, *words: str) -> None:
    await stack.take(*[text(shop, ADA, each) for each in words])  # type: ignore[arg-type]  # a numbered shop


async def pause(stack: Stack, clock: Clock, seconds: float, by: Process | None = None) -> list[str | None]:
    """Time passes; everything the bot has said so far."""
    process = by or stack.process
    clock.forward(seconds=seconds)
    await process.quiet.work()
    await process.send_all()
    return stack.provider.texts()


async def test_five_fragments_in_three_seconds_are_one_answer(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=ORDER)
    await say(stack, shop, "order")
    assert await pause(stack, clock, 2.1) == ["What would you like?"]
    for words in ("two", "croissants", "and", "a coffee", "please"):
        await say(stack, shop, words)
        assert await pause(stack, clock, 0.6) == ["What would you like?"]
    async with stack.another_process() as restarted:
        said = await pause(stack, clock, 1.5, by=restarted)
    assert said[1:] == ["two\ncroissants\nand\na coffee\nplease. Where to?"]
    assert await stack.look("select from conversation where quiet_since is not null") == []


async def test_each_place_has_its_own_pause_and_a_tap_waits_for_none(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=ORDER)
    await say(stack, shop, "order")
    await pause(stack, clock, 2)
    await say(stack, shop, "tea")
    await pause(stack, clock, 2)
    await say(stack, shop, "1 High Street")
    assert len(await pause(stack, clock, 4)) == 2
    assert (await pause(stack, clock, 1))[-1] == "1 High Street, right?"
    await stack.take(tap(shop, ADA, "yes", "Yes"))
    await stack.process.send_all()
    assert stack.provider.texts()[-1] == "Which code?"


async def test_the_word_that_starts_a_flow_may_stand_in_any_fragment(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=ORDER)
    await say(stack, shop, "hello", "Order!", "are you open?")
    assert await pause(stack, clock, 2) == ["What would you like?"]


async def test_who_never_pauses_is_answered_all_the_same(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=ORDER)
    for _ in range(9):
        await say(stack, shop, "order")
        await pause(stack, clock, 1.2)
    assert "What would you like?" in stack.provider.texts()


async def coded(stack: Stack, clock: Clock) -> object:
    """A conversation in which the bot is about to look a code up."""
    shop = await stack.shop(flow=ORDER)
    for words, seconds in (("order", 2), ("tea", 2), ("1 High Street", 5)):
        await say(stack, shop, words)
        await pause(stack, clock, seconds)
    await stack.take(tap(shop, ADA, "yes", "Yes"))
    await say(stack, shop, "A1")
    await pause(stack, clock, 2)
    assert len(await stack.look("select from flow_effect")) == 1
    return shop


async def effects(process: Process) -> None:
    await process.resuming.effects()
    await asyncio.gather(*process.resuming._under_way)
    await process.send_all()


async def test_a_turn_that_has_not_spoken_is_begun_again(stack: Stack, clock: Clock) -> None:
    stack.world.answer = HttpAnswer(status=200, headers={}, body="{}")
    shop = await coded(stack, clock)
    stack.world.gate = asyncio.Event()
    await stack.process.resuming.effects()
    await say(stack, shop, "no, B2")
    stack.world.gate.set()
    await asyncio.gather(*stack.process.resuming._under_way)
    await stack.process.send_all()
    assert stack.provider.texts()[-1] == "Which code?", "the answer of the turn that is given up is not used"
    await pause(stack, clock, 2)
    await effects(stack.process)
    assert stack.provider.texts()[-1] == "Thank you for A1\nno, B2"
    assert await stack.look("select from session") == []
    assert await stack.look("select from flow_effect") == []
    numbers = [row["number"] for row in await stack.look("select number from flow_sprint order by number")]
    assert numbers == sorted(set(numbers)), "the log has the turn as it was in the end"


async def test_a_worker_that_dies_in_a_quiet_window_or_a_request_leaves_nothing_stuck(
    stack: Stack, clock: Clock
) -> None:
    await coded(stack, clock)
    stack.world.gate = asyncio.Event()
    async with stack.another_process() as dying:
        await dying.resuming.effects()
        for task in list(dying.resuming._under_way):
            task.cancel()
        await asyncio.gather(*dying.resuming._under_way, return_exceptions=True)
    stack.world.gate = None
    stack.world.answer = HttpAnswer(status=200, headers={}, body="{}")
    clock.forward(seconds=61)
    await stack.process.resuming.timers()
    await effects(stack.process)
    assert stack.provider.texts().count("Thank you for A1") == 1
    assert await stack.look("select from session") == []
