"""`expand[]` puts what an answer names into it, as its own operation would show it."""

import pytest

from tests.fakes.api import caller
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


async def test_things_stand_in_the_answer_as_their_own_operations_show_them(stack: Stack) -> None:
    call = await caller(stack)
    sent = (await call("POST", "/v1/messages", call.text())).json
    target = f"/v1/messages/{sent['id']}?expand[]=contact&expand[]=conversation&expand%5B%5D=channel"
    shown = (await call("GET", target)).json
    for name in ("contact", "conversation", "channel"):
        assert shown[name] == (await call("GET", f"/v1/{name}s/{sent[f'{name}_id']}")).json


async def test_a_page_reads_each_thing_once(stack: Stack) -> None:
    call = await caller(stack)
    for words in ("one", "two"):
        await call("POST", "/v1/messages", call.text(words))
    page = (await call("GET", "/v1/messages?limit=2&expand[]=contact")).json
    assert len(page["data"]) == 2
    assert {each["contact"]["id"] for each in page["data"]} == {page["data"][0]["contact_id"]}


async def test_what_cannot_be_expanded_is_told(stack: Stack) -> None:
    call = await caller(stack)
    refused = await call("GET", "/v1/messages?expand[]=weather")
    assert (refused.status, refused.faults) == (422, [("/expand[]", "not_allowed")])


async def test_expanding_needs_the_scope_of_what_is_read(stack: Stack) -> None:
    own = await stack.shop()
    all_scopes = await caller(stack, own)
    sent = (await all_scopes("POST", "/v1/messages", all_scopes.text())).json
    few = await caller(stack, own, ("messages:read",))
    assert (await few("GET", f"/v1/messages/{sent['id']}")).status == 200
    refused = await few("GET", f"/v1/messages/{sent['id']}?expand[]=contact")
    assert (refused.status, refused.code) == (403, "scope_missing")
