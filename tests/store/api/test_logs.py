"""Each request to the API is found in its logs, and nothing that was written in it."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from parley.core import time
from parley.modules.partners import Entry, LogKeeper
from parley.modules.partners.domain import first_id_at
from parley.modules.partners.store.logs import prepare_days
from tests.fakes.api import Caller, caller
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

MARKER = "plantedmarker"


@pytest_asyncio.fixture(loop_scope="session")
async def call(stack: Stack) -> Caller:
    return await caller(stack)


async def logs(call: Caller, query: str = "") -> list[Any]:
    await call.app.recorder.flush()
    reply = await call("GET", f"/v1/api-logs{query}")
    assert reply.status == 200, reply.raw
    return list(reply.json["data"])


async def one(call: Caller, request_id: str) -> Any:
    await call.app.recorder.flush()
    reply = await call("GET", f"/v1/api-logs/{request_id}")
    assert reply.status == 200, reply.raw
    return reply.json


async def test_a_request_is_told(call: Caller) -> None:
    sent = await call(
        "POST", "/v1/messages", call.text(), headers={"idempotency-key": "order-17", "user-agent": "python-httpx/0.28"}
    )
    found = await one(call, sent.headers["request-id"])
    assert found["key_id"].startswith("key_")
    told = {name: found[name] for name in ("method", "route", "status", "error", "agent", "made")}
    assert told == {
        "method": "POST",
        "route": "/v1/messages",
        "status": 202,
        "error": None,
        "agent": "python-httpx",
        "made": sent.json["id"],
    }
    assert found["response_bytes"] == len(sent.raw)
    assert found["request_bytes"] > 0 < found["duration_ms"]
    assert found["rate"]["violated"] is None
    assert [each["id"] for each in await logs(call, "?idempotency_key=order-17")] == [found["id"]]
    assert [each["id"] for each in await logs(call, f"?made={sent.json['id']}")] == [found["id"]]


async def test_a_refused_request_is_told_by_its_faults(call: Caller) -> None:
    refused = await call("POST", "/v1/messages", call.text(text={"body": ""}, nonsense=MARKER))
    found = await one(call, refused.headers["request-id"])
    assert (found["status"], found["error"]["code"]) == (422, refused.code)
    pointers = {each["pointer"] for each in found["error"]["faults"]}
    assert "/*" in pointers, "an unknown member is not named"


async def test_an_address_is_told_as_documented(call: Caller) -> None:
    message = (await call("POST", "/v1/messages", call.text())).json["id"]
    seen = await call("GET", f"/v1/messages/{message}")
    found = await one(call, seen.headers["request-id"])
    assert (found["route"], found["ids"]) == ("/v1/messages/{message_id}", {"message_id": message})
    wrong = await call("GET", f"/v1/messages/{MARKER}")
    assert (await one(call, wrong.headers["request-id"]))["ids"] == {}


FILTERS = {
    "?status=404": {404},
    "?status=4xx": {404, 422},
    "?error=not_found": {404},
    "?method=POST": {202, 422},
    "?route=/v1/messages/{message_id}": {404},
    "?status=5xx": set[int](),
}


async def test_requests_are_found_by_what_they_were(call: Caller) -> None:
    await call("POST", "/v1/messages", call.text())
    await call("POST", "/v1/messages", call.text(text={}))
    await call("GET", "/v1/messages/msg_" + "0" * 32)
    for query, statuses in FILTERS.items():
        assert {each["status"] for each in await logs(call, query)} == statuses, query
    key = (await logs(call))[0]["key_id"]
    assert len(await logs(call, f"?key={key}&method=POST")) == 2
    assert await logs(call, f"?key=key_{'0' * 32}") == []


async def test_requests_are_found_by_when_they_came(call: Caller) -> None:
    await call("GET", "/v1/channels")
    moment = time.now()
    assert await logs(call, f"?until={quote((moment - timedelta(seconds=60)).isoformat())}") == []
    assert await logs(call, f"?since={quote((moment - timedelta(seconds=60)).isoformat())}")
    for wrong in ("?status=9xx", "?since=yesterday", "?key=x", "?made=x"):
        reply = await call("GET", f"/v1/api-logs{wrong}")
        assert reply.status in (404, 422), wrong


async def test_pages_hold_each_request_once(call: Caller) -> None:
    for _ in range(5):
        await call("GET", "/v1/channels")
    await call.app.recorder.flush()
    first = (await call("GET", "/v1/api-logs?limit=3&route=/v1/channels")).json
    rest = (await call("GET", f"/v1/api-logs?limit=3&route=/v1/channels&after={first['next_cursor']}")).json
    ids = [each["id"] for each in first["data"] + rest["data"]]
    assert len(set(ids)) == 5
    assert ids == sorted(ids, reverse=True)


async def test_nothing_that_was_written_is_kept(stack: Stack, call: Caller) -> None:
    """A marker in every place of a request shows neither in the table nor in what is told."""
    marked = {
        "authorization": f"Bearer {call.key}",
        "user-agent": f"{MARKER}/1.0",
        "idempotency-key": MARKER,
        "x-forwarded-for": MARKER,
        "cookie": MARKER,
        "referer": MARKER,
    }
    body = {**call.text(MARKER, metadata={MARKER: MARKER}), MARKER: 1}
    await call("POST", f"/v1/messages?{MARKER}={MARKER}", body, headers=marked)
    await call("POST", "/v1/messages", call.text(MARKER), headers=marked)
    await call("POST", "/v1/contacts", {"name": MARKER, "phone": MARKER}, headers=marked)
    await call("GET", f"/v1/contacts/{MARKER}?{MARKER}", headers=marked)
    await call.app.recorder.flush()
    rows = await stack.look("select l::text from api_log l where workspace_id = $1", call.shop.workspace)
    assert len(rows) == 4
    written = " ".join(row[0] for row in rows) + (await call("GET", "/v1/api-logs")).raw.decode()
    for secret in (MARKER, MARKER.encode().hex(), call.key, call.key[12:]):
        assert secret not in written


async def test_bodies_are_captured_when_asked_and_redacted(stack: Stack, call: Caller) -> None:
    before = await call("POST", "/v1/messages", call.text(MARKER))
    key = (await one(call, before.headers["request-id"]))["key_id"]
    assert (await call("PUT", f"/v1/api-logs/captures/{key}", {"hours": 24})).status == 200
    assert (await call("PUT", f"/v1/api-logs/captures/{key}", {"hours": 73})).status == 422
    await call.app.recorder.flush()
    body = call.text(MARKER, "+15550001111", metadata={MARKER: MARKER})
    sent = await call("POST", "/v1/messages", body)
    asked, answered = (await one(call, sent.headers["request-id"]))["captured"]
    assert (asked["type"], asked["channel_id"]) == ("text", call.channel)
    assert (answered["id"], answered["status"]) == (sent.json["id"], "queued")
    assert MARKER not in str((asked, answered))
    assert "15550001111" not in str((asked, answered))
    rows = await stack.look("select c::text from api_capture c where workspace_id = $1", call.shop.workspace)
    assert MARKER.encode().hex() not in str(rows)
    assert [each["key_id"] for each in (await call("GET", "/v1/api-logs/captures")).json["data"]] == [key]
    assert (await call("DELETE", f"/v1/api-logs/captures/{key}")).status == 204
    assert (await one(call, sent.headers["request-id"]))["captured"] is None
    assert (await call("DELETE", f"/v1/api-logs/captures/{key}")).status == 404


async def test_a_secret_shown_once_is_not_captured(call: Caller) -> None:
    key = (await one(call, (await call("GET", "/v1/channels")).headers["request-id"]))["key_id"]
    await call("PUT", f"/v1/api-logs/captures/{key}", {"hours": 1})
    await call.app.recorder.flush()
    given = {"name": "Ada", "secret": MARKER, "access_token": MARKER, "phone": "+15550001111"}
    refused = await call("POST", "/v1/contacts", given)
    assert MARKER not in str((await one(call, refused.headers["request-id"]))["captured"])


def asked(call: Caller, days: float) -> Entry:
    """A request of so many days ago."""
    return Entry(
        workspace=call.shop.workspace,
        id=first_id_at(time.now() - timedelta(days=days)),
        key=None,
        method="GET",
        route="/v1/messages",
        ids={},
        status=200,
        micros=1000,
        request_size=0,
        response_size=2,
        address="2001:db8:1:2::3",
        agent="none",
    )


async def test_an_address_is_cut_after_a_day_and_all_is_forgotten_in_time(stack: Stack, call: Caller) -> None:
    other = await caller(stack)
    await stack.look("insert into api_setting (workspace_id, log_days) values ($1, 3)", other.shop.workspace)
    async with stack.app.units.begin() as unit:
        for days in (31, 29, 4):
            await prepare_days(unit, time.now().date() - timedelta(days=days), 2)
    for each in (call, other):
        for age in (0.01, 1.1, 3.5, 29, 30.5):
            stack.app.recorder.note(asked(each, age))
    await stack.app.recorder.flush()
    assert len((await call("GET", "/v1/api-logs")).json["data"]) == 5
    await LogKeeper(stack.app.units).work()
    kept = (await call("GET", "/v1/api-logs")).json["data"]
    assert [each["address"] for each in kept] == ["2001:db8:1:2::3", *["2001:db8:1::/48"] * 3]
    assert len((await other("GET", "/v1/api-logs")).json["data"]) == 2


async def test_notes_beyond_the_bound_are_dropped(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.modules.partners.service.record.MOST_NOTES", 2)
    await call.app.recorder.flush()
    for _ in range(4):
        assert (await call("GET", "/v1/channels")).status == 200
    assert len(await logs(call, "?route=/v1/channels")) == 2


async def test_a_database_that_refuses_costs_notes_only(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.modules.partners.store.logs._ADD", "select from nowhere")
    assert (await call("GET", "/v1/channels")).status == 200
    await call.app.recorder.flush()
    monkeypatch.undo()
    assert await logs(call, "?route=/v1/channels") == []


async def test_moments_long_ago_and_nul_are_answered(call: Caller) -> None:
    assert (await call("GET", "/v1/api-logs?since=0001-01-01T00:00:00Z")).status == 200
    assert (await call("GET", "/v1/api-logs?route=%00")).code == "invalid_input"
