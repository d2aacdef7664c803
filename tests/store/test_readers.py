"""Several readers share what waits: each has some, nobody's deliveries are with two, and all are read in order."""

import pytest

from parley.modules.channels import Queue, claim_deliveries
from tests.fakes.meta import text
from tests.fakes.stack import Stack

pytestmark = pytest.mark.store

PEOPLE = [f"+155500{n:05d}" for n in range(60)]


async def test_two_readers_share_what_waits(stack: Stack) -> None:
    shop = await stack.shop()
    for word in ("first", "second"):
        await stack.post(*(text(shop, each, word) for each in PEOPLE))
    units = stack.app.units
    async with units.begin() as one, units.begin() as other:
        mine = await claim_deliveries(one, Queue.PEOPLE, 200)
        theirs = await claim_deliveries(other, Queue.PEOPLE, 200)
    assert mine
    assert theirs
    assert not {each.shard for each in mine} & {each.shard for each in theirs}
    for claimed in (mine, theirs):
        assert [each.id for each in claimed] == sorted(each.id for each in claimed)
    async with units.begin() as third:
        rest = await claim_deliveries(third, Queue.PEOPLE, 200)
    assert len({each.id for each in (*mine, *theirs, *rest)}) == len(PEOPLE) * 2


async def test_a_few_are_not_divided(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.post(*(text(shop, each, "hello") for each in PEOPLE[:4]))
    async with stack.app.units.begin() as unit:
        assert len(await claim_deliveries(unit, Queue.PEOPLE, 200)) == 4
