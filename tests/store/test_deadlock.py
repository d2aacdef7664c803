"""A deadlock undoes one of two units, which says so in the words of the vocabulary."""

import asyncio

import pytest

from parley.core.errors import Unavailable
from tests.fakes.stack import Stack

pytestmark = pytest.mark.store

LOCK = "select id from workspace where id = $1 for update"


async def test_the_one_that_is_undone_is_told_to_come_again(stack: Stack) -> None:
    one, other = (await stack.shop()).workspace, (await stack.shop()).workspace
    both_hold = asyncio.Barrier(2)

    async def crosswise(first: object, second: object) -> str:
        try:
            async with stack.app.units.begin(one, other) as unit:
                await unit.connection.execute(LOCK, first)
                await both_hold.wait()
                await unit.connection.execute(LOCK, second)
        except Unavailable as error:
            return f"again in {error.retry_after}"
        return "done"

    told = await asyncio.gather(crosswise(one, other), crosswise(other, one))
    assert sorted(told) == ["again in 1", "done"]
