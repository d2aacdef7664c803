"""Test keys act on the test channel, where the recipient's number says what becomes of a message."""

from typing import Any

import pytest

from parley.adapters.sandbox.recipients import FAILING
from parley.modules.accounts import KeyTerms
from tests.fakes.api import Caller, caller
from tests.fakes.receiver import Outgoing, endpoint
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


async def tester(stack: Stack) -> tuple[Caller, Caller]:
    """A caller with a live key and one with a test key of the same workspace."""
    live = await caller(stack)
    test = await caller(stack, live.shop, terms=KeyTerms(name="Test", mode="test"))
    return live, test


def body(to: str) -> dict[str, Any]:
    return {"to": to, "type": "text", "text": {"body": "Hello"}}


async def settle(stack: Stack) -> None:
    """Send what waits, and let come in what is due."""
    await stack.process.send_all()
    while await stack.app.planned.hand_over():
        await stack.process.read()
        await stack.process.send_all()


async def sent(stack: Stack, test: Caller, to: str) -> Any:
    """A message sent with a test key, as it is once everything happened."""
    answered = await test("POST", "/v1/messages", body(to))
    assert answered.status == 202, answered.json
    await settle(stack)
    return (await test("GET", f"/v1/messages/{answered.json['id']}")).json


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("+15551000001", "delivered"),
        ("+15551000002", "read"),
        ("+15551000003", "sent"),
        ("+15551000004", "sent"),
        ("+15551000007", "read"),
        ("+4915112345678", "delivered"),
    ],
)
async def test_how_far_a_message_comes(stack: Stack, to: str, status: str) -> None:
    _, test = await tester(stack)
    message = await sent(stack, test, to)
    assert message["status"] == status
    assert message["livemode"] is False
    assert stack.provider.sent == []


@pytest.mark.parametrize("code", [131026, 131049, 190, 4])
async def test_failing_with_a_code(stack: Stack, code: int) -> None:
    _, test = await tester(stack)
    message = await sent(stack, test, f"{FAILING}{code:06d}")
    assert message["status"] == "failed"
    assert message["statuses"][-1]["errors"][0]["code"] == code
    channel = (await test("GET", "/v1/channels")).json["data"][0]
    assert channel["state"] == "active", "a code that would stop a real number stops nothing here"


async def test_a_recipient_answers(stack: Stack) -> None:
    _, test = await tester(stack)
    await sent(stack, test, "+15551000006")
    heard = (await test("GET", "/v1/messages")).json["data"][0]
    assert (heard["direction"], heard["text"]) == ("inbound", {"body": "Hello"})
    kinds = {each["type"] for each in (await test("GET", "/v1/events?limit=100")).json["data"]}
    assert {"message.queued", "message.sent", "message.delivered", "message.read", "message.received"} <= kinds


async def test_a_recipient_opts_out(stack: Stack) -> None:
    _, test = await tester(stack)
    await sent(stack, test, "+15551000005")
    refused = await test("POST", "/v1/messages", {**body("+15551000005"), "category": "marketing"})
    assert refused.status == 422, refused.json


async def test_a_slow_recipient(stack: Stack) -> None:
    _, test = await tester(stack)
    message = await sent(stack, test, "+15551000004")
    await stack.look("update planned_delivery set due_at = now()")
    await settle(stack)
    assert (await test("GET", f"/v1/messages/{message['id']}")).json["status"] == "delivered"


async def test_live_and_test_do_not_meet(stack: Stack) -> None:
    live, test = await tester(stack)
    message = await sent(stack, test, "+15551000002")
    (channel,) = (await test("GET", "/v1/channels")).json["data"]
    assert channel["livemode"] is False
    assert [each["id"] for each in (await live("GET", "/v1/channels")).json["data"]] == [live.channel]
    assert (await live("GET", f"/v1/messages/{message['id']}")).status == 404
    assert (await live("GET", "/v1/messages")).json["data"] == []
    assert (await live("POST", "/v1/messages", {**body("+15551000001"), "channel_id": channel["id"]})).status == 404
    assert (await test("POST", "/v1/messages", test.text())).status == 404
    for path in ("/v1/events?limit=100", "/v1/conversations"):
        assert channel["id"] not in (await live("GET", path)).raw.decode()
        assert message["conversation_id"] not in (await live("GET", path)).raw.decode()
    mine = await live("POST", "/v1/messages", body("+15550001111"))
    assert mine.status == 202, "the test channel is not one that a live key could mean"
    assert (await test("GET", f"/v1/messages/{mine.json['id']}")).status == 404


async def test_a_second_test_key_shares_the_channel(stack: Stack) -> None:
    live, test = await tester(stack)
    again = await caller(stack, live.shop, terms=KeyTerms(name="Again", mode="test"))
    assert (await again("GET", "/v1/channels")).json == (await test("GET", "/v1/channels")).json
    refused = await live("POST", "/v1/api-keys", {"name": "x", "mode": "test", "channels": [live.channel]})
    assert refused.faults == [("/channels", "not_allowed")]


async def test_webhooks_of_test_keys_hear_of_tests_only(stack: Stack) -> None:
    live, test = await tester(stack)
    out = Outgoing.of(stack)
    here, there = "https://test.example/hook", "https://live.example/hook"
    mine = await endpoint(test, "message.queued", url=here)
    theirs = await endpoint(live, "message.queued", url=there)
    assert (await test("POST", "/v1/messages", body("+15551000001"))).status == 202
    assert (await live("POST", "/v1/messages", body("+15550001111"))).status == 202
    await out.tell()
    heard = [[each["data"]["message"]["livemode"] for each in out.receiver.bodies(url)] for url in (here, there)]
    assert heard == [[False], [True]]
    for call, other, own in ((test, theirs, mine), (live, mine, theirs)):
        assert (await call("GET", f"/v1/webhook-endpoints/{own['id']}")).status == 200
        for method, given in (("GET", None), ("PATCH", {"url": "https://other.example/"}), ("DELETE", None)):
            assert (await call(method, f"/v1/webhook-endpoints/{other['id']}", given)).status == 404
        listed = (await call("GET", "/v1/webhook-endpoints")).json["data"]
        assert [each["id"] for each in listed] == [own["id"]]
