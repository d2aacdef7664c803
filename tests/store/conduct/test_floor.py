"""The floor: while a person has it the bot never speaks, however the two come together."""

import asyncio
import json
import random
from uuid import UUID

import pytest

from parley.core.ids import ConversationId, MessageId
from parley.core.json import JsonObject
from parley.modules.channels.ports import Outgoing, Remedy, SendFailed
from parley.modules.conversations import Floors
from parley.modules.conversations.service.floor import give_floor
from parley.modules.flows import HttpAnswer, demo
from parley.modules.webhooks import list_events
from tests.fakes.api import caller
from tests.fakes.meta import message, tap, text
from tests.fakes.stack import Shop, Stack
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store

ADA = "+15550001111"
PEOPLE = [f"+1555{number:07d}" for number in range(1_000)]
ROUNDS = 3
SHARE = 60
"""People who take over during one step: all have, before the last steps."""
TALKATIVE: JsonObject = {
    "id": "talkative",
    "name": "Talkative",
    "triggers": {"default": True},
    "start": "first",
    "nodes": {
        "first": {"type": "message", "text": "One moment", "next": "look"},
        "look": {"type": "http", "url": "https://shop.example/x", "next": "second", "failed": "second"},
        "second": {"type": "message", "text": "Here it is", "next": "more"},
        "more": {"type": "ask", "text": "Anything else?", "save": "more", "next": "look"},
    },
}


def echo_of(shop: Shop, to: str) -> bytes:
    """Somebody answers from the business's phone."""
    said = {"type": "text", "text": {"body": "I am on it"}, "from": "15550009999", "to": to[1:]}
    body = message(shop, None, said).replace(b'"field": "messages"', b'"field": "smb_message_echoes"')
    return body.replace(b'"messages": [', b'"message_echoes": [')


class Watched:
    """A shop full of conversations: the round in which each message was posted, and each floor was taken."""

    def __init__(self, stack: Stack, shop: Shop, chance: random.Random) -> None:
        self.stack, self.shop, self.chance = stack, shop, chance
        self.round = 0
        self.posted: list[tuple[MessageId, int]] = []
        self.taken: dict[UUID, int] = {}
        stack.provider.refuse = self.refuse
        stack.world.answer = HttpAnswer(status=200, headers={}, body="{}")

    def refuse(self, posted: Outgoing) -> SendFailed | None:
        """The provider takes three of four; the others are tried again a moment later."""
        self.posted.append((posted.message_id, self.round))
        again = SendFailed(Remedy.RETRY, code=131016, title="Try again")
        return again if self.chance.random() < 0.25 else None

    async def take(self, conversation: UUID) -> None:
        await asyncio.sleep(self.chance.random() / 20)
        async with self.stack.app.units.begin(self.shop.workspace) as unit:
            await give_floor(unit, ConversationId(conversation), "person", None)
        self.taken[conversation] = self.round

    async def read(self) -> None:
        """A third of the people write again."""
        writing = self.chance.sample(PEOPLE, len(PEOPLE) // 3)
        await self.stack.take(*[text(self.shop, phone, "hello") for phone in writing])

    async def effects(self) -> None:
        await self.stack.process.resuming.effects()
        await asyncio.gather(*self.stack.process.resuming._under_way)

    async def deliver(self) -> None:
        while await self.stack.process.deliver():
            pass

    async def settle(self) -> None:
        await self.stack.process.settle()


async def test_the_bot_never_speaks_after_a_person_took_over(stack: Stack, clock: Clock) -> None:
    """A thousand conversations, each taken over at some moment of a turn; claims, posts, retries and answers go on."""
    chance = random.Random(34)  # noqa: S311  # the same in every run
    shop = await stack.shop(flow=TALKATIVE)
    watched = Watched(stack, shop, chance)
    await stack.take(*[text(shop, phone, "hello") for phone in PEOPLE])
    waiting = [row["id"] for row in await stack.look("select id from conversation")]
    chance.shuffle(waiting)
    steps = (watched.deliver, watched.effects, watched.settle, watched.read, watched.deliver, watched.settle)
    for _ in range(ROUNDS):
        for step in steps:
            watched.round += 1
            overtaking, waiting = waiting[:SHARE], waiting[SHARE:]
            await asyncio.gather(step(), *[watched.take(each) for each in overtaking])
            clock.forward(seconds=5)
    assert (waiting, len(watched.taken)) == ([], len(PEOPLE))
    whose = {row[0]: row[1] for row in await stack.look("select id, conversation_id from message")}
    after = [message for message, at in watched.posted if at > watched.taken[whose[message]]]
    assert after == []
    assert len(watched.posted) > len(PEOPLE) // 2
    cancelled = await stack.look("select conversation_id from message where status = 35 and origin = 'bot'")
    assert len(cancelled) > len(PEOPLE) // 20, "what was said and had not left"
    assert await stack.look("select from outbox") == []


async def test_what_the_bot_says_as_it_hands_over_is_said(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("opening_hours"))
    for body in (text(shop, ADA, "hello"), tap(shop, ADA, "person", "Talk to a person"), text(shop, ADA, "Broken")):
        await stack.take(body)
    await stack.process.send_all()
    (row,) = await stack.look("select floor, floor_by, floor_until from conversation")
    assert (row["floor"], row["floor_by"]) == ("person", "flow")
    assert await stack.look("select from message where status = 35") == []


async def test_a_phone_holds_the_floor_for_a_day_and_each_answer_lengthens_it(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=demo("echo"))
    await stack.take(text(shop, ADA, "hello"))
    await stack.take(echo_of(shop, ADA))
    clock.forward(hours=23)
    await stack.take(echo_of(shop, ADA))
    clock.forward(hours=23)
    await stack.take(text(shop, ADA, "still yours"))
    clock.forward(hours=2)
    await stack.take(text(shop, ADA, "back"))
    await stack.process.send_all()
    assert stack.provider.texts() == ["back"], "the first answer had not left when the phone spoke"
    assert await Floors(stack.app.units).work() == 1
    assert await Floors(stack.app.units).work() == 0
    async with stack.app.units.begin(shop.workspace) as unit:
        told = [each for each in await list_events(unit, None, 100) if each.kind == "conversation.floor_changed"]
    holders = [json.loads(str(each.detail))["holder"] for each in told]
    assert holders == ["bot", "person"], "newest first; a lengthened lease is no news"


async def test_by_request(stack: Stack) -> None:
    call = await caller(stack)
    await stack.publish(call.shop, demo("echo"))
    await stack.take(text(call.shop, ADA, "one"))
    conversation = (await call("GET", "/v1/conversations")).json["data"][0]
    assert (conversation["floor"], conversation["floor_by"]) == ("bot", None)
    floor = f"/v1/conversations/{conversation['id']}/floor"
    taken = await call("POST", floor, {"holder": "person"})
    assert (taken.status, taken.json["floor"]) == (200, "person")
    assert taken.json["floor_by"].startswith("key_")
    await stack.take(text(call.shop, ADA, "two"))
    given = await call("POST", floor, {"holder": "bot"})
    assert (given.json["floor"], given.json["floor_expires_at"]) == ("bot", None)
    await stack.take(text(call.shop, ADA, "three"))
    await stack.process.send_all()
    assert stack.provider.texts() == ["three"]
    for holder, until in (("bot", "2030-01-01T00:00:00Z"), ("person", "2020-01-01T00:00:00Z")):
        refused = await call("POST", floor, {"holder": holder, "expires_at": until})
        assert (refused.status, refused.faults) == (422, [("/expires_at", "out_of_range")])


async def test_a_session_that_runs_out_under_a_person_ends_without_a_word(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(flow=TALKATIVE)
    await stack.take(text(shop, ADA, "hello"), echo_of(shop, ADA))
    clock.forward(hours=1)
    await stack.process.resuming.timers()
    await stack.process.send_all()
    assert stack.provider.texts() == []
    assert await stack.look("select from session") == []
