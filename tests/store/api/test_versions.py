"""A client is answered as on the date it was written for; what will end says so."""

from datetime import date

import pytest
import pytest_asyncio
from fastapi import FastAPI

from parley.core.json import JsonObject
from parley.entrypoints.http.versions import Change, Versions
from parley.kit.rest.ending import Ending
from parley.kit.rest.route import EdgeRoute
from tests.fakes.api import Caller, caller
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

FIRST, SECOND, THIRD = "2026-11-23", "2027-01-15", "2027-03-01"
MESSAGES = frozenset({("POST", "/v1/messages"), ("GET", "/v1/messages"), ("GET", "/v1/messages/{message_id}")})


def renamed(body: JsonObject, old: str, new: str) -> JsonObject:
    return {new if name == old else name: value for name, value in body.items()}


CHANGES = (
    Change(
        since=date.fromisoformat(THIRD),
        summary="`kind` is called `type`.",
        operations=MESSAGES,
        request=lambda body: renamed(body, "kind", "type"),
        answer=lambda body: renamed(body, "type", "kind"),
    ),
    Change(
        since=date.fromisoformat(SECOND),
        summary="`sort` is called `kind`.",
        operations=MESSAGES,
        request=lambda body: renamed(body, "sort", "kind"),
        answer=lambda body: renamed(body, "kind", "sort"),
    ),
)
"""Two changes to the same place: what is now `type` was `kind` before, and `sort` before that."""
SPELLED = {FIRST: "sort", SECOND: "kind", THIRD: "type"}


@pytest_asyncio.fixture(loop_scope="session")
async def call(stack: Stack) -> Caller:
    return await caller(stack)


@pytest.fixture
def changed(call: Caller, monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setattr(call.api.state.edge, "versions", Versions(CHANGES))
    monkeypatch.setattr(type(call.described), "check", lambda *_: None)
    return call


@pytest.mark.parametrize("version", SPELLED)
async def test_each_version_has_its_words(changed: Caller, version: str) -> None:
    said, words = {"parley-version": version}, SPELLED[version]
    body = renamed(changed.text(), "type", words)
    once = {**said, "idempotency-key": "one"}
    await changed("POST", "/v1/messages", body, headers=once)
    sent = await changed("POST", "/v1/messages", body, headers=once)
    assert (sent.status, sent.json.get(words)) == (202, "text"), sent.raw
    assert sent.headers["idempotent-replayed"] == "true"
    one = await changed("GET", f"/v1/messages/{sent.json['id']}", headers=said)
    page = await changed("GET", "/v1/messages", headers=said)
    assert one.json[words] == page.json["data"][0][words] == "text"
    assert {one.headers["parley-version"], page.headers["parley-version"]} == {version}
    for other in set(SPELLED.values()) - {words}:
        assert other not in one.json


async def test_errors_are_the_same_in_all(changed: Caller) -> None:
    refused = await changed("POST", "/v1/messages", {"to": "x"}, headers={"parley-version": FIRST})
    assert (refused.status, refused.code) == (422, "invalid_input")


async def test_a_key_stays_with_the_version_of_its_first_request(changed: Caller, stack: Stack) -> None:
    first = await changed("GET", "/v1/messages", headers={"parley-version": SECOND})
    assert first.headers["parley-version"] == SECOND
    changed.api.state.edge._sign_in.forget()
    assert (await changed("GET", "/v1/messages")).headers["parley-version"] == SECOND
    assert (await changed("GET", "/v1/messages", headers={"parley-version": THIRD})).headers["parley-version"] == THIRD
    other = await caller(stack, changed.shop)
    assert (await other("GET", "/v1/messages")).headers["parley-version"] == FIRST, "the newest that it knows"


@pytest.mark.parametrize("named", ["2026-11-24", "2099-01-01", "newest", ""])
async def test_an_unknown_version_is_refused_with_the_list(call: Caller, named: str) -> None:
    refused = await call("GET", "/v1/messages", headers={"parley-version": named})
    assert (refused.status, refused.code) == (400, "unknown_version")
    assert FIRST in refused.json["detail"]


async def test_what_will_end_says_so(call: Caller) -> None:
    ending = Ending(since=date(2027, 1, 1), until=date(2027, 7, 1), page="https://example.org/docs/ending")
    with_ending(call.api, "/v1/channels", ending)
    told = (await call("GET", "/v1/channels")).headers
    assert told["deprecation"] == "@1798761600"
    assert told["sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert told["link"].startswith('<https://example.org/docs/ending>; rel="deprecation"')
    assert ending.mark["deprecated"] is True


def with_ending(api: FastAPI, path: str, ending: Ending) -> None:
    """A route of one's own in place of that one, for routes are everyone's."""
    for at, route in enumerate(api.router.routes):
        if isinstance(route, EdgeRoute) and route.path == path and "GET" in (route.methods or ()):
            api.router.routes[at] = EdgeRoute(
                path, route.endpoint, methods=["GET"], tags=route.tags, openapi_extra=ending.mark
            )
