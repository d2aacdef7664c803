"""A message's trace: the request that made it, what the provider was asked and answered, each status; no secret."""

from collections.abc import Mapping

import msgspec
import pytest

from parley.adapters.whatsapp.driver import WhatsAppDriver
from parley.core.json import JsonObject
from parley.kit.http import Answer, HttpClient
from parley.modules.conversations import Sweeper
from tests.fakes.api import Caller, caller
from tests.fakes.meta import status, text
from tests.fakes.stack import Stack
from tests.fakes.universe import Clock

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

TOKEN = "token"
ECHO: JsonObject = {
    "id": "echo",
    "name": "Echo",
    "start": "n",
    "triggers": {"default": True},
    "nodes": {"n": {"type": "message", "text": "Hi"}},
}


class Meta(HttpClient):
    """Answers each post with the next of these."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.answers = list(answers)

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, deadline: float) -> Answer:
        return self.answers.pop(0)


def accepted(provider_id: str) -> Answer:
    body = msgspec.json.encode({"messages": [{"id": provider_id}], "contacts": []})
    return Answer(status=200, headers={"x-fb-trace-id": "trace-200"}, body=body)


def refused(code: int, http: int = 400) -> Answer:
    error = {"message": f"Malformed access key {TOKEN}", "code": code, "fbtrace_id": "trace-400"}
    return Answer(status=http, body=msgspec.json.encode({"error": error}))


async def sent(stack: Stack, call: Caller, monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> str:
    monkeypatch.setattr(stack.provider, "send", WhatsAppDriver(Meta(*answers), "https://graph.test", "v23.0").send)
    message = await call("POST", "/v1/messages", call.text("Dear Ada"))
    await stack.process.send_all()
    await call.app.recorder.flush()
    return str(message.json["id"])


async def test_the_whole_way(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    call = await caller(stack)
    message = await sent(stack, call, monkeypatch, accepted("wamid.trace"))
    await stack.take(status(call.shop, "wamid.trace", "delivered"))
    reply = await call("GET", f"/v1/messages/{message}/trace")
    assert reply.status == 200, reply.raw
    trace = reply.json
    assert (trace["message_id"], trace["status"]) == (message, "delivered")
    (log,) = (await call("GET", f"/v1/api-logs?made={message}")).json["data"]
    assert trace["made_by"]["request_id"] == log["id"]
    (attempt,) = trace["attempts"]
    assert (attempt["number"], attempt["status"], attempt["fbtrace_id"]) == (1, 200, "trace-200")
    assert attempt["request"]["text"]["body"] == "Dear Ada"
    assert attempt["answer"]["messages"] == [{"id": "wamid.trace"}]
    assert [each["status"] for each in trace["statuses"]] == ["sent", "delivered"]


async def test_each_try_is_told_and_no_token(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    call = await caller(stack)
    message = await sent(stack, call, monkeypatch, refused(100))
    trace = await call("GET", f"/v1/messages/{message}/trace")
    (attempt,) = trace.json["attempts"]
    assert (attempt["status"], attempt["fbtrace_id"]) == (400, "trace-400")
    assert attempt["answer"]["error"]["message"] == "Malformed access key [hidden]"
    assert [each["status"] for each in trace.json["statuses"]] == ["failed"]
    rows = await stack.look("select exchange from message_trace where workspace_id = $1", call.shop.workspace)
    assert b"Ada" not in rows[0]["exchange"]


async def test_it_is_kept_for_a_week(stack: Stack, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    call = await caller(stack)
    message = await sent(stack, call, monkeypatch, accepted("wamid.week"))
    sweeper = Sweeper(stack.app.units, stack.app.keys)
    for days, kept in ((6, 1), (2, 0)):
        clock.forward(days=days)
        await sweeper.forget()
        trace = (await call("GET", f"/v1/messages/{message}/trace")).json
        assert len(trace["attempts"]) == kept
        await call.app.recorder.flush()


async def test_what_a_flow_says_is_not_kept(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asked for it by the API, and the message path pays nothing."""
    shop = await stack.shop(flow=ECHO)
    call = await caller(stack, shop)
    monkeypatch.setattr(stack.provider, "send", WhatsAppDriver(Meta(accepted("wamid.bot")), "https://g.test", "v").send)
    await stack.take(text(shop, "+15550001111", "hello"))
    await stack.settle_down()
    assert not await stack.look("select 1 from message_trace where workspace_id = $1", shop.workspace)
    assert {each["status"] for each in (await call("GET", "/v1/messages")).json["data"]} >= {"sent"}
