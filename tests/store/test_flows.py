"""Flows through the whole host: messages in, effects out, timers, restarts, hand-over, versions and limits."""

import asyncio

import pytest

from parley.core.json import JsonObject
from parley.modules.contacts import list_contacts
from parley.modules.flows import EffectFailed, HttpAnswer, demo
from parley.modules.webhooks import StoredEvent, list_events
from tests.fakes.meta import choose, message, tap, text
from tests.fakes.stack import MANY, Process, Shop, Stack
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store

ADA = "+15550001111"
SHIPPED = HttpAnswer(status=200, headers={}, body='{"status": "shipped", "eta": "2026-12-01"}')


def words(stack: Stack) -> list[str]:
    """What the bot said: texts, and the words above buttons and lists."""
    return [str(each.content.text) for each in stack.provider.sent]


async def hear(stack: Stack, body: bytes, *, by: Process | None = None) -> str:
    """The bot's last words after this message."""
    await stack.post(body)
    process = by or stack.process
    await process.read()
    await process.send_all()
    return words(stack)[-1] if stack.provider.sent else ""


async def effects(process: Process) -> None:
    """Do what flows ask of the world, and send what they then say."""
    await process.resuming.effects()
    while process.resuming._under_way:
        await asyncio.wait(process.resuming._under_way)
    await process.send_all()


async def facts(stack: Stack, shop: Shop) -> list[StoredEvent]:
    async with stack.app.units.begin(shop.workspace) as unit:
        return (await list_events(unit, None, MANY))[::-1]


async def test_an_order_is_looked_up(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("order_status", shop_url="https://shop.example"))
    assert "order number" in await hear(stack, text(shop, ADA, "where is my order?"))
    await hear(stack, text(shop, ADA, "# 10482"))
    stack.world.answer = SHIPPED
    await effects(stack.process)
    assert [request.url for request in stack.world.asked] == ["https://shop.example/orders/10482"]
    assert any("order 10482 is on its way" in said for said in words(stack))
    assert (await stack.look("select count(*) from flow_effect"))[0][0] == 0


async def test_a_shop_that_is_away(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("order_status"))
    await hear(stack, text(shop, ADA, "order"))
    await hear(stack, text(shop, ADA, "10482"))
    stack.world.answer = EffectFailed(reason="Refused.")
    said = len(stack.provider.sent)
    await effects(stack.process)
    assert len(stack.provider.sent) > said


async def test_an_appointment_is_booked_across_restarts(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("appointment"))
    await hear(stack, text(shop, ADA, "book"))
    async with stack.another_process() as second:
        assert "Which day" in await hear(stack, tap(shop, ADA, "cut", "Haircut"), by=second)
        assert "These times" in await hear(stack, text(shop, ADA, "tomorrow"), by=second)
    async with stack.another_process() as third:
        assert "how many" in await hear(stack, choose(shop, ADA, "1100", "11:00"), by=third)
        assert "e-mail" in await hear(stack, text(shop, ADA, "2"), by=third)
        assert "looks incomplete" in await hear(stack, text(shop, ADA, "ada at example"), by=third)
    assert "read it back" in await hear(stack, text(shop, ADA, "ada@example.org"))
    assert "ada@example.org" in await hear(stack, tap(shop, ADA, "yes", "Yes, book it"))
    async with stack.app.units.begin(shop.workspace) as unit:
        (ada,) = await list_contacts(unit, stack.app.people, None, 10)
    assert ada.profile.fields["email"] == "ada@example.org"
    assert str(ada.profile.fields["next_appointment"]).endswith("11:00")
    assert await stack.look("select from session") == []
    completed = [each.detail for each in await facts(stack, shop) if each.kind == "flow.completed"]
    assert len(completed) == 1
    assert "booked" in str(completed[0])


async def test_a_person_takes_over_and_the_bot_is_silent(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("opening_hours"))
    await hear(stack, text(shop, ADA, "hello"))
    await hear(stack, tap(shop, ADA, "person", "Talk to a person"))
    await hear(stack, text(shop, ADA, "My parcel is broken"))
    said = len(stack.provider.sent)
    assert (await stack.look("select floor from conversation"))[0]["floor"] == "person"
    for more in ("hello?", "hours", "anyone there"):
        await hear(stack, text(shop, ADA, more))
    assert len(stack.provider.sent) == said
    assert "conversation.handed_over" in {each.kind for each in await facts(stack, shop)}


async def test_the_businesss_own_phone_takes_the_floor(stack: Stack) -> None:
    """Coexistence: somebody answers from the app, so the bot keeps still."""
    shop = await stack.shop(flow=demo("echo"))
    await hear(stack, text(shop, ADA, "hello"))
    echo = {"type": "text", "text": {"body": "I am on it"}, "from": "15550009999", "to": ADA[1:]}
    await stack.take(message(shop, None, echo).replace(b'"field": "messages"', b'"field": "smb_message_echoes"')
                     .replace(b'"messages": [', b'"message_echoes": ['))  # fmt: skip
    await hear(stack, text(shop, ADA, "thank you"))
    assert words(stack) == ["hello"]


ASK: JsonObject = {
    "format": 1,
    "id": "ask",
    "name": "Ask",
    "triggers": {"default": True},
    "start": "name",
    "nodes": {
        "name": {
            "type": "ask",
            "text": "Who are you?",
            "save": "name",
            "next": "greet",
            "timeout": {"after": "30m", "next": "late"},
        },
        "greet": {"type": "end", "text": "Hello {{ vars.name }}"},
        "late": {"type": "end", "text": "Are you still there?"},
    },
}


async def test_the_time_out_branch(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=ASK)
    await hear(stack, text(shop, ADA, "hi"))
    clock.forward(minutes=29)
    await stack.process.resuming.timers()
    await stack.process.send_all()
    assert words(stack) == ["Who are you?"]
    clock.forward(minutes=2)
    async with stack.another_process() as other:
        await asyncio.gather(stack.process.resuming.timers(), other.resuming.timers())
        await other.resuming.timers()
    await stack.process.send_all()
    assert words(stack) == ["Who are you?", "Are you still there?"]


async def test_an_answer_in_time_stops_the_clock(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=ASK)
    await hear(stack, text(shop, ADA, "hi"))
    await hear(stack, text(shop, ADA, "Ada"))
    clock.forward(hours=1)
    await stack.process.resuming.timers()
    await stack.process.send_all()
    assert words(stack) == ["Who are you?", "Hello Ada"]


async def test_two_answers_in_one_batch_are_two_turns(stack: Stack) -> None:
    shop = await stack.shop(flow=ASK)
    await stack.take(text(shop, ADA, "hi"), text(shop, ADA, "Ada"), text(shop, ADA, "again"))
    await stack.process.send_all()
    assert words(stack) == ["Who are you?", "Hello Ada", "Who are you?"]


async def test_a_message_delivered_twice_is_answered_once(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("echo"))
    body = text(shop, ADA, "hello")
    await stack.take(body, body)
    await stack.take(body)
    await stack.process.send_all()
    assert words(stack) == ["hello"]


async def test_a_running_session_stays_on_its_version(stack: Stack) -> None:
    shop = await stack.shop(flow=ASK)
    await hear(stack, text(shop, ADA, "hi"))
    nodes: JsonObject = {"name": {"type": "end", "text": "We are closed"}}
    await stack.publish(shop, {**ASK, "nodes": nodes})
    assert await hear(stack, text(shop, ADA, "Ada")) == "Hello Ada"
    assert await hear(stack, text(shop, ADA, "hi again")) == "We are closed"
    async with stack.another_process() as other:
        assert await hear(stack, text(shop, "+15550002222", "hi"), by=other) == "We are closed"


async def test_another_flows_keyword_interrupts(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("opening_hours"))
    await stack.publish(shop, demo("appointment"))
    assert "How can I help" in await hear(stack, text(shop, ADA, "hello"))
    assert "welcome to" in await hear(stack, text(shop, ADA, "Book!"))
    assert "Which day" in await hear(stack, text(shop, ADA, "1")), "the new session goes on"
    outcomes = [str(each.detail) for each in await facts(stack, shop) if each.kind == "flow.completed"]
    assert len(outcomes) == 1
    assert "interrupted" in outcomes[0]


LOOP: JsonObject = {
    "format": 1,
    "id": "loop",
    "name": "Loop",
    "triggers": {"default": True},
    "start": "one",
    "nodes": {
        "one": {"type": "set", "vars": {"n": "x"}, "next": "two"},
        "two": {"type": "branch", "cases": [{"any_of": ["never"], "next": "ask"}], "other": "one"},
        "ask": {"type": "ask", "text": "?", "save": "x", "next": "one"},
    },
}


async def test_a_limit_is_told_and_does_not_stop_others(stack: Stack) -> None:
    shop, other = await stack.shop(flow=LOOP), await stack.shop(flow=demo("echo"))
    await stack.take(text(shop, ADA, "hi"), text(other, ADA, "hi"))
    await stack.process.send_all()
    assert words(stack) == ["hi"]
    stumbled = [each.detail for each in await facts(stack, shop) if each.kind == "flow.stumbled"]
    assert len(stumbled) == 1
    assert "steps" in str(stumbled[0])
    assert await stack.look("select from delivery") == []


async def test_what_is_said_while_a_request_is_under_way_is_not_lost(stack: Stack) -> None:
    """The shop is slow and Ada adds something: the flow hears it once the answer is there."""
    nodes: JsonObject = {
        "look": {"type": "http", "url": "https://shop.example/x", "save": {"status": "status"}, "next": "ask"},
        "ask": {"type": "ask", "text": "It is {{ vars.status }}. Which colour?", "save": "colour", "next": "bye"},
        "bye": {"type": "end", "text": "{{ vars.colour }}, lovely"},
    }
    shop = await stack.shop(flow={**ASK, "start": "look", "nodes": nodes})
    await hear(stack, text(shop, ADA, "hi"))
    await hear(stack, text(shop, ADA, "blue"))
    stack.world.answer = SHIPPED
    await effects(stack.process)
    assert words(stack) == ["It is shipped. Which colour?", "blue, lovely"]


async def test_a_worker_that_dies_during_a_request(stack: Stack, clock: Clock) -> None:
    """Another worker makes it again; a late first answer changes nothing."""
    shop = await stack.shop(flow=demo("order_status"))
    await hear(stack, text(shop, ADA, "order"))
    await hear(stack, text(shop, ADA, "10482"))
    stack.world.gate = asyncio.Event()
    async with stack.another_process() as dying:
        await dying.resuming.effects()
        async with asyncio.timeout(5):
            while not stack.world.asked:  # noqa: ASYNC110 - the effect's task rings no bell
                await asyncio.sleep(0.005)
        for task in list(dying.resuming._under_way):
            task.cancel()
        await asyncio.gather(*dying.resuming._under_way, return_exceptions=True)
    stack.world.gate = None
    stack.world.answer = SHIPPED
    await effects(stack.process)
    assert len(stack.world.asked) == 1, "held by the one that died"
    clock.forward(seconds=61)
    await stack.process.resuming.timers()
    await effects(stack.process)
    assert len(stack.world.asked) <= 2
    assert len(words(stack)) >= 2
