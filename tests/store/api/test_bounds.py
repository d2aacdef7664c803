"""A key restricted to channels sees and uses those only: by every operation that OpenAPI lists."""

from collections import defaultdict

import pytest

from parley.core.ids import public
from parley.modules.accounts import RESOURCES, KeyTerms
from tests.fakes.api import Caller, Json, caller
from tests.fakes.meta import text
from tests.fakes.stack import Shop, Stack
from tests.store.api.test_tenancy import BODIES, contents, filled, targets

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

OF_CHANNELS = ("message_id", "conversation_id", "channel_id")
EVERYTHING = tuple(f"{name}:*" for name in RESOURCES)


async def restricted(stack: Stack, scopes: tuple[str, ...]) -> tuple[Caller, Caller, dict[str, str]]:
    """A caller of a workspace with everything on one channel, and one who sees only its other channel."""
    call, ids = await filled(stack)
    other: Shop = await stack.number(call.shop.workspace)
    terms = KeyTerms(name="Restricted", scopes=scopes, channels=frozenset({other.channel}))
    bound = await caller(stack, other, terms=terms)
    assert (await bound("GET", "/v1/messages")).status == 200, "its first request notes the version of the API"
    return call, bound, {name: ids[name] for name in OF_CHANNELS}


@pytest.mark.parametrize("scopes", [("*",), EVERYTHING], ids=["star", "everything named"])
async def test_nothing_of_another_channel(stack: Stack, scopes: tuple[str, ...]) -> None:
    master, call, ids = await restricted(stack, scopes)
    before = await contents(stack, master)
    tried = 0
    for path, operations in call.described.document["paths"].items():
        for method, operation in operations.items():
            allowed = scopes is EVERYTHING or RESOURCES[operation["tags"][0]].of_channels
            named = targets(path, operation, defaultdict(str, ids))
            for target in [each for each in named if any(one in each for one in ids.values())]:
                reply = await call(method.upper(), target, BODIES.get(operation["operationId"]))
                assert reply.status == (404 if allowed else 403), (method, target)
                tried += 1
            if method == "get" and "{" not in path:
                listed = await call("GET", f"{path}{needed(operation)}")
                assert listed.status == (200 if allowed else 403), path
                assert not [each for each in ids.values() if each in listed.raw.decode()], path
    assert tried >= 5
    assert await contents(stack, master) == before


def needed(operation: Json) -> str:
    """What a list wants to be asked with."""
    asked = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query" and each["required"]]
    return f"?{'&'.join(f'{name}=x' for name in asked)}" if asked else ""


async def test_its_own_channel_works(stack: Stack) -> None:
    _, call, ids = await restricted(stack, ("*",))
    await stack.take(text(call.shop, "+15550001111", "hello", name="Ada"))
    (heard,) = (await call("GET", "/v1/messages")).json["data"]
    assert heard["channel_id"] == call.channel
    sent = await call("POST", "/v1/messages", call.text())
    assert sent.status == 202
    assert sent.json["conversation_id"] == heard["conversation_id"]
    alone = call.text()
    del alone["channel_id"]
    assert (await call("POST", "/v1/messages", alone)).status == 202, "the only channel that it sees needs no name"
    assert (await call("POST", "/v1/messages", {**call.text(), "channel_id": ids["channel_id"]})).status == 404
    kinds = [each["type"] for each in (await call("GET", "/v1/events?limit=100")).json["data"]]
    assert kinds.count("message.received") == 1
    assert kinds.count("channel.added") == 1
    assert (await call("GET", f"/v1/channels/{public('chn', call.shop.channel)}")).status == 200


async def test_every_table_of_channels_is_bound(stack: Stack) -> None:
    """A new table with a `channel_id` calls `bound_by_channel` in its migration."""
    rows = await stack.look("""
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'channel_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and not exists (select from pg_policies p where p.tablename = c.relname and p.policyname = 'channels')""")
    assert [row[0] for row in rows] == []
