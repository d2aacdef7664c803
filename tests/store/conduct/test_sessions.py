"""Sessions by request: started, looked at, resumed, interrupted, begun anew; and only where the bot has the floor."""

from typing import Any

import pytest

from parley.core.json import JsonObject
from tests.fakes.api import Caller, Reply, caller
from tests.fakes.meta import text
from tests.fakes.stack import Stack

pytestmark = pytest.mark.store

ADA = "+15550001111"
NAMES: JsonObject = {
    "schema": 2,
    "id": "names",
    "name": "Names",
    "triggers": {"keywords": ["name"]},
    "conduct": {"quiet": "0s"},
    "start": "ask",
    "nodes": {
        "ask": {
            "type": "ask",
            "text": "{{ vars.hello | default: 'Hello' }}, who are you?",
            "save": "name",
            "next": "bye",
            "timeout": {"after": "1h", "next": "late"},
        },
        "bye": {"type": "end", "text": "Bye {{ vars.name }}"},
        "late": {"type": "end", "text": "Too late"},
    },
}


async def opened(stack: Stack) -> tuple[Caller, dict[str, Any], str]:
    """A caller, Ada's conversation, and a live flow."""
    call = await caller(stack)
    flow = (await call("POST", "/v1/flows?publish=true", NAMES)).json["id"]
    await stack.take(text(call.shop, ADA, "hello"))
    conversation = (await call("GET", "/v1/conversations")).json["data"][0]
    return call, conversation, f"/v1/flows/{flow}/start"


async def said(stack: Stack) -> list[str | None]:
    await stack.process.send_all()
    return stack.provider.texts()


async def test_a_flow_is_started_looked_at_and_resumed(stack: Stack) -> None:
    call, conversation, start = await opened(stack)
    here = {"conversation_id": conversation["id"], "variables": {"hello": "Good day"}}
    began = await call("POST", start, here)
    assert (began.status, began.json["state"]) == (201, "waiting")
    assert await said(stack) == ["Good day, who are you?"]
    again = await call("POST", start, here)
    assert (again.status, again.code) == (409, "session_waiting")
    session = f"/v1/sessions/{began.json['id']}"
    assert (await call("POST", f"{session}/resume", {"text": "Ada"})).json["state"] == "over"
    assert (await said(stack))[-1] == "Bye Ada"
    story = (await call("GET", session)).json
    assert [step["came"].get("type", "trigger") for step in story["steps"]] == [
        "trigger",
        "message",
    ]
    assert story["steps"][0]["came"]["reason"] == "by request"
    assert "says: Bye Ada" in story["steps"][1]["told"]
    over = await call("POST", f"{session}/resume", {"text": "Ada"})
    assert (over.status, over.code) == (409, "session_over")
    facts = (await call("GET", "/v1/events?type=flow.triggered")).json["data"]
    assert [each["data"]["by"] for each in facts] == ["request"]


async def test_a_session_is_interrupted_and_begun_anew(stack: Stack) -> None:
    call, conversation, start = await opened(stack)
    contact = {"contact_id": conversation["contact_id"]}
    first = (await call("POST", start, contact)).json
    second = await call("POST", f"/v1/sessions/{first['id']}/restart")
    assert (second.status, second.json["state"]) == (200, "waiting")
    assert second.json["id"] != first["id"]
    listed = (await call("GET", f"/v1/sessions?conversation_id={conversation['id']}")).json["data"]
    assert [(each["id"], each["state"]) for each in listed] == [(second.json["id"], "waiting"), (first["id"], "over")]
    ended = await call("POST", f"/v1/sessions/{second.json['id']}/interrupt", {"outcome": "tidied_up"})
    assert ended.json["state"] == "over"
    assert (await call("GET", "/v1/sessions?waiting=true")).json["data"] == []
    third = (await call("POST", start, contact)).json
    late = await call("POST", f"/v1/sessions/{third['id']}/resume", {})
    assert late.json["state"] == "over"
    assert (await said(stack))[-1] == "Too late"
    assert len(await said(stack)) == 4


async def test_where_it_can_not_be_done(stack: Stack) -> None:
    call, conversation, start = await opened(stack)
    await call("POST", f"/v1/conversations/{conversation['id']}/floor", {"holder": "person"})

    async def refused(body: Any) -> Reply:
        return await call("POST", start, body)

    assert (await refused({"conversation_id": conversation["id"]})).code == "bot_has_not_the_floor"
    assert (await refused({"conversation_id": "cnv_" + "0" * 32})).status == 404
    assert (await refused({})).status == 422
    assert (await refused({"contact_id": conversation["contact_id"], "version": 9})).status in {404, 422}
    assert await said(stack) == []
