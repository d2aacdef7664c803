"""Flows kept in memory: a publication nobody told of is seen by and by, and no reply waits for the look."""

import asyncio

import pytest

from parley.modules.flows import Shelf, demo
from parley.modules.flows.engine import Input, Occasion
from parley.modules.flows.service import shelf as place
from tests.fakes.stack import Shop, Stack

pytestmark = pytest.mark.store


async def number(shelf: Shelf, shop: Shop) -> int | None:
    """The version that a message would start."""
    found = await shelf.choose(shop.workspace, shop.channel, Input("hello"), Occasion())
    return found[0].number if found else None


async def test_a_publication_nobody_told_of_is_seen_later(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(place, "elapsed_seconds", lambda: moment)
    shop = await stack.shop(flow=demo("echo"))
    shelf = Shelf(stack.app.units, stack.app.keys)
    assert await number(shelf, shop) == 1
    await stack.publish(shop, {**demo("echo"), "name": "Echo anew"})
    moment += place.REFRESH_SECONDS
    assert await number(shelf, shop) == 1
    async with asyncio.timeout(5):
        while await number(shelf, shop) == 1:  # noqa: ASYNC110 - the task is the shelf's own
            await asyncio.sleep(0.005)
    await stack.publish(shop, {**demo("echo"), "name": "Echo once more"})
    moment += place.STALE_SECONDS
    assert await number(shelf, shop) == 3
