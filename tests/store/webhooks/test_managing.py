"""Endpoints are made, looked into and mended by the API: what was told, what failed, what was missed."""

import json

import pytest
from jsonschema import Draft202012Validator
from standardwebhooks import Webhook

from parley.core.ids import ContactId
from parley.entrypoints.doctor.traffic import look_at_traffic
from parley.modules.contacts import Edit, edit_contact
from tests.fakes.api import caller
from tests.fakes.meta import text
from tests.fakes.receiver import URL, Outgoing, answers, endpoint
from tests.fakes.stack import Stack
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store

ADA = "+15550001111"
LONG_AGO = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"url": "ftp://x.example", "event_types": ["*"]}, [("/url", "bad_url")]),
        ({"url": "http://x.example/", "event_types": ["*"]}, [("/url", "not_encrypted")]),
        ({"url": "https://2130706433/", "event_types": ["*"]}, [("/url", "private_address")]),
        ({"url": "https://[::ffff:10.0.0.1]/", "event_types": ["*"]}, [("/url", "private_address")]),
        ({"url": URL, "event_types": ["message.recieved"]}, [("/event_types/0", "unknown_event_type")]),
        (
            {"url": URL, "event_types": ["*"], "headers": {"Webhook-Id": "x"}},
            [("/headers/Webhook-Id", "reserved_header")],
        ),
        ({"url": URL, "event_types": ["*"], "headers": {"X-A": "a\r\nb"}}, [("/headers/X-A", "bad_header_value")]),
    ],
)
async def test_what_an_endpoint_can_not_be(stack: Stack, body: object, faults: list[tuple[str, str]]) -> None:
    call = await caller(stack)
    reply = await call("POST", "/v1/webhook-endpoints", body)
    assert (reply.status, reply.faults) == (422, faults)


async def test_an_endpoint_is_changed_and_deleted(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.received", headers={"X-Token": "t0ps3cret"}, buffer={"seconds": 5})
    where = f"/v1/webhook-endpoints/{made['id']}"
    changed = (await call("PATCH", where, {"buffer": None, "description": "Orders", "rate_limit": 5})).json
    assert (changed["buffer"], changed["description"], changed["rate_limit"]) == (None, "Orders", 5)
    assert changed["headers"] == ["X-Token"]
    assert "secret" not in (await call("GET", where)).json
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    assert out.receiver.posts[0].headers["x-token"] == "t0ps3cret"
    assert (await call("DELETE", where)).json == {"id": made["id"], "deleted": True}
    assert (await call("GET", where)).status == 404
    for table in ("webhook_delivery", "webhook_attempt", "webhook_queue", "webhook_lane"):
        assert await stack.look(f"select from {table}") == [], table


async def test_attempts_are_shown_without_secrets(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    url = f"{URL}?token=t0ps3cret"
    made = await endpoint(call, "message.received", url=url, headers={"X-Token": "t0ps3cret"})
    out.receiver.by_url[URL] = answers(500)
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    out.receiver.by_url[URL] = answers(200)
    clock.forward(seconds=6)
    await out.tell()
    [listed] = (await call("GET", f"/v1/webhook-deliveries?endpoint_id={made['id']}")).json["data"]
    assert (listed["state"], listed["attempts"], listed["response_status"]) == ("delivered", 2, 200)
    shown = await call("GET", f"/v1/webhook-deliveries/{listed['id']}")
    assert [each["outcome"] for each in shown.json["tries"]] == ["bad_status", "delivered"]
    assert "any 2xx" in shown.json["tries"][0]["problem"]
    assert shown.json["payload"]["data"]["message"]["text"] == {"body": "hello"}
    assert b"t0ps3cret" not in shown.raw
    assert b"v1," not in shown.raw


async def test_one_is_sent_again(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received")
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    [listed] = (await call("GET", "/v1/webhook-deliveries?state=delivered")).json["data"]
    assert (await call("POST", f"/v1/webhook-deliveries/{listed['id']}/resend")).status == 202
    await out.tell()
    first, second = out.receiver.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


async def test_what_failed_is_recovered_and_what_was_missed_is_told(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.*", channel_ids=[call.channel])
    other = await stack.number(call.shop.workspace)
    where = f"/v1/webhook-endpoints/{made['id']}"
    out.receiver.by_url[URL] = answers(410)
    await stack.take(text(call.shop, ADA, "failed"))
    await out.tell()
    await stack.take(text(call.shop, ADA, "missed"), text(other, ADA, "another number's"))
    await out.tell()
    reply = await call("POST", f"{where}/recover", {"since": LONG_AGO})
    assert (reply.status, reply.code) == (409, "endpoint_disabled")
    out.receiver.by_url[URL] = answers(200)
    await call("POST", f"{where}/enable")
    told = [await call("POST", f"{where}/{what}", {"since": LONG_AGO}) for what in ("recover", "replay-missing")]
    assert [each.json for each in told] == [{"deliveries": 1, "more": False}] * 2
    await out.tell()
    assert [each["data"]["message"]["text"]["body"] for each in out.receiver.bodies()[1:]] == ["failed", "missed"]
    again = await call("POST", f"{where}/replay-missing", {"since": LONG_AGO, "event_types": ["message.received"]})
    assert again.json["deliveries"] == 0


@pytest.mark.parametrize("kind", ["parley", "cloudevents", "meta"])
async def test_a_test_reaches_one_endpoint_only(stack: Stack, kind: str) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    token = {"verify_token": "t"} if kind == "meta" else {}
    made = await endpoint(call, "contact.created", kind=kind, **token)
    await endpoint(call, "*", url="https://other.example/")
    await stack.look("update webhook_endpoint set state = 'active'")
    reply = await call("POST", f"/v1/webhook-endpoints/{made['id']}/test", {"type": "message.delivered"})
    assert reply.status == 202
    await out.tell()
    [body] = out.receiver.bodies()
    assert out.receiver.bodies("https://other.example/") == []
    if kind == "meta":
        assert body["object"] == "whatsapp_business_account"
    else:
        assert (body["type"], body["id"]) == ("message.delivered", reply.json["event_id"])


async def test_tags_are_chosen(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received", tags=["VIP"])
    await stack.take(text(call.shop, ADA, "before"))
    await out.tell()
    contact = ContactId((await stack.messages(call.shop))[0].row.contact)
    async with stack.app.units.begin(call.shop.workspace) as unit:
        await edit_contact(
            unit, stack.app.directory, Edit(workspace=call.shop.workspace, contact=contact, add_tags=["VIP"])
        )
    await stack.take(text(call.shop, ADA, "after"), text(call.shop, "+15550002222", "somebody else"))
    await out.tell()
    assert [each["data"]["message"]["text"]["body"] for each in out.receiver.bodies()] == ["after"]


async def test_what_is_told_keeps_to_the_catalogue(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "*")
    await stack.take(text(call.shop, ADA, "hello", name="Ada"))
    await call("POST", "/v1/messages", call.text())
    await stack.settle_down()
    await out.tell()
    bodies = out.receiver.bodies()
    assert {each["type"] for each in bodies} >= {"contact.created", "conversation.opened", "message.received"}
    for body in bodies:
        shown = (await call("GET", f"/v1/event-types/{body['type']}")).json
        Draft202012Validator(shown["json_schema"]).validate(body)
        Draft202012Validator(shown["json_schema"]).validate(shown["example"])
    names = {each["type"] for each in (await call("GET", "/v1/event-types")).json["data"]}
    assert names >= {"ticket.opened", "conversation.assigned", "call.ended", "flow.completed", "contact.opted_out"}
    described = json.loads((await call("GET", "/v1/asyncapi.json")).raw)
    assert {each["name"] for each in described["components"]["messages"].values()} == names
    assert (await call("GET", "/v1/schemas/events/message.received.json")).json["title"] == "message.received"


async def test_the_checker_says_what_is_wrong(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.received")
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    [post] = out.receiver.posts
    assert post.body is not None
    asked = {"secret": made["secret"], "headers": dict(post.headers), "body": post.body.decode()}
    Webhook(made["secret"]).verify(post.body, dict(post.headers))
    where = "/v1/webhook-endpoints/check-signature"
    assert (await call("POST", where, asked)).json["valid"]
    spaced = json.dumps(json.loads(post.body))
    wrong = (await call("POST", where, {**asked, "body": spaced})).json
    assert not wrong["valid"]
    assert "parsed and written again" in wrong["findings"][-1]["detail"]


async def test_who_did_it_is_told(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "contact.created")
    await call("POST", "/v1/contacts", {"phone": ADA, "name": "Ada"})
    await stack.take(text(call.shop, "+15550002222", "hello"))
    await out.tell()
    key = (await call("GET", "/v1/api-keys")).json["data"][0]["id"]
    assert [each["actor"] for each in out.receiver.bodies()] == [key, None]


async def test_the_doctor_tells_what_is_not_taken(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received")

    async def told() -> tuple[str, str]:
        found = {each.name: each for each in await look_at_traffic(stack.app)}["webhooks"]
        return found.state, found.detail

    assert await told() == ("ok", "all endpoints take what they are told")
    await stack.take(text(call.shop, ADA, "nobody is at work"))
    await out.hand_on()
    clock.forward(seconds=61)
    assert await told() == ("wrong", "1 wait, the oldest for 61 s")
    out.receiver.by_url[URL] = answers(500)
    await stack.take(*[text(call.shop, ADA, str(n)) for n in range(4)])
    await out.tell()
    clock.forward(seconds=61)
    assert await told() == ("note", "of the endpoints 1 fail")
