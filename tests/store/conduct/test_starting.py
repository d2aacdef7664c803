"""What starts a flow through the whole host, and that the log says why."""

import json
from typing import Any

import pytest

from parley.core.json import JsonObject
from parley.modules.webhooks import list_events
from tests.fakes.meta import message, text
from tests.fakes.stack import Shop, Stack

pytestmark = pytest.mark.store

ADA, BEN = "+15550001111", "+15550002222"


def flow(name: str, **triggers: Any) -> JsonObject:
    nodes = {"a": {"type": "message", "text": name}}
    return {"schema": 2, "id": name, "name": name, "triggers": triggers, "start": "a", "nodes": nodes}


async def triggered(stack: Stack, shop: Shop) -> list[dict[str, Any]]:
    async with stack.app.units.begin(shop.workspace) as unit:
        told = [each for each in await list_events(unit, None, 100) if each.kind == "flow.triggered"]
    return [json.loads(str(each.detail)) for each in told[::-1]]


async def test_by_ad_by_first_message_by_reaction_and_why(stack: Stack) -> None:
    shop = await stack.shop(flow=flow("first", first_message=True))
    await stack.publish(shop, flow("ad", ad_referral=True))
    await stack.publish(shop, flow("heart", reactions=["❤️"]))
    await stack.publish(shop, flow("any", default=True, phrases=["opening hours"]))
    hello = {"type": "text", "text": {"body": "hello"}}
    heart = {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "❤️"}}
    thumb = {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}}
    for body in (
        text(shop, ADA, "hi"),
        text(shop, ADA, "hi again"),
        message(shop, BEN, {**hello, "referral": {"source_type": "ad", "source_id": "ad-7"}}),
        message(shop, BEN, heart),
        message(shop, BEN, thumb),
        text(shop, BEN, "your opening hours, please"),
    ):
        await stack.take(body)
    await stack.process.send_all()
    said = {ADA: [], BEN: []}  # type: dict[str, list[str | None]]
    for each in stack.provider.sent:
        said[str(each.to.phone)].append(each.content.text)
    assert said == {ADA: ["first", "any"], BEN: ["ad", "heart", "any"]}
    why = [(each["by"], each["reason"], len(each["lost"])) for each in await triggered(stack, shop)]
    assert why == [
        ("first_message", "first message", 1),
        ("ad", "ad", 2),
        ("kind", "kind", 0),
        ("phrase", "phrase (en)", 0),
    ], "where only a default fits nothing is decided"
