"""When something is wrong on our side."""

import json

import pytest

from parley.core.errors import Unavailable
from tests.fakes.api import caller
from tests.fakes.asgi import ask
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


async def test_what_nobody_foresaw_is_told_without_details(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the secret of +15550001111")

    call = await caller(stack)
    monkeypatch.setattr("parley.modules.contacts.api.contacts.search_contacts", broken)
    reply = await call("GET", "/v1/contacts")
    assert (reply.status, reply.code) == (500, "internal_error")
    assert b"secret" not in reply.raw
    assert reply.json["request_id"] == reply.headers["request-id"]


async def test_a_database_that_is_away_is_told(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise Unavailable("The database can't be reached; try again shortly.", retry_after=1.2)

    call = await caller(stack)
    monkeypatch.setattr(type(stack.app.content), "acquire", away)
    reply = await call("GET", "/v1/contacts")
    assert (reply.status, reply.code) == (503, "unavailable")
    assert reply.headers["retry-after"] == "2"


async def test_nothing_is_changed_by_a_request_that_fails(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    call = await caller(stack)
    monkeypatch.setattr("parley.modules.contacts.api.contacts.upsert_contact", broken)
    assert (await call("POST", "/v1/contacts", {"phone": "+15550001111"})).status == 500
    assert await stack.look("select from contact where workspace_id = $1", call.shop.workspace) == []
    assert await stack.look("select from event where workspace_id = $1", call.shop.workspace) != []
    assert (await call("GET", "/v1/events?type=contact.created")).json["data"] == []


async def test_a_body_in_chunks_is_bounded(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.entrypoints.http.bodies.MAX_BODY", 100)
    call = await caller(stack)
    headers = {"content-type": "application/json"}
    large = await call("POST", "/v1/contacts", raw=[b"[", b" " * 100, b"]"], headers=headers)
    assert (large.status, large.code) == (413, "too_large")
    small = await call("POST", "/v1/contacts", raw=[b'{"phone":', b'"+15550001111"}'], headers=headers)
    assert small.status == 201


async def test_deep_nesting_is_refused(stack: Stack) -> None:
    call = await caller(stack)
    headers = {"content-type": "application/json"}
    for depth in (100, 900, 100_000):
        deep = b'{"id":' * depth + b"1" + b"}" * depth
        body = b'{"to": "+15550001111", "type": "text", "text": ' + deep + b"}"
        reply = await call("POST", "/v1/messages", raw=body, headers=headers)
        assert reply.status in {400, 422}


async def test_an_unknown_method_says_which_are_known(stack: Stack) -> None:
    call = await caller(stack)
    answered = await ask(call.api, "DELETE", "/v1/messages")
    assert (answered.status, answered.headers["allow"]) == (405, "GET, POST")
    assert json.loads(answered.body)["code"] == "method_not_allowed"
