"""A customer's number by Embedded Signup, against the simulated Meta: every step, and every step that fails."""

import itertools
import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from parley.adapters.whatsapp.signup import WhatsAppSignup
from parley.modules.channels import OnboardingDesk
from parley.sim.control.businesses import sign_up
from parley.sim.web import Request, encode
from parley.sim.world import World
from tests.fakes.api import Caller, Json, caller
from tests.fakes.simulated import SimClient, simulated
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

DONE = ["exchange", "inspect", "subscribe", "read", "register", "add"]
NUMBERS = itertools.count(7_000_000)


@dataclass(frozen=True, slots=True)
class Meta:
    """A vendor with an app, and the simulated Meta where customers sign up."""

    call: Caller
    world: World
    client: SimClient

    async def signed_up(self, **more: Any) -> Json:
        number = next(NUMBERS)
        wish = {"phone_number_id": f"77{number}", "waba_id": f"88{number}", "number": f"1555{number}", **more}
        request = Request(method="POST", parts=["sim", "signups"], version=23, body=encode(wish))
        answered = await sign_up(self.world, request)
        code = json.loads(answered.body)["code"]
        return {"code": code, "phone_number_id": wish["phone_number_id"], "waba_id": wish["waba_id"]}

    async def onboard(self, signup: Json, **more: Any) -> Json:
        reply = await self.call("POST", "/v1/onboarding", {**signup, **more})
        assert reply.status == 201, reply.json
        return reply.json

    def asked(self, edge: str) -> int:
        return sum(path.endswith(edge) for _, path in self.client.asked)


async def at_meta(stack: Stack, secret: str | None = "secret") -> Meta:
    call = await caller(stack)
    world, client, graph = simulated()
    provided = call.api.state.provided
    provided[OnboardingDesk] = replace(provided[OnboardingDesk], provider=WhatsAppSignup(graph, "app", secret))
    return Meta(call, world, client)


def states(onboarding: Json) -> dict[str, str]:
    return {each["step"]: each["state"] for each in onboarding["steps"]}


def failed(onboarding: Json) -> tuple[str, int | None]:
    (one,) = [each for each in onboarding["steps"] if each["state"] == "failed"]
    assert onboarding["state"] == "failed"
    assert one["detail"]
    return one["step"], one["code"]


async def test_a_number_is_brought_in(stack: Stack) -> None:
    meta = await at_meta(stack)
    signup = await meta.signed_up()
    onboarding = await meta.onboard(signup)
    assert (onboarding["state"], list(states(onboarding))) == ("done", DONE)
    shown = (await meta.call("GET", f"/v1/channels/{onboarding['channel_id']}")).json
    assert (shown["phone_number_id"], shown["waba_id"]) == (signup["phone_number_id"], signup["waba_id"])
    business = meta.world.businesses.get(signup["phone_number_id"])
    assert business is not None
    assert business.registered
    assert signup["waba_id"] not in meta.world.businesses.unsubscribed
    assert shown["number"] == f"+{business.number}"
    raw = (await meta.call("GET", f"/v1/onboarding/{onboarding['id']}")).raw.decode()
    assert str(business.token) not in raw
    assert str(business.pin) not in raw
    assert (await meta.onboard(signup))["channel_id"] == onboarding["channel_id"], "twice is as once"
    assert (meta.asked("register"), meta.asked("oauth/access_token")) == (1, 1)
    assert (await meta.call("GET", "/v1/onboarding")).json["data"][0]["id"] == onboarding["id"]


async def test_a_code_that_has_expired_and_a_new_one(stack: Stack) -> None:
    meta = await at_meta(stack)
    signup = await meta.signed_up()
    meta.world.clock.move_to(31)
    first = await meta.onboard(signup)
    assert failed(first) == ("exchange", 100)
    again = await meta.onboard({**await meta.signed_up(**_named(signup)), **_named(signup)})
    assert (again["state"], again["id"]) == ("done", first["id"])


def _named(signup: Json) -> Json:
    return {"phone_number_id": signup["phone_number_id"], "waba_id": signup["waba_id"]}


async def test_ids_that_the_token_does_not_know(stack: Stack) -> None:
    """What the browser says is a claim: the token tells which account was granted."""
    meta = await at_meta(stack)
    signup, other = await meta.signed_up(), await meta.signed_up()
    onboarding = await meta.onboard({**signup, "waba_id": other["waba_id"]})
    assert failed(onboarding) == ("inspect", None)
    assert onboarding["channel_id"] is None
    assert meta.asked("subscribed_apps") == 0


async def test_a_pin_that_does_not_match_is_mended(stack: Stack) -> None:
    meta = await at_meta(stack)
    signup = await meta.signed_up(pin="123456")
    assert failed(await meta.onboard(signup, pin="654321")) == ("register", 133005)
    mended = await meta.onboard({**signup, "code": None}, pin="123456")
    assert mended["state"] == "done"
    assert meta.asked("oauth/access_token") == 1, "what is done is not done again"
    assert (await meta.call("POST", "/v1/onboarding", {**signup, "pin": "12"})).faults == [("/pin", "bad_pin")]


async def test_coexistence_shares_and_does_not_register(stack: Stack) -> None:
    meta = await at_meta(stack)
    signup = await meta.signed_up(coexistence=True)
    onboarding = await meta.onboard(signup, coexistence=True)
    assert list(states(onboarding))[-2:] == ["share_contacts", "share_history"]
    assert (onboarding["state"], meta.asked("register"), meta.asked("smb_app_data")) == ("done", 0, 2)
    shown = (await meta.call("GET", f"/v1/channels/{onboarding['channel_id']}")).json
    assert shown["throughput"] == 20


async def test_sharing_too_late_leaves_the_channel(stack: Stack) -> None:
    meta = await at_meta(stack)
    signup = await meta.signed_up(coexistence=True)
    business = meta.world.businesses.get(signup["phone_number_id"])
    assert business is not None
    business.onboarded_at = meta.world.now() - 90_000
    onboarding = await meta.onboard(signup, coexistence=True)
    assert failed(onboarding) == ("share_contacts", 2593108)
    assert onboarding["channel_id"]


async def test_a_number_that_is_a_channel_already_gets_the_new_token(stack: Stack) -> None:
    meta = await at_meta(stack)
    signup = await meta.signed_up()
    new = {**_named(signup), "number": "+15550007070", "access_token": "old", "throughput": 80}
    channel = (await meta.call("POST", "/v1/channels", new)).json["id"]
    assert (await meta.onboard(signup))["channel_id"] == channel


async def test_without_an_app_it_says_what_to_set(stack: Stack) -> None:
    meta = await at_meta(stack, secret=None)
    onboarding = await meta.onboard(await meta.signed_up())
    assert failed(onboarding) == ("exchange", 0)
    assert "PARLEY_META_APP_SECRET" in onboarding["steps"][0]["detail"]
