"""What a worker queues while it has room leaves right after the commit: in order, within the rates, and once."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio

from parley.core.content import Content
from parley.core.errors import Unavailable
from parley.kit.unit import Unit
from parley.modules.channels.ports import Remedy, SendFailed
from parley.modules.conversations import Request, send
from parley.modules.conversations.service.deliver import WORKSPACE_SLOTS
from tests.fakes.stack import Shop, Stack

pytestmark = pytest.mark.store

ADA = "+15550001111"
_people = count(15_550_700_000)


class Broken(Exception):
    pass


@pytest_asyncio.fixture
async def direct(stack: Stack) -> AsyncIterator[Stack]:
    """A process that queues and sends."""
    stack.app.desk.speaker.taker = stack.process.deliverer
    yield stack
    stack.app.desk.speaker.taker = None


def words(body: str) -> Content:
    return Content("text", {"body": body})


def somebody() -> str:
    return f"+{next(_people)}"


async def say(unit: Unit, stack: Stack, shop: Shop, to: str, body: str) -> None:
    await send(unit, stack.app.desk, Request(channel=shop.channel, to=to, content=words(body)))


async def posted(stack: Stack) -> list[str | None]:
    """What was posted so far, claims left out."""
    await stack.process.deliverer.drain()
    await stack.process.settle()
    return stack.provider.texts()


async def test_what_is_queued_leaves_without_a_claim(direct: Stack) -> None:
    shop = await direct.shop()
    queued = await direct.say(shop, ADA, words("hello"))
    assert await posted(direct) == ["hello"]
    message = await direct.message(shop, queued.id)
    assert [step.status for step in message.statuses] == ["queued", "sent"]
    assert await direct.process.deliver() == 0


async def broken(unit: Unit, stack: Stack, shop: Shop) -> None:
    await say(unit, stack, shop, somebody(), "undone")
    raise Broken


async def in_a_unit(stack: Stack, shop: Shop) -> None:
    async with stack.app.units.begin(shop.workspace) as unit:
        await broken(unit, stack, shop)


async def in_an_attempt(unit: Unit, stack: Stack, shop: Shop) -> None:
    async with unit.attempt():
        await broken(unit, stack, shop)


async def test_what_is_undone_does_not_leave_and_keeps_no_place(direct: Stack) -> None:
    shop = await direct.shop()
    for _ in range(WORKSPACE_SLOTS + 1):
        with pytest.raises(Broken):
            await in_a_unit(direct, shop)
    async with direct.app.units.begin(shop.workspace) as unit:
        with pytest.raises(Broken):
            await in_an_attempt(unit, direct, shop)
        await say(unit, direct, shop, ADA, "kept")
    assert await posted(direct) == ["kept"]


async def test_a_commit_that_was_not_heard_of_is_sent_once(direct: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = await direct.shop()
    await direct.app.routes.refresh()
    with monkeypatch.context() as patched:
        patched.setattr(direct.app.units, "_after_commit", _lost)
        with pytest.raises(Unavailable):
            await direct.say(shop, ADA, words("once"))
    assert direct.provider.attempts == []
    assert await direct.process.deliver() == 1
    assert await posted(direct) == ["once"]


def _lost(_: Unit) -> None:
    raise Unavailable("The answer to the commit was lost.", retry_after=1)


async def test_a_conversation_waits_for_its_message_under_way(direct: Stack) -> None:
    shop = await direct.shop()
    async with direct.app.units.begin(shop.workspace) as unit:
        await say(unit, direct, shop, ADA, "1")
        await say(unit, direct, shop, ADA, "2")
    await direct.say(shop, ADA, words("3"))
    assert await posted(direct) == ["1"]
    await direct.process.send_all()
    assert direct.provider.texts() == ["1", "2", "3"]


async def test_the_numbers_rate_holds(direct: Stack) -> None:
    shop = await direct.shop(rate=20)
    for n in range(12):
        await direct.say(shop, somebody(), words(f"{n}"))
    left = await posted(direct)
    assert 0 < len(left) < 12
    assert left == [f"{n}" for n in range(len(left))]


async def test_nobody_passes_who_waits_already(direct: Stack) -> None:
    shop = await direct.shop()
    direct.app.desk.speaker.taker = None
    await direct.say(shop, somebody(), words("first"))
    direct.app.desk.speaker.taker = direct.process.deliverer
    await direct.say(shop, somebody(), words("second"))
    assert await posted(direct) == []
    await direct.process.send_all()
    assert direct.provider.texts() == ["first", "second"]


async def test_no_workspace_takes_every_place(direct: Stack) -> None:
    shop, other = await direct.shop(), await direct.shop()
    async with direct.app.units.begin(shop.workspace) as unit:
        for n in range(WORKSPACE_SLOTS + 5):
            await say(unit, direct, shop, somebody(), f"{n}")
        async with direct.app.units.begin(other.workspace) as beside:
            await say(beside, direct, other, ADA, "beside")
    assert len(await posted(direct)) == WORKSPACE_SLOTS + 1


async def test_nothing_leaves_with_a_commit_that_may_be_lost(direct: Stack) -> None:
    shop = await direct.shop()
    async with direct.app.units.begin(shop.workspace, redone=True) as unit:
        assert await unit.connection.fetchval("show synchronous_commit") == "off"
        await say(unit, direct, shop, ADA, "later")
    assert await posted(direct) == []
    await direct.process.send_all()
    assert direct.provider.texts() == ["later"]


async def test_what_fails_is_tried_again_by_a_claim(direct: Stack) -> None:
    shop = await direct.shop()
    refusals = [SendFailed(Remedy.RETRY, code=2, title="Refused", retry_after=0.0)]
    direct.provider.refuse = lambda _: refusals.pop() if refusals else None
    queued = await direct.say(shop, ADA, words("again"))
    assert await posted(direct) == []
    async with direct.app.units.begin(shop.workspace) as unit:
        rows = await unit.connection.fetch("select attempts, claimed_until from outbox where id = $1", queued.id)
    assert [tuple(row) for row in rows] == [(1, None)]
