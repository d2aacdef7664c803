"""What happens is told to who asked for it: once, signed, again when it failed, and to nobody else."""

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from parley.core.ids import new_uuid
from parley.core.time import now
from parley.modules.contacts.events import ContactCreated, ContactUpdated
from parley.modules.webhooks.ports import Post
from parley.modules.webhooks.schedule import ATTEMPTS, DELAYS
from parley.modules.webhooks.store import deliveries
from tests.fakes.api import caller
from tests.fakes.meta import text
from tests.fakes.receiver import URL, Outgoing, answers, endpoint
from tests.fakes.stack import Stack
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store

ADA = "+15550001111"


def verifies(secret: str, post: Post) -> bool:
    try:
        Webhook(secret).verify(post.body or b"", dict(post.headers))
    except WebhookVerificationError:
        return False
    return True


async def test_a_message_is_told_signed_and_whole(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.received")
    await stack.take(text(call.shop, ADA, "hello", name="Ada"))
    await out.tell()
    [post] = out.receiver.posts
    [body] = out.receiver.bodies()
    assert verifies(made["secret"], post)
    assert body["type"] == "message.received"
    assert body["data"]["message"]["text"] == {"body": "hello"}
    assert post.headers["webhook-id"] == body["id"]
    feed = (await call("GET", "/v1/events?type=message.received")).json["data"]
    assert feed == [body]


async def test_thin_bodies_hold_ids_only(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.*", body="thin")
    await stack.take(text(call.shop, ADA, "hello", name="Ada"))
    await out.tell()
    [body] = out.receiver.bodies()
    assert set(body["data"]) == {"message_id", "conversation_id", "contact_id"}


async def test_nobody_asked_nothing_is_written(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await stack.take(text(call.shop, ADA, "hello"))
    assert await stack.look("select from webhook_feed") == []
    await endpoint(call, "*")
    await stack.take(text((await caller(stack)).shop, ADA, "elsewhere"))
    await out.tell()
    assert out.receiver.posts == []


async def test_both_secrets_sign_while_one_is_replaced(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.received")
    fresh = (await call("POST", f"/v1/webhook-endpoints/{made['id']}/rotate-secret")).json["secret"]
    assert fresh != made["secret"]
    await stack.take(text(call.shop, ADA, "one"))
    await out.tell()
    assert [verifies(each, out.receiver.posts[0]) for each in (made["secret"], fresh)] == [True, True]
    clock.forward(hours=25)
    await stack.take(text(call.shop, ADA, "two"))
    await out.tell()
    assert len(out.receiver.posts[1].headers["webhook-signature"].split(" ")) == 1


async def test_what_failed_is_told_again_under_the_same_id(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received")
    out.receiver.by_url[URL] = answers(500)
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    await out.tell()
    assert len(out.receiver.posts) == 1
    out.receiver.by_url[URL] = answers(200)
    clock.forward(seconds=6)
    await out.tell()
    first, second = out.receiver.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    rows = await stack.look("select state, attempts from webhook_delivery")
    assert [tuple(row) for row in rows] == [("delivered", 2)]
    assert await stack.look("select from webhook_queue") == []


async def test_after_the_last_attempt_it_failed_and_is_said_so(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received")
    told = "https://operator.example/hook"
    await endpoint(call, "webhook_delivery.exhausted", url=told)
    out.receiver.by_url[URL] = answers(500)
    await stack.take(text(call.shop, ADA, "hello"))
    for delay in (*DELAYS[1:], DELAYS[-1]):
        await out.tell()
        clock.forward(seconds=delay.total_seconds() * 1.1)
    await out.tell()
    assert len(out.receiver.bodies(URL)) == ATTEMPTS
    assert out.receiver.types(told) == ["webhook_delivery.exhausted"]


async def test_an_endpoint_that_is_gone_is_disabled(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.received")
    told = "https://operator.example/hook"
    await endpoint(call, "webhook_endpoint.disabled", url=told)
    out.receiver.by_url[URL] = answers(410)
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    shown = (await call("GET", f"/v1/webhook-endpoints/{made['id']}")).json
    assert (shown["state"], shown["reason"]) == ("disabled", "gone")
    assert out.receiver.bodies(told)[0]["data"] == {"reason": "gone", "endpoint_id": made["id"]}
    await stack.take(text(call.shop, ADA, "still there?"))
    await out.tell()
    assert len(out.receiver.bodies(URL)) == 1
    await call("POST", f"/v1/webhook-endpoints/{made['id']}/enable")
    out.receiver.by_url[URL] = answers(200)
    await stack.take(text(call.shop, ADA, "again"))
    await out.tell()
    assert out.receiver.bodies(URL)[-1]["data"]["message"]["text"]["body"] == "again"


async def test_what_a_receiver_wants_no_more_is_not_tried_again(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.received")
    out.receiver.by_url[URL] = answers(400, webhook_delivery="abort-message")
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    clock.forward(days=1)
    await out.tell()
    assert len(out.receiver.posts) == 1
    (shown,) = (await call("GET", f"/v1/webhook-deliveries?endpoint_id={made['id']}")).json["data"]
    assert (shown["state"], shown["attempts"]) == ("failed", 1)
    (tried,) = (await call("GET", f"/v1/webhook-deliveries/{shown['id']}")).json["tries"]
    assert tried["outcome"] == "unwanted"


async def test_five_days_of_failures_disable(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.received")
    out.receiver.by_url[URL] = answers(500)
    for day in range(7):
        await stack.take(text(call.shop, ADA, f"day {day}"))
        await out.tell()
        clock.forward(days=1)
    shown = (await call("GET", f"/v1/webhook-endpoints/{made['id']}")).json
    assert (shown["state"], shown["reason"]) == ("disabled", "failing")


async def test_patience_that_was_asked_for_is_had(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received")
    out.receiver.by_url[URL] = answers(429, retry_after="600")
    await stack.take(text(call.shop, ADA, "one"))
    await out.tell()
    await stack.take(text(call.shop, ADA, "two"))
    clock.forward(seconds=300)
    await out.tell()
    assert len(out.receiver.posts) == 1
    out.receiver.by_url[URL] = answers(200)
    clock.forward(seconds=301)
    await out.tell()
    assert sorted(each["data"]["message"]["text"]["body"] for each in out.receiver.bodies()) == ["one", "one", "two"]


async def test_events_are_gathered(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received", buffer={"seconds": 10, "count": 3})
    for word in ("a", "b", "c", "d"):
        await stack.take(text(call.shop, ADA, word))
        await out.tell()
    clock.forward(seconds=11)
    await out.tell()
    told = [
        [each["data"]["message"]["text"]["body"] for each in body["data"]["events"]] for body in out.receiver.bodies()
    ]
    assert told == [["a", "b", "c"], ["d"]]


async def test_one_conversation_in_order(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received", ordered=True)
    out.receiver.by_url[URL] = answers(500)
    for word in ("a", "b", "c"):
        await stack.take(text(call.shop, ADA, word))
    await out.tell()
    assert len(out.receiver.posts) == 1
    out.receiver.by_url[URL] = answers(200)
    clock.forward(seconds=6)
    await out.tell()
    assert [each["data"]["message"]["text"]["body"] for each in out.receiver.bodies()] == ["a", "a", "b", "c"]


async def test_a_rate_is_kept(stack: Stack, clock: Clock) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received", rate_limit=2)
    for word in ("a", "b", "c", "d", "e"):
        await stack.take(text(call.shop, ADA, word))
    await out.tell()
    counts = [len(out.receiver.posts)]
    for _ in range(2):
        clock.forward(seconds=1)
        await out.tell()
        counts.append(len(out.receiver.posts))
    assert counts == [2, 4, 5]


async def test_channels_are_chosen(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    other = await stack.number(call.shop.workspace)
    await endpoint(call, "message.received", channel_ids=[call.channel])
    await stack.take(text(other, ADA, "there"), text(call.shop, ADA, "here"))
    await out.tell()
    assert [each["data"]["message"]["text"]["body"] for each in out.receiver.bodies()] == ["here"]


async def test_as_cloudevents(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    made = await endpoint(call, "message.received", kind="cloudevents")
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    [post] = out.receiver.posts
    [body] = out.receiver.bodies()
    assert verifies(made["secret"], post)
    assert post.headers["content-type"] == "application/cloudevents+json"
    assert (body["specversion"], body["type"], body["id"]) == ("1.0", "message.received", post.headers["webhook-id"])
    assert body["subject"] == body["data"]["message_id"]


async def test_what_a_dead_worker_held_another_tells(stack: Stack, clock: Clock) -> None:
    """At least once, under the same id: the dead one may have told it and not lived to write so down."""
    call, dead = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received")
    await stack.take(text(call.shop, ADA, "hello"))
    await dead.hand_on()
    await dead.deliverer.work()
    await dead.deliverer.drain(5)
    heir = Outgoing.of(stack)
    await heir.tell()
    assert heir.receiver.posts == []
    clock.forward(seconds=61)
    await heir.tell()
    ids = [each.receiver.posts[0].headers["webhook-id"] for each in (dead, heir)]
    assert ids[0] == ids[1]
    await dead.deliverer.settler.work()
    rows = await stack.look("select state from webhook_delivery")
    assert [row["state"] for row in rows] == ["delivered"]


async def test_a_fan_out_that_dies_loses_nothing(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "message.received")
    await stack.take(text(call.shop, ADA, "hello"))

    async def die(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(deliveries, "add", die)
        with pytest.raises(RuntimeError):
            await out.fan_out.work()
    await out.tell()
    assert out.receiver.types() == ["message.received"]


async def test_no_commit_is_overtaken(stack: Stack) -> None:
    """A fact that is made first and committed last is told all the same."""
    call, out = await caller(stack), Outgoing.of(stack)
    await endpoint(call, "contact.*")
    workspace = call.shop.workspace
    async with stack.app.units.begin(workspace) as late:
        late.record(ContactUpdated(workspace=workspace, at=now(), contact=new_uuid()))
        async with stack.app.units.begin(workspace) as early:
            early.record(ContactCreated(workspace=workspace, at=now(), contact=new_uuid()))
        await out.tell()
        assert out.receiver.types() == ["contact.created"]
    await out.tell()
    assert out.receiver.types() == ["contact.created", "contact.updated"]
