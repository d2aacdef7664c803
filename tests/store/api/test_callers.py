"""Who may ask, what for, and how often."""

import pytest

from tests.fakes.api import caller
from tests.fakes.asgi import ask
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

NOBODY = [
    {},
    {"authorization": ""},
    {"authorization": "Bearer"},
    {"authorization": "Basic cGFybGV5"},
    {"authorization": "Bearer parley_live_" + "0" * 38},
    {"authorization": "Bearer nonsense"},
]


@pytest.mark.parametrize("headers", NOBODY)
async def test_without_a_key_nothing_is_told(stack: Stack, headers: dict[str, str]) -> None:
    call = await caller(stack)
    answered = await ask(call.api, "GET", "/v1/messages", headers=headers)
    assert answered.status == 401
    assert answered.headers["www-authenticate"].startswith("Bearer")
    assert answered.headers["content-type"] == "application/problem+json"
    assert "request-id" in answered.headers


async def test_a_key_does_what_its_scopes_say(stack: Stack) -> None:
    call = await caller(stack, scopes=("messages:read", "contacts:*"))
    assert (await call("GET", "/v1/messages")).status == 200
    refused = await call("POST", "/v1/messages", call.text())
    assert (refused.status, refused.code) == (403, "scope_missing")
    assert "messages:write" in refused.json["detail"]
    assert (await call("POST", "/v1/contacts", {"phone": "+15550001111"})).status == 201
    assert (await call("GET", "/v1/channels")).status == 403


async def test_a_revoked_key_is_forgotten(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    call = await caller(stack)
    assert (await call("GET", "/v1/messages")).status == 200
    await stack.look("update api_key set revoked_at = now() where workspace_id = $1", call.shop.workspace)
    monkeypatch.setattr("parley.entrypoints.http.authentication.REMEMBERED_SECONDS", 0.0)
    assert (await call("GET", "/v1/messages")).status == 401


async def test_documents_need_no_key(stack: Stack) -> None:
    call = await caller(stack)
    for path in ("/v1/openapi.json", "/v1/schemas/flow.json"):
        assert (await ask(call.api, "GET", path)).status == 200
