"""Lists: every thing once, in order, page by page, whatever arrives meanwhile."""

import pytest

from tests.fakes.api import Caller, caller
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

LISTS = ["/v1/messages", "/v1/conversations", "/v1/contacts", "/v1/events"]


async def pages(call: Caller, target: str, limit: int) -> list[list[str]]:
    """The ids of every page."""
    found, after = [], ""
    while True:
        page = (await call("GET", f"{target}?limit={limit}{after}")).json
        found.append([each["id"] for each in page["data"]])
        if page["next_cursor"] is None:
            return found
        after = f"&after={page['next_cursor']}"


@pytest.mark.parametrize("target", LISTS)
async def test_a_list_is_read_whole(stack: Stack, target: str) -> None:
    call = await caller(stack)
    for number in range(5):
        await call("POST", "/v1/messages", call.text(to=f"+1555000111{number}"))
    whole = (await pages(call, target, 100))[0]
    assert len(whole) >= 5
    assert sorted(whole, reverse=True) == whole
    for limit in (1, 2, 5):
        read = await pages(call, target, limit)
        assert [each for page in read for each in page] == whole
        assert all(len(page) == limit for page in read[:-1])
        assert read[-1]


async def test_what_arrives_meanwhile_moves_nothing(stack: Stack) -> None:
    call = await caller(stack)
    for number in range(4):
        await call("POST", "/v1/contacts", {"phone": f"+1555000111{number}"})
    first = (await call("GET", "/v1/contacts?limit=2")).json
    await call("POST", "/v1/contacts", {"phone": "+15550002222"})
    second = (await call("GET", f"/v1/contacts?limit=2&after={first['next_cursor']}")).json
    assert [each["phone"] for each in [*first["data"], *second["data"]]] == [f"+1555000111{n}" for n in (3, 2, 1, 0)]
