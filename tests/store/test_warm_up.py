"""A worker that begins knows the newest people: whoever of them writes is looked up nowhere."""

import pytest

from parley.modules.contacts import Identity, Sighting, warm_up
from tests.fakes.meta import text
from tests.fakes.stack import Stack

pytestmark = pytest.mark.store

ADA = "+15550001111"


async def test_people_are_known_before_they_write_again(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, other = await stack.shop(), await stack.shop()
    await stack.take(text(shop, ADA, "hello"))
    seen = Sighting(shop.workspace, (Identity("phone", ADA),))
    async with stack.another_process() as process:
        app = process.app
        await warm_up(app.units, app.directory, [other.workspace, *await app.routes.workspaces()])
        monkeypatch.setattr(app.people, "recognise", None)
        async with app.units.begin(shop.workspace) as unit:
            known = await app.directory.recognise(unit, [seen])
    assert known[seen].contact == (await stack.messages(shop))[0].row.contact
