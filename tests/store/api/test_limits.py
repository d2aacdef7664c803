"""How often one may ask, how many at once, and how many messages may wait."""

import pytest
import pytest_asyncio

from parley.core.ids import parse_public
from parley.entrypoints.http.app import make_api
from parley.kit.processes_table import report_process
from parley.kit.rates import Quota
from tests.fakes.api import Caller, Reply, caller
from tests.fakes.asgi import ask
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

IANA = "https://iana.org/assignments/http-problem-types#quota-exceeded"


@pytest_asyncio.fixture(loop_scope="session")
async def call(stack: Stack) -> Caller:
    return await caller(stack)


async def choose(call: Caller, **limits: int | None) -> None:
    reply = await call("PATCH", "/v1/api-settings", limits)
    assert reply.status == 200, reply.raw


async def until_refused(call: Caller, most: int = 20) -> Reply:
    for _ in range(most):
        reply = await call("GET", "/v1/channels")
        if reply.status != 200:
            return reply
    raise AssertionError("never refused")


@pytest.mark.parametrize("quota", ["key", "workspace"])
async def test_who_asks_too_often_waits(call: Caller, quota: str) -> None:
    await choose(call, **{f"{quota}_rate": 1})
    refused = await until_refused(call)
    assert (refused.status, refused.code) == (429, "quota_exceeded")
    assert (refused.json["type"], refused.json["violated-policies"]) == (IANA, [quota])
    assert int(refused.headers["retry-after"]) >= 1
    assert f'"{quota}";q=2;w=2' in refused.headers["ratelimit-policy"]
    assert f'"{quota}";r=0' in refused.headers["ratelimit"]
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert {"x-ratelimit-limit", "x-ratelimit-reset"} <= refused.headers.keys()


async def test_settings_are_shown_kept_and_taken_back(call: Caller) -> None:
    usual = (await call("GET", "/v1/api-settings")).json
    await choose(call, key_rate=7, log_days=5)
    changed = (await call("GET", "/v1/api-settings")).json
    assert (changed["key_rate"], changed["log_days"]) == (7, 5)
    assert changed["workspace_rate"] == usual["workspace_rate"]
    await choose(call, key_rate=None, log_days=None)
    assert (await call("GET", "/v1/api-settings")).json == usual
    assert (await call("PATCH", "/v1/api-settings", {"log_days": 91})).status == 422


async def test_another_workspace_is_not_slowed(stack: Stack, call: Caller) -> None:
    await choose(call, workspace_rate=1)
    await until_refused(call)
    other = await caller(stack)
    assert (await other("GET", "/v1/channels")).status == 200


async def test_an_address_with_many_wrong_keys_is_not_listened_to(
    stack: Stack, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.entrypoints.http.rate_limit.STRANGERS", Quota("address", 0.001, 3))
    known = await call("GET", "/v1/channels")
    headers = {"authorization": "Bearer parley_live_" + "0" * 38}
    api = make_api(stack.app)
    statuses = [(await ask(api, "GET", "/v1/channels", headers=headers)).status for _ in range(5)]
    assert statuses == [401] * 3 + [429] * 2
    assert known.status == (await call("GET", "/v1/channels")).status == 200, "a key that is known goes on"


async def test_so_many_requests_at_once(call: Caller) -> None:
    await choose(call, concurrency=2)
    key = parse_public("key", (await call("GET", "/v1/api-keys")).json["data"][0]["id"])
    assert key is not None
    gate = call.api.state.edge._gate
    with gate.under_way(key, 2), gate.under_way(key, 2):
        refused = await call("GET", "/v1/channels")
    assert (refused.status, refused.code) == (429, "too_many_at_once")
    assert (await call("GET", "/v1/channels")).status == 200


async def test_a_number_takes_so_many_messages_a_second(call: Caller) -> None:
    await choose(call, channel_rate=1)
    replies = [await call("POST", "/v1/messages", call.text(str(n))) for n in range(4)]
    assert [each.status for each in replies] == [202, 202, 429, 429]
    assert replies[-1].json["violated-policies"] == ["channel"]


async def test_a_number_whose_queue_is_full_takes_no_more(stack: Stack, call: Caller) -> None:
    await choose(call, queue_bound=2)
    replies = [await call("POST", "/v1/messages", call.text(str(n))) for n in range(4)]
    assert [each.status for each in replies] == [202, 202, 429, 429]
    assert replies[-1].code == "queue_full"
    assert int(replies[-1].headers["retry-after"]) >= 1


async def test_processes_count_together(stack: Stack, call: Caller) -> None:
    await choose(call, key_rate=2)
    async with stack.another_process() as process:
        app = process.app
        there = Caller(app, make_api(app), call.shop, call.key)
        for each in (stack.app, app):
            connection = await each.content.acquire()
            await report_process(connection, each.process, "web", {})
            await each.content.release(connection)
        await until_refused(call)
        for each in (stack.app, app):
            await each.allowances.settle(each.process)
        assert (await there("GET", "/v1/channels")).status == 200, "not heard of yet"
        await app.allowances.settle(app.process)
        assert (await there("GET", "/v1/channels")).status == 429
