"""Messages that leave later, that are taken back, that come by the hundred, and that carry files inside."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from parley.core.time import now, rfc3339
from parley.modules.conversations import Scheduler
from tests.fakes.api import FORM, Caller, Json, caller, form
from tests.fakes.meta import text
from tests.fakes.stack import Process, Stack
from tests.fakes.universe import Clock

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def emptied(stack: Stack) -> AsyncIterator[None]:
    """What was queued and sent here is no other test's."""
    yield
    await stack.process.send_all()
    stack.provider.sent.clear()
    stack.provider.gate = None


ADA = "+15550001111"


def later(**ahead: float) -> str:
    return rfc3339(now() + timedelta(**ahead))


async def release(process: Process) -> int:
    app = process.app
    released = await Scheduler(app.units, app.people, app.routes, app.desk.speaker).work()
    await process.send_all()
    return released


async def scheduled(call: Caller, **more: Any) -> Json:
    reply = await call("POST", "/v1/messages", call.text("Later", send_at=later(hours=2), **more))
    assert reply.status == 202, reply.json
    return reply.json


async def status_of(call: Caller, message: Json) -> Json:
    return (await call("GET", f"/v1/messages/{message['id']}")).json


async def test_it_leaves_at_its_time_and_not_before(stack: Stack, clock: Clock) -> None:
    call = await caller(stack)
    first = await scheduled(call)
    assert first["scheduled_for"] == later(hours=2)
    after = (await call("POST", "/v1/messages", call.text("Now"))).json
    await release(stack.process)
    said = stack.provider.texts()
    assert "Now" in said, "what waits for its time holds up nothing"
    assert "Later" not in said
    waiting = await status_of(call, first)
    assert (waiting["status"], waiting["scheduled_for"]) == ("queued", first["scheduled_for"])
    assert (await status_of(call, after))["status"] == "sent"
    clock.forward(hours=2)
    async with stack.another_process() as restarted:
        assert await release(restarted) == 1
    assert "Later" in stack.provider.texts()
    sent = await status_of(call, first)
    assert (sent["status"], "scheduled_for" in sent) == ("sent", False)
    events = (await call("GET", "/v1/events?limit=100&type=message.queued")).json["data"]
    assert [each["data"]["message_id"] for each in events].count(first["id"]) == 1


async def test_the_rules_are_those_of_the_moment_of_leaving(stack: Stack, clock: Clock) -> None:
    call = await caller(stack)
    await stack.take(text(call.shop, ADA, "hello"))
    marketing = await scheduled(call, category="marketing")
    plain = (await call("POST", "/v1/messages", call.text("Soon", send_at=later(hours=1)))).json
    tomorrow = (await call("POST", "/v1/messages", call.text("Tomorrow", send_at=later(hours=30)))).json
    await call("POST", f"/v1/contacts/{marketing['contact_id']}/consents", {"state": "withdrawn"})
    clock.forward(hours=31)
    assert await release(stack.process) == 3
    failed = [await status_of(call, each) for each in (marketing, plain, tomorrow)]
    assert [each["status"] for each in failed] == ["failed"] * 3
    assert [each["statuses"][-1]["errors"][0]["code"] for each in failed] == [131050, 131047, 131047]
    assert "Tomorrow" not in stack.provider.texts()


async def test_an_opt_out_already_known_is_told_at_once(stack: Stack) -> None:
    call = await caller(stack)
    contact = (await call("POST", "/v1/contacts", {"phone": ADA})).json["id"]
    await call("POST", f"/v1/contacts/{contact}/consents", {"state": "withdrawn"})
    body = {**call.text(to=contact, category="marketing"), "send_at": later(days=1)}
    assert (await call("POST", "/v1/messages", body)).code == "opted_out"


@pytest.mark.parametrize(
    ("times", "pointer"),
    [
        ({"send_at": {"days": 91}}, "/send_at"),
        ({"expires_at": {"hours": -1}}, "/expires_at"),
        ({"send_at": {"hours": 3}, "expires_at": {"hours": 2}}, "/expires_at"),
        ({"expires_at": {"days": 31}}, "/expires_at"),
    ],
)
async def test_times_that_cannot_be(stack: Stack, times: dict[str, dict[str, float]], pointer: str) -> None:
    call = await caller(stack)
    body = call.text(**{name: later(**ahead) for name, ahead in times.items()})
    assert (await call("POST", "/v1/messages", body)).faults == [(pointer, "out_of_range")]


async def test_it_expires_unsent(stack: Stack, clock: Clock) -> None:
    call = await caller(stack)
    message = (await call("POST", "/v1/messages", call.text(expires_at=later(minutes=5)))).json
    clock.forward(minutes=6)
    await stack.process.send_all()
    assert (await status_of(call, message))["status"] == "failed"


@pytest.mark.parametrize("ahead", [None, 2])
async def test_cancel_what_has_not_left(stack: Stack, clock: Clock, ahead: int | None) -> None:
    call = await caller(stack)
    more = {"send_at": later(hours=ahead)} if ahead else {}
    message = (await call("POST", "/v1/messages", call.text("Never", **more))).json
    target = f"/v1/messages/{message['id']}/cancel"
    for _ in range(2):
        assert (await call("POST", target)).json["status"] == "cancelled"
    clock.forward(hours=3)
    await release(stack.process)
    assert "Never" not in stack.provider.texts()
    shown = await status_of(call, message)
    assert [each["status"] for each in shown["statuses"]] == ["queued", "cancelled"]
    events = (await call("GET", "/v1/events?type=message.cancelled")).json["data"]
    assert events[0]["data"]["message_id"] == message["id"]


async def test_what_is_being_sent_is_not_cancelled(stack: Stack) -> None:
    """The claim and the cancelling meet on the row: one of them wins, and the other knows."""
    call = await caller(stack)
    message = (await call("POST", "/v1/messages", call.text())).json
    stack.provider.gate = asyncio.Event()
    assert await stack.process.deliverer.work() == 1
    reply = await call("POST", f"/v1/messages/{message['id']}/cancel")
    assert (reply.status, reply.code) == (409, "not_cancellable")
    assert "sending" in reply.json["detail"]
    stack.provider.gate.set()
    stack.provider.gate = None
    await stack.process.deliverer.drain()
    await stack.process.settle()
    assert (await status_of(call, message))["status"] == "sent"
    assert (await call("POST", f"/v1/messages/{message['id']}/cancel")).status == 409


async def test_cancelling_races_with_claims(stack: Stack) -> None:
    call = await caller(stack)
    made = [(await call("POST", "/v1/messages", call.text(to=f"+1555000{n:04d}"))).json for n in range(12)]
    before = len(stack.provider.sent)
    replies, _ = await asyncio.gather(
        asyncio.gather(*[call("POST", f"/v1/messages/{each['id']}/cancel") for each in made]),
        stack.process.send_all(),
    )
    await stack.process.send_all()
    cancelled = sum(reply.status == 200 for reply in replies)
    assert len(stack.provider.sent) - before == len(made) - cancelled
    assert {reply.status for reply in replies} <= {200, 409}


async def test_a_batch_has_a_result_for_each(stack: Stack) -> None:
    call = await caller(stack)
    contact = (await call("POST", "/v1/contacts", {"phone": ADA})).json["id"]
    await call("POST", f"/v1/contacts/{contact}/consents", {"state": "withdrawn"})
    messages = [
        call.text("one"),
        call.text("two", to=contact, category="marketing"),
        {**call.text(), "text": {"body": "x" * 5000}},
        call.text("three", to="nobody at all"),
        {**call.text("four"), "to": "con_" + "0" * 32},
        call.text("five", to="+15550002222"),
    ]
    reply = await call("POST", "/v1/messages/batch", {"messages": messages}, headers={"idempotency-key": "batch"})
    data = reply.json["data"]
    assert [each["status"] for each in data] == [202, 422, 422, 422, 404, 202]
    assert data[1]["error"]["code"] == "opted_out"
    assert data[2]["error"]["errors"][0]["pointer"] == "/text/body"
    again = await call("POST", "/v1/messages/batch", {"messages": messages}, headers={"idempotency-key": "batch"})
    assert again.json == reply.json
    await stack.process.send_all()
    assert [each for each in stack.provider.texts() if each in {"one", "two", "three", "five"}] == ["one", "five"]
    assert (await call("POST", "/v1/messages/batch", {"messages": [{}]})).status == 422
    assert (await call("POST", "/v1/messages/batch", {"messages": [call.text()] * 101})).status == 422


async def test_files_inside_are_uploaded(stack: Stack) -> None:
    call = await caller(stack)
    file = (await call("POST", "/v1/media", raw=form(b"picture"), headers=FORM)).json["id"]
    header = {"type": "header", "parameters": [{"type": "document", "document": {"id": file}}]}
    template = {"name": "invoice", "language": {"code": "en"}, "components": [header]}
    assert (await call("POST", "/v1/messages", {"to": ADA, "type": "template", "template": template})).status == 202
    await stack.process.send_all()
    assert {file: "provider-file"} in [each.provider_media_ids for each in stack.provider.sent]
