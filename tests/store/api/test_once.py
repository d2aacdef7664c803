"""A POST repeated with its Idempotency-Key does its work once."""

import asyncio

import pytest
import pytest_asyncio

from parley.modules.accounts import BeingWorkedOn, Stored, finish_request, take_request
from parley.wiring import CONTENT_CONNECTIONS
from tests.fakes.api import FORM, Caller, caller, form
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

KEY = {"idempotency-key": "order-17"}


@pytest_asyncio.fixture(loop_scope="session")
async def call(stack: Stack) -> Caller:
    return await caller(stack)


async def count(call: Caller) -> int:
    return len((await call("GET", "/v1/messages")).json["data"])


async def test_a_repeat_gets_the_first_answer(call: Caller) -> None:
    first = await call("POST", "/v1/messages", call.text(), headers=KEY)
    assert "idempotent-replayed" not in first.headers
    again = await call("POST", "/v1/messages", call.text(), headers=KEY)
    assert (again.status, again.json) == (first.status, first.json)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["request-id"] != first.headers["request-id"]
    assert await count(call) == 1


async def test_members_in_another_order_are_the_same_request(call: Caller) -> None:
    first = await call("POST", "/v1/messages", call.text(), headers=KEY)
    turned = dict(reversed(call.text().items()))
    assert (await call("POST", "/v1/messages", turned, headers=KEY)).json == first.json


async def test_repeats_at_once_send_one_message(call: Caller) -> None:
    replies = await asyncio.gather(*[call("POST", "/v1/messages", call.text(), headers=KEY) for _ in range(6)])
    assert {reply.status for reply in replies} == {202}
    assert len({reply.json["id"] for reply in replies}) == 1
    assert sum("idempotent-replayed" in reply.headers for reply in replies) == 5
    assert await count(call) == 1


async def test_a_repeat_meanwhile_in_another_process_is_told_to_wait(
    stack: Stack, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.entrypoints.http.idempotency.WAIT_SECONDS", 0.1)
    async with stack.app.units.begin(call.shop.workspace) as unit:
        assert await take_request(unit, stack.app.keys, KEY["idempotency-key"], b"") is None
        waiting = await call("POST", "/v1/messages", call.text(), headers=KEY)
        assert (waiting.status, waiting.code) == (409, "idempotency_key_in_use")
        assert waiting.headers["retry-after"] == "1"
        await unit.connection.execute("rollback; begin")
    assert (await call("POST", "/v1/messages", call.text(), headers=KEY)).status == 202


async def test_who_comes_second_by_a_hair_undoes_its_work(stack: Stack, call: Caller) -> None:
    answer = Stored(status=202, headers={}, body="{}")
    first, second = (stack.app.units.begin(call.shop.workspace) for _ in range(2))
    async with first as unit:
        await finish_request(unit, stack.app.keys, "order-18", b"", answer)
    with pytest.raises(BeingWorkedOn):
        async with second as unit:
            await finish_request(unit, stack.app.keys, "order-18", b"", answer)


async def test_a_repeat_meanwhile_waits_without_a_connection(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """More repeats at once than there are connections: all get the answer, and others are served meanwhile."""
    repeats = [call("POST", "/v1/messages", call.text(), headers=KEY) for _ in range(3 * CONTENT_CONNECTIONS)]
    *replies, other = await asyncio.gather(*repeats, call("GET", "/v1/channels"))
    assert {reply.status for reply in replies} == {202}
    assert len({reply.json["id"] for reply in replies}) == 1
    assert other.status == 200


async def test_another_request_with_the_key_is_refused(call: Caller) -> None:
    await call("POST", "/v1/messages", call.text(), headers=KEY)
    other = await call("POST", "/v1/messages", call.text("Other"), headers=KEY)
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    elsewhere = await call("POST", "/v1/contacts", {"phone": "+15550001111"}, headers=KEY)
    assert elsewhere.code == "idempotency_key_reused"


async def test_errors_are_not_kept(call: Caller) -> None:
    wrong = await call("POST", "/v1/messages", call.text(text={"body": ""}), headers=KEY)
    assert wrong.status == 422
    assert (await call("POST", "/v1/messages", call.text(), headers=KEY)).status == 202


async def test_two_workspaces_may_use_one_key(stack: Stack, call: Caller) -> None:
    await call("POST", "/v1/messages", call.text(), headers=KEY)
    other = await caller(stack)
    reply = await other("POST", "/v1/messages", other.text(), headers=KEY)
    assert reply.status == 202
    assert "idempotent-replayed" not in reply.headers


async def test_a_file_is_kept_once(call: Caller) -> None:
    first = await call("POST", "/v1/media", raw=form(b"one"), headers={**FORM, **KEY})
    again = await call("POST", "/v1/media", raw=form(b"one"), headers={**FORM, **KEY})
    other = await call("POST", "/v1/media", raw=form(b"two"), headers={**FORM, **KEY})
    assert (again.status, again.json["id"]) == (201, first.json["id"])
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status, other.code) == (422, "idempotency_key_reused")


async def test_what_was_kept_is_sealed(stack: Stack, call: Caller) -> None:
    await call("POST", "/v1/contacts", {"phone": "+15550001111", "name": "Marker Person"}, headers=KEY)
    rows = await stack.look("select response from idempotency where workspace_id = $1", call.shop.workspace)
    assert len(rows) == 1
    assert b"Marker" not in rows[0]["response"]
