"""Channels by the API, with the simulated Meta behind it: added, looked at, changed, removed."""

from collections.abc import AsyncIterator, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest
import pytest_asyncio

from parley.adapters.whatsapp.numbers import WhatsAppNumbers
from parley.adapters.whatsapp.uploads import WhatsAppUploads
from parley.core.time import now, rfc3339
from parley.modules.channels.ports import NumberProvider
from parley.sim.businesses import Business
from parley.sim.media import SAMPLES
from tests.fakes.api import FORM, Caller, Json, caller, form
from tests.fakes.meta import delivery, text
from tests.fakes.simulated import sample_desk, simulated
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def emptied(stack: Stack) -> AsyncIterator[None]:
    """What was queued and sent here is no other test's."""
    yield
    await stack.process.send_all()
    stack.provider.sent.clear()
    stack.provider.gate = None


@dataclass(frozen=True, slots=True)
class Meta:
    """A caller, and the number of theirs at the simulated Meta."""

    call: Caller
    business: Business
    asked: list[tuple[str, str]]

    @property
    def target(self) -> str:
        return f"/v1/channels/{self.call.channel}"

    async def shown(self) -> Json:
        return (await self.call("GET", self.target)).json

    async def refreshed(self) -> Json:
        reply = await self.call("POST", f"{self.target}/refresh")
        assert reply.status == 200, reply.json
        return reply.json


async def at_meta(stack: Stack) -> Meta:
    call = await caller(stack)
    await stack.look("delete from channel_health where workspace_id <> $1", call.shop.workspace)
    world, client, graph = simulated(call.shop)
    providers = cast("MutableMapping[str, NumberProvider]", stack.app.health.providers)
    providers["whatsapp"] = WhatsAppNumbers(graph, "app|secret")
    sample_desk(stack).providers = {"whatsapp": WhatsAppUploads(graph, "app")}
    business = world.businesses.get(call.shop.number_id)
    assert business is not None
    world.businesses.put(
        Business(phone_number_id=f"9{call.shop.number_id}", waba_id=call.shop.account_id, token="new", throughput=1000)
    )
    return Meta(call, business, client.asked)


async def test_how_a_channel_stands(stack: Stack) -> None:
    meta = await at_meta(stack)
    assert (await meta.shown())["health"] is None
    health = await meta.refreshed()
    assert (health["token"], health["subscribed"], health["status"]) == ("valid", True, "CONNECTED")
    assert (health["quality"], health["messaging_limit"], health["throughput_level"]) == (
        "GREEN",
        "TIER_2K",
        "STANDARD",
    )
    await stack.take(text(meta.call.shop, "+15550001111", "hello"))
    shown = await meta.shown()
    assert (shown["health"], shown["what_to_do"]) == (health, None)
    assert shown["last_inbound_at"]
    assert shown["last_outbound_at"] is None
    await meta.call("POST", "/v1/messages", meta.call.text())
    await stack.process.send_all()
    assert (await meta.shown())["last_outbound_at"] >= shown["last_inbound_at"]


async def test_a_change_is_told_once(stack: Stack) -> None:
    meta = await at_meta(stack)
    await meta.refreshed()
    meta.business.quality = "RED"
    await stack.take(delivery(meta.call.shop, "phone_number_quality_update", {"event": "FLAGGED"}, plain=True))
    assert await stack.app.health.work() == 1, "a webhook about the number makes it be looked at"
    await meta.refreshed()
    events = (await meta.call("GET", "/v1/events?type=channel.health_changed")).json["data"]
    assert events[0]["data"]["changed"] == {"quality": "RED"}
    assert len(events) == 2


async def test_a_refused_token_stops_the_channel_and_a_new_one_starts_it(stack: Stack) -> None:
    meta = await at_meta(stack)
    meta.business.token = "renewed"
    assert (await meta.refreshed())["token"] == "refused"
    shown = await meta.shown()
    assert shown["state"] == "token_refused"
    assert "new one" in shown["what_to_do"]
    changed = (await meta.call("PATCH", meta.target, {"access_token": "renewed"})).json
    assert changed["state"] == "active"
    assert (await meta.refreshed())["token"] == "valid"


async def test_pause_and_resume(stack: Stack) -> None:
    meta = await at_meta(stack)
    assert (await meta.call("PATCH", meta.target, {"state": "paused", "throughput": 7})).json["state"] == "paused"
    assert (await meta.shown())["throughput"] == 7
    await meta.call("POST", "/v1/messages", meta.call.text("Held"))
    await stack.process.send_all()
    assert "Held" not in stack.provider.texts()
    await meta.call("PATCH", meta.target, {"state": "active"})
    await stack.process.send_all()
    assert stack.provider.texts()[-1] == "Held"
    for wrong, pointer in (({"throughput": 0}, "/throughput"), ({"access_token": " "}, "/access_token")):
        assert (await meta.call("PATCH", meta.target, wrong)).faults[0][0] == pointer


async def test_add_a_channel(stack: Stack) -> None:
    meta = await at_meta(stack)
    new = {
        "phone_number_id": f"9{meta.call.shop.number_id}",
        "waba_id": meta.call.shop.account_id,
        "number": "+15550007777",
        "access_token": "new",
    }
    assert (await meta.call("POST", "/v1/channels", {**new, "access_token": "wrong"})).code == "token_refused"
    reply = await meta.call("POST", "/v1/channels", new, headers={"idempotency-key": "a"})
    assert (reply.status, reply.json["throughput"]) == (201, 1000)
    assert (await meta.call("POST", "/v1/channels", new, headers={"idempotency-key": "a"})).json == reply.json
    assert (await meta.call("POST", "/v1/channels", new)).status == 409
    assert ("POST", f"{meta.call.shop.account_id}/subscribed_apps") in meta.asked
    assert await stack.app.health.work() >= 1, "a new channel is looked at soon"


async def test_remove_a_channel(stack: Stack) -> None:
    meta = await at_meta(stack)
    later = rfc3339(now() + timedelta(days=1))
    queued = [
        (await meta.call("POST", "/v1/messages", meta.call.text("Gone", **more))).json["id"]
        for more in ({}, {"send_at": later})
    ]
    assert (await meta.call("DELETE", meta.target)).status == 204
    assert (await meta.call("GET", meta.target)).status == 404
    statuses = [(await meta.call("GET", f"/v1/messages/{each}")).json["status"] for each in queued]
    assert statuses == ["cancelled", "cancelled"]
    await stack.process.send_all()
    assert "Gone" not in stack.provider.texts()


async def test_the_profile(stack: Stack) -> None:
    meta = await at_meta(stack)
    changed = (await meta.call("PATCH", f"{meta.target}/profile", {"about": "Bread", "vertical": "RETAIL"})).json
    assert (changed["about"], changed["vertical"]) == ("Bread", "RETAIL")
    assert (await meta.call("GET", f"{meta.target}/profile")).json == changed
    assert (await meta.call("PATCH", f"{meta.target}/profile", {"about": "x" * 140})).status == 422
    png = form(SAMPLES["image"][1], "a.png", "image/png")
    file = (await meta.call("POST", "/v1/media", raw=png, headers=FORM)).json["id"]
    pictured = (await meta.call("PATCH", f"{meta.target}/profile", {"profile_picture": file})).json
    assert pictured["profile_picture_url"].startswith("https://")
    missing = await meta.call("PATCH", f"{meta.target}/profile", {"profile_picture": f"med_{'0' * 32}"})
    assert missing.faults == [("/profile_picture", "unknown_file")]
