"""A conversation simulated by the API: the engine answers, nothing happens."""

import pytest

from tests.fakes.api import Caller, Json, caller
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

NODES: Json = {
    "start": {"type": "ask", "text": "Which order?", "save": "order", "next": "look"},
    "look": {
        "type": "http",
        "method": "GET",
        "url": "https://shop.example/{{ vars.order }}",
        "save": {"state": "state"},
        "next": "told",
        "failed": "told",
    },
    "told": {"type": "buttons", "text": "{{ vars.state }}. More?", "buttons": [{"title": "Yes", "next": "tag"}]},
    "tag": {"type": "sub_flow", "flow": "other", "next": "end"},
    "end": {"type": "end", "text": "Bye {{ contact.name }}"},
}
FLOW: Json = {"schema": 2, "id": "orders", "name": "Orders", "start": "start", "nodes": NODES}
OTHER: Json = {
    "schema": 2,
    "id": "other",
    "name": "Other",
    "start": "a",
    "nodes": {"a": {"type": "delay", "for": "2h", "next": "b"}, "b": {"type": "message", "text": "Back"}},
}


async def step(call: Caller, state: Json, step: Json, **more: Json) -> Json:
    named = {} if "flow_id" in more else {"document": FLOW}
    reply = await call("POST", "/v1/flow-simulations", {**named, "state": state, "step": step, **more})
    assert reply.status == 200, reply.json
    return reply.json


def said(answer: Json) -> list[str]:
    """What the bot said in words."""
    return [str(each["content"]) for each in answer["events"] if each["type"] == "say"]


async def test_a_whole_conversation(stack: Stack) -> None:
    call = await caller(stack)
    await call("POST", "/v1/flows?publish=true", OTHER)
    begun = {"contact": {"name": "Bo"}, "now": "2026-11-23T12:00:00Z"}
    first = await step(call, None, {"customer": "hi"}, **begun)
    assert "Which order?" in said(first)[0]
    assert (first["waits_for"]["kind"], first["node"], first["outcome"]) == ("message", "start", None)
    asked = await step(call, first["state"], {"customer": "77"})
    assert asked["waits_for"]["effect"]["url"] == "https://shop.example/77"
    assert asked["vars"] == {"order": "77"}
    answers = {"status": 200, "json": {"state": "Shipped"}}
    told = await step(call, asked["state"], {"http": {}, "answers": answers})
    assert "Shipped. More?" in said(told)[0]
    waits = await step(call, told["state"], {"customer": {"tap": "Yes"}})
    assert waits["waits_for"]["kind"] == "time"
    done = await step(call, waits["state"], {"later": "3h"})
    assert [("Back" in words, "Bye Bo" in words) for words in said(done)] == [(True, False), (False, True)]
    assert (done["now"], done["outcome"], done["waits_for"]) == ("2026-11-23T15:00:00.000Z", "completed", None)
    for table in ("message", "session", "contact", "flow_effect", "flow_sprint"):
        rows = await stack.look(f"select from {table} where workspace_id = $1", call.shop.workspace)
        assert not rows, table


async def test_the_draft_is_simulated_and_may_change_meanwhile(stack: Stack) -> None:
    call = await caller(stack)
    flow = (await call("POST", "/v1/flows", {**FLOW, "nodes": {"start": {"type": "end", "text": "Old"}}})).json["id"]
    await call("PUT", f"/v1/flows/{flow}/draft", {"document": FLOW})
    first = await step(call, None, {"customer": "hi"}, flow_id=flow)
    assert "Which order?" in said(first)[0]
    mended = {"nodes": {"start": {"next": "end"}}}
    await call("PATCH", f"/v1/flows/{flow}/draft", {"document": mended, "revision": 1})
    assert "Bye" in said(await step(call, first["state"], {"customer": "77"}, flow_id=flow))[0]
    assert "Old" in said(await step(call, None, {"customer": "hi"}, flow_id=flow, version=1))[0]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"state": "nonsense"}, "/state"),
        ({"step": {"bot": "Hello"}}, "/step"),
        ({"step": {"customer": {"tap": "No"}}}, "/step"),
        ({"step": {"silence": True}}, "/step"),
        ({"step": {"http": {}, "answers": {"status": 200}}}, "/step"),
        ({"contact": {"name": 7}}, "/contact"),
        ({"flow_id": "flw_" + "0" * 32}, "/flow_id"),
    ],
)
async def test_what_cannot_be_simulated(stack: Stack, change: Json, pointer: str) -> None:
    call = await caller(stack)
    reply = await call("POST", "/v1/flow-simulations", {"document": FLOW, "step": {"customer": "hi"}, **change})
    assert reply.status == 422
    assert [each for each, _ in reply.faults] == [pointer]


async def test_another_workspaces_state_is_none(stack: Stack) -> None:
    call, other = await caller(stack), await caller(stack)
    state = (await step(call, None, {"customer": "hi"}))["state"]
    reply = await other("POST", "/v1/flow-simulations", {"document": FLOW, "state": state, "step": {"silence": True}})
    assert reply.faults == [("/state", "invalid")]
