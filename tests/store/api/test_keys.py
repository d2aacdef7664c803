"""The life of an API key: made, narrowed, rotated, ended; and what it may never do."""

import asyncio
from datetime import timedelta

import pytest

from parley.core.ids import public
from parley.core.time import now, rfc3339
from parley.entrypoints.http.app import make_api
from parley.kit.wake import Listener
from parley.modules.accounts import KeyTerms
from tests.fakes.api import Caller, Json, Reply, caller
from tests.fakes.asgi import ask
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


async def made(call: Caller, **given: Json) -> Json:
    """A key that somebody made, as answered."""
    answered = await call("POST", "/v1/api-keys", {"name": "Made", **given})
    assert answered.status == 201, answered.json
    return answered.json


def with_key(call: Caller, key: str) -> Caller:
    return Caller(call.app, call.api, call.shop, key)


async def asked(call: Caller, key: str) -> Reply:
    return await with_key(call, key)("GET", "/v1/messages")


async def test_a_key_lives(stack: Stack) -> None:
    call = await caller(stack)
    new = await made(call, scopes=["messages:*"])
    assert new["hint"] == f"parley_live_…{new['key'][-4:]}"
    assert new["created_by"].startswith("key_")
    assert new["expires_at"] > rfc3339(now() + timedelta(days=89))
    assert (await asked(call, new["key"])).status == 200

    path = f"/v1/api-keys/{new['id']}"
    renamed = await call("PATCH", path, {"name": "Renamed", "expires_at": None})
    assert (renamed.json["name"], renamed.json["expires_at"]) == ("Renamed", None)
    assert "key" not in renamed.json
    assert new["key"].encode() not in (await call("GET", "/v1/api-keys")).raw

    rotated = (await call("POST", f"{path}/rotate", {"overlap_seconds": 60})).json
    assert rotated["id"] == new["id"]
    assert [(await asked(call, each["key"])).status for each in (new, rotated)] == [200, 200]
    last = (await call("POST", f"{path}/rotate", {"overlap_seconds": 0})).json
    statuses = [(await asked(call, each["key"])).status for each in (new, rotated, last)]
    assert statuses == [401, 401, 200]

    assert (await call("DELETE", path)).status == 204
    assert (await asked(call, last["key"])).status == 401
    assert (await call("DELETE", path)).status == 204
    assert (await call("POST", f"{path}/rotate", {})).code == "key_revoked"
    assert (await call("GET", path)).json["revoked_at"]
    kinds = [each["type"] for each in (await call("GET", "/v1/events")).json["data"] if each["type"] != "channel.added"]
    revoked, *_ = (await call("GET", "/v1/events?type=api_key.revoked")).json["data"]
    assert revoked["data"]["api_key_id"] == new["id"]
    assert kinds[:4] == ["api_key.revoked", "api_key.rotated", "api_key.rotated", "api_key.updated"]
    (actor,) = {row["actor"] for row in await stack.look("select actor from event where id = $1", _uuid(revoked["id"]))}
    assert actor == new["created_by"]


def _uuid(named: str) -> str:
    return named.partition("_")[2]


async def test_a_secret_that_was_replaced_ends_with_its_overlap(stack: Stack) -> None:
    call = await caller(stack)
    new = await made(call)
    await call("POST", f"/v1/api-keys/{new['id']}/rotate", {"overlap_seconds": 60})
    assert (await asked(call, new["key"])).headers["parley-key-expires"]
    await stack.look("update api_key set old_secret_until = now() where id = $1", _uuid(new["id"]))
    fresh = await caller(stack, call.shop)
    assert (await asked(fresh, new["key"])).status == 401


async def test_another_process_hears_of_a_revocation(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the wake-up: a memory that would last for ever forgets."""
    monkeypatch.setattr("parley.entrypoints.http.authentication.REMEMBERED_SECONDS", 3600.0)
    call = await caller(stack)
    new = await made(call)
    async with stack.another_process() as other:
        elsewhere = Caller(other.app, make_api(other.app), call.shop, new["key"])
        heard = asyncio.Event()
        other.app.wake.on("keys", heard.set)
        listening = asyncio.create_task(Listener(other.app.addresses.content, other.app.wake, other.app.process).run())
        await asyncio.wait_for(heard.wait(), 10)  # once for every name, as it begins to listen
        heard.clear()
        assert (await elsewhere("GET", "/v1/messages")).status == 200
        await call("DELETE", f"/v1/api-keys/{new['id']}")
        await asyncio.wait_for(heard.wait(), 10)
        assert (await elsewhere("GET", "/v1/messages")).status == 401
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_expiry(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    call = await caller(stack)
    soon = await made(call, expires_at=rfc3339(now() + timedelta(days=13)))
    late = await made(call, expires_at=rfc3339(now() + timedelta(days=15)))
    assert (await asked(call, soon["key"])).headers["parley-key-expires"] == soon["expires_at"]
    assert "parley-key-expires" not in (await asked(call, late["key"])).headers
    monkeypatch.setattr("parley.entrypoints.http.authentication.now", lambda: now() + timedelta(days=14))
    refused = await asked(call, soon["key"])
    assert (refused.status, refused.code) == (401, "key_expired")
    past = await call("POST", "/v1/api-keys", {"name": "x", "expires_at": "2020-01-01T00:00:00Z"})
    assert past.faults == [("/expires_at", "in_the_past")]


async def test_addresses(stack: Stack) -> None:
    call = await caller(stack)
    here = await made(call, addresses=["127.0.0.0/8", "::1"])
    there = await made(call, addresses=["192.0.2.7"])
    assert (await asked(call, here["key"])).status == 200
    refused = await asked(call, there["key"])
    assert (refused.status, refused.code) == (403, "bad_address")
    bad = await call("POST", "/v1/api-keys", {"name": "x", "addresses": ["home"]})
    assert bad.faults == [("/addresses/0", "bad_network")]


async def test_uses_are_written_coarsely(stack: Stack) -> None:
    call = await caller(stack)
    new = await made(call)
    assert new["last_used_at"] is None
    await asked(call, new["key"])
    await stack.app.key_uses.write()
    found = (await call("GET", f"/v1/api-keys/{new['id']}")).json
    assert found["last_used_at"]
    assert found["last_used_from"] == "127.0.0.0/24"


UNKNOWN = [("message:write", "messages:write"), ("webhooks:read", "webhook-"), ("contacts:delete", "read, write")]


@pytest.mark.parametrize(("scope", "hint"), UNKNOWN)
async def test_a_scope_that_there_is_not(stack: Stack, scope: str, hint: str) -> None:
    call = await caller(stack)
    refused = await call("POST", "/v1/api-keys", {"name": "x", "scopes": ["messages:read", scope]})
    assert refused.status == 422
    assert refused.faults[0][0] == "/scopes/1"
    assert hint in refused.json["errors"][0]["detail"]


async def test_every_resource_has_scopes(stack: Stack) -> None:
    call = await caller(stack)
    listed = {each["resource"] for each in (await call("GET", "/v1/scopes")).json["data"]}
    document = call.described.document
    assert {each["tags"][0] for path in document["paths"].values() for each in path.values()} <= listed


BEYOND = [
    ({"scopes": ("api-keys:*", "messages:read")}, {"scopes": ["messages:write"]}, "beyond_own_scopes"),
    ({"scopes": ("api-keys:*", "messages:read")}, {"scopes": ["*"]}, "beyond_own_scopes"),
    ({"scopes": ("api-keys:*",), "mode": "test"}, {"scopes": ["api-keys:read"]}, "beyond_own_mode"),
    (
        {"scopes": ("*", "api-keys:*"), "mode": "test"},
        {"scopes": ["contacts:read"], "mode": "test"},
        "beyond_own_scopes",
    ),
]


@pytest.mark.parametrize(("own", "wanted", "code"), BEYOND)
async def test_nobody_makes_a_key_above_their_own(stack: Stack, own: Json, wanted: Json, code: str) -> None:
    master = await caller(stack)
    call = await caller(stack, master.shop, terms=KeyTerms(name="Low", **own))
    refused = await call("POST", "/v1/api-keys", {"name": "x", **wanted})
    assert (refused.status, refused.code) == (403, code)
    high = await made(master)
    for method, tail, body in (("PATCH", "", {"name": "Mine"}), ("POST", "/rotate", {})):
        taken = await call(method, f"/v1/api-keys/{high['id']}{tail}", body)
        assert taken.status == 403


async def test_a_restricted_key_makes_restricted_keys(stack: Stack) -> None:
    shop = await stack.shop()
    other = public("chn", (await stack.number(shop.workspace)).channel)
    terms = KeyTerms(name="x", scopes=("*", "api-keys:*"), channels=frozenset({shop.channel}))
    call = await caller(stack, shop, terms=terms)
    for channels in (None, [other], [call.channel, other]):
        refused = await call("POST", "/v1/api-keys", {"name": "x", "channels": channels})
        assert (refused.status, refused.code) == (403, "beyond_own_channels")
    assert (await made(call, channels=[call.channel]))["channels"] == [call.channel]


async def test_a_leaked_key_ends(stack: Stack) -> None:
    call = await caller(stack)
    new = await made(call)

    async def report(key: str) -> Reply:
        nobody = Caller(call.app, call.api, call.shop, "")
        return await nobody("POST", "/v1/leaked-keys", {"key": key, "source_url": "https://example.org/dump"})

    answers = [await report(each) for each in ("nonsense", new["key"][:-1] + "0", new["key"], new["key"])]
    assert {(each.status, each.raw) for each in answers} == {(202, answers[0].raw)}
    assert (await asked(call, new["key"])).status == 401
    found = (await call("GET", f"/v1/api-keys/{new['id']}")).json
    assert found["leaked_at"]
    assert found["leak_source"] == "https://example.org/dump"
    told = (await call("GET", "/v1/events?type=api_key.leaked")).json["data"]
    assert [each["data"]["api_key_id"] for each in told] == [new["id"]]


@pytest.mark.parametrize("query", ["api_key={key}", "access_token={key}", "limit=1&x={key}", "token=abc"])
async def test_a_key_in_an_address_is_refused(stack: Stack, query: str) -> None:
    call = await caller(stack)
    target = f"/v1/messages?{query.format(key=call.key)}"
    answered = await ask(call.api, "GET", target, headers={"authorization": f"Bearer {call.key}"})
    assert answered.status == 400
    assert b"key_in_query" in answered.body
