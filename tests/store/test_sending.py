"""Messages leave within the rates, in order, fairly, each once; a failure does what its class asks for."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from parley.core.content import Content
from parley.core.errors import Unavailable
from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.unit import Caller, Unit, Units
from parley.modules.channels import resume_channel
from parley.modules.channels.ports import Remedy, SendFailed
from parley.modules.conversations import Deliverer, Draft, Queued, Sender, Settler
from parley.modules.conversations.domain import PAIR_BURST
from parley.modules.conversations.service.deliver import HELD, WORKSPACE_SLOTS
from tests.fakes.meta import status, text
from tests.fakes.stack import Shop, Stack
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store

ADA, GRACE = "+15550001111", "+15550002222"
_people = count(15_550_200_000)


def words(body: str) -> Content:
    return Content("text", {"body": body})


def somebody() -> str:
    return f"+{next(_people)}"


def refusing(*failures: SendFailed | None) -> Any:
    """The rule that refuses the first attempts with these, then takes everything."""
    left = list(failures)
    return lambda _: left.pop(0) if left else None


def failed(remedy: Remedy, code: int = 4, **more: Any) -> SendFailed:
    return SendFailed(remedy, code=code, title="Refused", **more)


async def run(stack: Stack, clock: Clock, *, seconds: float, step: float = 0.1) -> None:
    """Send for some time of the frozen clock."""
    for _ in range(round(seconds / step)):
        await stack.process.send_all()
        clock.forward(seconds=step)


@pytest.mark.parametrize("rate", [4, 20, 80])
async def test_no_second_carries_more_than_the_numbers_rate(stack: Stack, clock: Clock, rate: int) -> None:
    shop = await stack.shop(rate=rate)
    for _ in range(3 * rate):
        await stack.say(shop, somebody(), words("x"))
    await run(stack, clock, seconds=3.2)
    times = [at.timestamp() for at in stack.provider.sent_at]
    busiest = max(sum(start <= at < start + 1 for at in times) for start in times)
    assert busiest <= rate + max(1, rate // 4)
    assert len(times) >= 3 * rate - 1


async def test_a_pause_saves_up_no_more_than_a_quarter_second(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(rate=40)
    await stack.process.send_all()
    clock.forward(hours=1)
    for _ in range(100):
        await stack.say(shop, somebody(), words("x"))
    await stack.process.send_all()
    assert len(stack.provider.sent) == 10


async def test_one_person_gets_a_burst_then_one_message_each_six_seconds(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop()
    for n in range(PAIR_BURST + 3):
        await stack.say(shop, ADA, words(f"{n}"))
    await stack.process.send_all()
    assert len(stack.provider.sent) == PAIR_BURST
    for more in (1, 2, 3):
        clock.forward(seconds=5.9)
        await stack.process.send_all()
        assert len(stack.provider.sent) == PAIR_BURST + more - 1
        clock.forward(seconds=0.1)
        await stack.process.send_all()
        assert len(stack.provider.sent) == PAIR_BURST + more
    assert stack.provider.texts() == [f"{n}" for n in range(PAIR_BURST + 3)]


async def test_interactive_goes_before_bulk(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop(rate=4)
    for n in range(5):
        await stack.say(shop, somebody(), words(f"bulk {n}"), bulk=True)
    for n in range(5):
        await stack.say(shop, somebody(), words(f"now {n}"))
    await run(stack, clock, seconds=3)
    assert stack.provider.texts() == [f"now {n}" for n in range(5)] + [f"bulk {n}" for n in range(5)]


async def test_a_conversations_order_is_kept_through_retries(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop()
    stack.provider.refuse = refusing(failed(Remedy.RETRY), None, failed(Remedy.RETRY))
    for n in range(3):
        await stack.say(shop, ADA, words(f"ada {n}"))
    await stack.say(shop, GRACE, words("grace"))
    await stack.process.send_all()
    assert stack.provider.texts() == ["grace"], "others don't wait for Ada's"
    await run(stack, clock, seconds=20, step=0.5)
    assert stack.provider.texts() == ["grace", "ada 0", "ada 1", "ada 2"]


async def test_two_workers_send_each_message_once(stack: Stack) -> None:
    shop = await stack.shop()
    for _ in range(150):
        await stack.say(shop, somebody(), words("x"))
    async with stack.another_process() as other:
        await asyncio.gather(*[worker.send_all() for worker in (stack.process, other) for _ in range(2)])
        for worker in (stack.process, other):
            await worker.send_all()
    assert len({each.message_id for each in stack.provider.sent}) == len(stack.provider.sent) == 150


async def crowd(stack: Stack, shop: Shop, people: int, each: int) -> None:
    """Many queued messages, quickly."""
    first = [await stack.say(shop, somebody(), words("0")) for _ in range(people)]
    addresses = {queued.id: {"phone": "+15550003333"} for queued in first}
    for _ in range(each - 1):
        async with stack.app.units.begin(shop.workspace) as unit:
            drafts = [Draft(thread=q.thread, content=words("x"), to=addresses[q.id], author="api") for q in first]
            await stack.app.desk.speaker.say(unit, drafts)


async def test_a_crowd_of_one_workspace_does_not_stop_another(stack: Stack) -> None:
    crowded, quiet = await stack.shop(), await stack.shop()
    await crowd(stack, crowded, people=200, each=25)
    assert (await stack.look("select count(*) from outbox"))[0][0] == 5000
    stack.provider.gate = asyncio.Event()
    for _ in range(4):
        await stack.process.deliverer.work()
        await asyncio.sleep(0.05)
    assert len(stack.provider.attempts) == WORKSPACE_SLOTS, "the half of the worker"
    queued = await stack.say(quiet, ADA, words("quiet"))
    await stack.process.deliverer.work()
    await asyncio.sleep(0.05)
    assert stack.provider.attempts[-1].message_id == queued.id
    stack.provider.gate.set()
    await stack.process.deliverer.drain()
    await stack.process.settle()
    heads = Counter(each.to.phone for each in stack.provider.sent)
    assert max(heads.values()) == 1, "one message of a conversation at a time"


async def test_the_deadline_ends_a_message(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop()
    queued = await stack.say(shop, ADA, words("late"), expires_at=now() + timedelta(minutes=5))
    clock.forward(minutes=5)
    await stack.process.send_all()
    ended = await stack.message(shop, queued.id)
    assert (ended.status, stack.provider.attempts) == ("failed", [])
    assert "deadline" in str(ended.statuses[-1].errors[0]["title"])


async def test_retries_end_at_the_deadline(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop()
    stack.provider.refuse = lambda _: failed(Remedy.RETRY)
    queued = await stack.say(shop, ADA, words("x"), expires_at=now() + timedelta(seconds=30))
    await run(stack, clock, seconds=40, step=1)
    assert (await stack.message(shop, queued.id)).status == "failed"
    assert 3 <= len(stack.provider.attempts) <= 6, "delays double"


CASES = [
    (Remedy.RETRY, 1.6, "sent", "active"),
    (Remedy.THROTTLE_NUMBER, 1.6, "sent", "active"),
    (Remedy.THROTTLE_PAIR, 6.1, "sent", "active"),
    (Remedy.PAUSE_NUMBER, 901, "sent", "paused"),
    (Remedy.REFRESH_TOKEN, 3600, "queued", "token_refused"),
    (Remedy.TELL_SENDER, 3600, "failed", "active"),
    (Remedy.PAUSE_TEMPLATE, 3600, "failed", "active"),
    (Remedy.OPTED_OUT, 3600, "failed", "active"),
    (Remedy.FINAL, 3600, "failed", "active"),
    (Remedy.UNSURE, 3600, "unsure", "active"),
]


def test_every_class_has_a_case() -> None:
    assert [remedy for remedy, *_ in CASES] == list(dict.fromkeys(remedy for remedy, *_ in CASES))
    assert {remedy for remedy, *_ in CASES} == set(Remedy)


@pytest.mark.parametrize("case", CASES, ids=[str(case[0]) for case in CASES])
async def test_a_failure_does_what_its_class_asks(
    stack: Stack, clock: Clock, case: tuple[Remedy, float, str, str]
) -> None:
    remedy, after, ends, channel = case
    shop = await stack.shop()
    stack.provider.refuse = refusing(failed(remedy, code=131050))
    queued = await stack.say(shop, ADA, words("x"))
    await stack.process.send_all()
    assert len(stack.provider.attempts) == 1
    assert (await stack.message(shop, queued.id)).status == ("queued" if ends in ("sent", "queued") else ends)
    state = (await stack.look("select state from channel where id = $1", shop.channel))[0]["state"]
    assert state == channel
    clock.forward(seconds=after)
    await stack.process.send_all()
    assert (await stack.message(shop, queued.id)).status == ends
    assert len(stack.provider.attempts) == (2 if ends == "sent" else 1)
    opted_out = await stack.look("select from opt_out where workspace_id = $1", shop.workspace)
    assert len(opted_out) == (remedy is Remedy.OPTED_OUT)


async def test_a_throttled_number_rests_wholly_and_a_throttled_pair_alone(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop()
    stack.provider.refuse = lambda m: failed(Remedy.THROTTLE_PAIR) if m.to.phone == ADA else None
    await stack.say(shop, ADA, words("to Ada"))
    await stack.process.send_all()
    await stack.say(shop, GRACE, words("to Grace"))
    await stack.process.send_all()
    assert stack.provider.texts() == ["to Grace"]
    stack.provider.refuse = refusing(failed(Remedy.THROTTLE_NUMBER, retry_after=30))
    await stack.say(shop, somebody(), words("throttled"))
    await stack.process.send_all()
    await stack.say(shop, somebody(), words("waits too"))
    clock.forward(seconds=29)
    await stack.process.send_all()
    assert stack.provider.texts() == ["to Grace"]
    clock.forward(seconds=30)
    await stack.process.send_all()
    assert set(stack.provider.texts()) == {"to Grace", "to Ada", "throttled", "waits too"}


async def test_a_refused_token_stops_the_channel_until_it_is_replaced(stack: Stack, clock: Clock) -> None:
    shop, other = await stack.shop(), await stack.shop()
    stack.provider.refuse = refusing(failed(Remedy.REFRESH_TOKEN, code=190))
    await stack.say(shop, ADA, words("one"))
    await stack.process.send_all()
    await stack.say(shop, GRACE, words("two"))
    await stack.say(other, ADA, words("of another workspace"))
    clock.forward(hours=1)
    await stack.process.send_all()
    assert stack.provider.texts() == ["of another workspace"]
    async with stack.app.units.begin(shop.workspace) as unit:
        await resume_channel(unit, stack.app.keys, shop.channel, "fresh token")
    await stack.process.send_all()
    assert sorted(map(str, stack.provider.texts())) == ["of another workspace", "one", "two"]
    assert stack.provider.tokens[-2:] == ["fresh token"] * 2


async def test_what_a_dead_sender_had_claimed_is_unsure_and_never_sent_again(stack: Stack, clock: Clock) -> None:
    shop = await stack.shop()
    queued = await stack.say(shop, ADA, words("x"))
    second = await stack.say(shop, ADA, words("after it"))
    async with stack.another_process() as dying:
        stack.provider.gate = asyncio.Event()
        await dying.deliverer.work()
        await asyncio.sleep(0.02)
        assert len(stack.provider.attempts) == 1
        stack.provider.gate = None
    assert (await stack.message(shop, queued.id)).status == "sending"
    clock.forward(seconds=HELD.total_seconds() - 1)
    await stack.process.sweeper.strand()
    await stack.process.send_all()
    assert len(stack.provider.attempts) == 1, "held for the post, and those after it wait"
    clock.forward(seconds=2)
    await stack.process.sweeper.strand()
    await stack.process.send_all()
    assert (await stack.message(shop, queued.id)).status == "unsure"
    assert [each.message_id for each in stack.provider.sent] == [second.id]
    await stack.take(status(shop, "wamid.1", "delivered", ours=queued.id))
    assert (await stack.message(shop, queued.id)).status == "delivered"


async def test_a_provider_that_never_answers_leaves_it_unsure(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.modules.conversations.service.deliver.POST_SECONDS", 0.05)
    shop = await stack.shop()
    stack.provider.gate = asyncio.Event()
    queued = await stack.say(shop, ADA, words("x"))
    await stack.process.deliver()
    await asyncio.sleep(0.1)
    await stack.process.settle()
    assert (await stack.message(shop, queued.id)).status == "unsure"
    stack.provider.gate.set()
    await stack.process.send_all()
    assert len(stack.provider.attempts) == 1


class Breaking(Units):
    """Units whose next commits are lost to whoever waits for them, though they happened."""

    def __init__(self, real: Units) -> None:
        self.real = real
        self.losses = 0

    @asynccontextmanager
    async def begin(
        self, *workspaces: UUID, lane: str | None = None, caller: Caller | None = None, redone: bool = False
    ) -> AsyncIterator[Unit]:
        async with self.real.begin(*workspaces, lane=lane, caller=caller, redone=redone) as unit:
            yield unit
        if self.losses:
            self.losses -= 1
            raise Unavailable("The answer to the commit was lost.", retry_after=1)


async def test_a_claim_whose_commit_was_not_heard_of_is_given_back(stack: Stack) -> None:
    shop = await stack.shop()
    for n in range(3):
        await stack.say(shop, somebody(), words(f"{n}"))
    app = stack.app
    units = Breaking(app.units)
    settler = Settler(app.units, app.keys)
    deliverer = Deliverer(Sender(units, app.people, app.routes, app.drivers, app.media), settler)
    units.losses = 1
    with pytest.raises(Unavailable):
        await deliverer.work()
    await deliverer.work()
    await deliverer.drain()
    await settler.work()
    assert sorted(map(str, stack.provider.texts())) == ["0", "1", "2"]
    assert [each.status for each in await stack.messages(shop)] == ["sent"] * 3


async def test_a_settlement_that_fails_is_made_again(stack: Stack) -> None:
    shop = await stack.shop()
    queued = await stack.say(shop, ADA, words("x"))
    units = Breaking(stack.app.units)
    settler = Settler(units, stack.app.keys)
    app = stack.app
    deliverer = Deliverer(Sender(app.units, app.people, app.routes, app.drivers, app.media), settler)
    await deliverer.work()
    await deliverer.drain()
    units.losses = 1
    with pytest.raises(Unavailable):
        await settler.work()
    await settler.work()
    sent = await stack.message(shop, queued.id)
    assert (sent.status, [step.status for step in sent.statuses]) == ("sent", ["queued", "sent"])


async def test_the_database_going_away_before_the_post_makes_nothing_unsure(stack: Stack) -> None:
    shop = await stack.shop()
    queued = await stack.say(shop, ADA, words("x"))
    async with stack.another_process() as worker:
        await worker.app.routes.refresh()
        original = worker.app.routes.get

        async def away(_: object) -> Any:
            raise Unavailable("away", retry_after=1)

        worker.deliverer._sender.routes.get = away  # type: ignore[method-assign, assignment]
        await worker.deliver()
        await worker.settle()
        worker.deliverer._sender.routes.get = original  # type: ignore[method-assign]
    assert stack.provider.attempts == []
    assert (await stack.message(shop, queued.id)).status == "queued"


async def test_free_words_wait_for_the_persons_own(stack: Stack, clock: Clock) -> None:
    """Outside the 24 hours only a template is taken; a person never met is the provider's to judge."""
    shop = await stack.shop()
    await stack.take(text(shop, ADA, "hello", timestamp=str(int(clock()))))
    clock.forward(hours=24)
    with pytest.raises(Exception, match="24 hours"):
        await stack.say(shop, ADA, words("late"))
    hello: JsonObject = {"name": "hello", "language": {"code": "en"}}
    assert isinstance(await stack.say(shop, ADA, Content("template", hello)), Queued)
