"""A flow's life by the API: drafts, versions, publishing, rolling back and out, comparing, the end."""

from typing import Any, cast

import pytest

from parley.modules.flows.yaml import read_yaml
from tests.fakes.api import Caller, Json, caller
from tests.fakes.meta import text
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


def shop(words: str = "Hello!", **more: Json) -> Json:
    """A flow of one message."""
    nodes = {"greet": {"type": "message", "text": words}, **more.pop("nodes", {})}
    whole = {"schema": 2, "id": "shop", "name": "Shop", "conduct": {"quiet": "0s"}, "start": "greet", "nodes": nodes}
    return {**whole, **more}


async def imported(call: Caller, document: Json, *, publish: bool = True) -> str:
    reply = await call("POST", f"/v1/flows?publish={str(publish).lower()}", document)
    assert reply.status == 201, reply.json
    return cast("str", reply.json["id"])


async def test_a_draft_is_published(stack: Stack) -> None:
    call = await caller(stack)
    flow = await imported(call, shop())
    saved = await call("PUT", f"/v1/flows/{flow}/draft", {"document": shop("Good day!", name="Shop 2")})
    assert (saved.status, saved.json["revision"], saved.headers["etag"]) == (200, 1, '"1"')
    assert saved.json["based_on"] == 1
    changed = await call(
        "PATCH",
        f"/v1/flows/{flow}/draft",
        {"document": {"nodes": {"greet": {"text": "Good evening!"}}}},
        headers={"if-match": '"1"'},
    )
    assert changed.json["document"]["nodes"]["greet"] == {"type": "message", "text": "Good evening!"}
    done = await call("POST", f"/v1/flows/{flow}/publish", {"revision": 2})
    assert (done.status, done.json["version"]) == (200, 2)
    shown = (await call("GET", f"/v1/flows/{flow}")).json
    assert (shown["name"], shown["live_version"]) == ("Shop 2", 2)
    assert (await call("GET", f"/v1/flows/{flow}/draft")).status == 404
    assert (await call("POST", f"/v1/flows/{flow}/publish", {})).code == "no_draft"


async def test_two_who_draft_at_once(stack: Stack) -> None:
    call = await caller(stack)
    flow = await imported(call, shop())
    await call("PUT", f"/v1/flows/{flow}/draft", {"document": shop("One")})
    assert (await call("PUT", f"/v1/flows/{flow}/draft", {"document": shop("Two"), "revision": 1})).status == 200
    late = await call("PUT", f"/v1/flows/{flow}/draft", {"document": shop("Three"), "revision": 1})
    assert (late.status, late.code) == (409, "draft_changed")
    assert "revision 2" in late.json["detail"]
    assert "revision 1" in late.json["detail"]
    assert (await call("PUT", f"/v1/flows/{flow}/draft", {"document": shop("Four")})).code == "draft_changed"
    assert (await call("POST", f"/v1/flows/{flow}/publish", {"revision": 1})).code == "draft_changed"
    assert (await call("PATCH", f"/v1/flows/{flow}/draft", {"document": {}})).faults == [("/revision", "missing")]


async def test_a_draft_may_have_faults_and_is_not_published_with_them(stack: Stack) -> None:
    call = await caller(stack)
    flow = await imported(call, shop())
    broken = shop(nodes={"on": {"type": "jump", "flow": "nowhere"}, "odd": {"type": "magic"}})
    saved = await call("PUT", f"/v1/flows/{flow}/draft", {"document": broken})
    assert [(each["severity"], each["node"], each["pointer"]) for each in saved.json["issues"]] == [
        ("error", "odd", "/nodes/odd/type")
    ]
    refused = await call("POST", f"/v1/flows/{flow}/publish", {})
    assert refused.faults == [("/nodes/odd/type", "unknown_type")]
    other = await call("PUT", f"/v1/flows/{flow}/draft", {"document": {**shop(), "id": "other"}, "revision": 1})
    assert other.status == 200
    assert (await call("POST", f"/v1/flows/{flow}/publish", {})).faults == [("/id", "another_flow")]
    assert (await call("DELETE", f"/v1/flows/{flow}/draft")).status == 204
    assert (await call("GET", f"/v1/flows/{flow}/draft")).status == 404


async def test_what_a_flow_names_has_to_be_there_when_it_answers(stack: Stack) -> None:
    call = await caller(stack)
    jumps = shop(nodes={"greet": {"type": "jump", "flow": "later"}})
    found = (await call("POST", "/v1/flows/validate", jumps)).json
    assert (found["valid"], found["issues"][0]["code"]) == (False, "missing_dependency")
    flow = await imported(call, jumps, publish=False)
    refused = await call("POST", f"/v1/flows/{flow}/publish", {"version": 1})
    assert refused.faults == [("/nodes/greet/flow", "missing_dependency")]
    await imported(call, {**shop(), "id": "later"})
    assert (await call("POST", f"/v1/flows/{flow}/publish", {"version": 1})).status == 200


async def test_rolling_back(stack: Stack) -> None:
    call = await caller(stack)
    flow = await imported(call, shop("One"))
    assert (await call("POST", f"/v1/flows/{flow}/rollback", {})).code == "nothing_before"
    for words in ("Two", "Three"):
        await imported(call, shop(words))
    assert (await call("POST", f"/v1/flows/{flow}/rollback", {})).json["version"] == 2
    assert (await call("POST", f"/v1/flows/{flow}/rollback", {"version": 1})).json["version"] == 1
    assert (await call("POST", f"/v1/flows/{flow}/rollback", {"version": 9})).status == 404
    published = (await call("GET", f"/v1/flows/{flow}/publications")).json["data"]
    assert [each["version"] for each in published] == [1, 2, 3, 2, 1]
    first = await call("GET", f"/v1/flows/{flow}/versions?limit=2")
    rest = await call("GET", f"/v1/flows/{flow}/versions?after={first.json['next_cursor']}")
    assert [each["version"] for each in first.json["data"] + rest.json["data"]] == [3, 2, 1]
    assert (await call("GET", f"/v1/flows/{flow}/versions/2")).json["document"] == shop("Two")


async def test_a_version_is_rolled_out(stack: Stack) -> None:
    call = await caller(stack)
    flow = await imported(call, shop("Old", triggers={"default": True}))
    await imported(call, shop("New", triggers={"default": True}), publish=False)
    tried = await call("PUT", f"/v1/flows/{flow}/rollout", {"version": 2, "percent": 50})
    assert tried.json["rollout"] == {"version": 2, "percent": 50}
    assert (await call("PUT", f"/v1/flows/{flow}/rollout", {"version": 1, "percent": 5})).code == "already_live"
    stack.app.wake("flows")
    numbers = [f"+1555000{number:04d}" for number in range(20)]
    heard = [await said(stack, call, number) for number in numbers]
    assert {"Old", "New"} == set(heard)
    assert [await said(stack, call, number) for number in numbers] == heard
    assert (await call("DELETE", f"/v1/flows/{flow}/rollout")).status == 204
    stack.app.wake("flows")
    assert [await said(stack, call, number) for number in numbers[:5]] == ["Old"] * 5
    done = await call("PUT", f"/v1/flows/{flow}/rollout", {"version": 2, "percent": 100})
    assert (done.json["live_version"], done.json["rollout"]) == (2, None)


async def said(stack: Stack, call: Caller, number: str) -> str:
    """What the bot answers to this number."""
    await stack.take(text(call.shop, number, "hi"))
    await stack.settle_down()
    return str(stack.provider.sent[-1].content.text)


async def test_versions_are_compared(stack: Stack) -> None:
    call = await caller(stack)
    flow = await imported(call, shop("One", nodes={"gone": {"type": "end"}}))
    await imported(call, shop("Two", nodes={"new": {"type": "end"}}, language="es"))
    found = (await call("GET", f"/v1/flows/{flow}/diff?before=1&after=2")).json
    change = {"pointer": "/nodes/greet/text", "before": "One", "after": "Two", "words": True, "language": None}
    assert found["nodes"] == [
        {"node": "greet", "verdict": "changed", "changes": [change]},
        {"node": "gone", "verdict": "removed", "changes": []},
        {"node": "new", "verdict": "added", "changes": []},
    ]
    assert [each["pointer"] for each in found["settings"]] == ["/language"]
    assert (await call("GET", f"/v1/flows/{flow}/diff")).json["same"]


async def test_an_export_is_the_same_flow(stack: Stack) -> None:
    call = await caller(stack)
    document = shop('no: "yes"\n07:30 ~\n', triggers={"keywords": ["on", "007", "1.0"]})
    flow = await imported(call, document)
    exported = await call("GET", f"/v1/flows/{flow}/export")
    assert exported.headers["content-type"].startswith("application/yaml")
    assert cast("dict[str, Any]", read_yaml(exported.raw.decode())) == document
    offered = (await call("POST", "/v1/flows/complete", document)).json
    assert "contact.name" in {each["path"] for each in offered["variables"]}


async def test_the_end_of_a_flow(stack: Stack) -> None:
    call = await caller(stack)
    waits = shop(triggers={"default": True}, nodes={"greet": {"type": "ask", "text": "Who?", "save": "who"}})
    flow = await imported(call, waits)
    stack.app.wake("flows")
    assert await said(stack, call, "+15550001111") == "Who?"
    assert (await call("DELETE", f"/v1/flows/{flow}")).code == "flow_in_use"
    assert (await call("POST", f"/v1/flows/{flow}/archive", {})).json["archived_at"] is not None
    assert (await call("GET", "/v1/flows")).json["data"] == []
    assert len((await call("GET", "/v1/flows?archived=true")).json["data"]) == 1
    assert (await call("POST", f"/v1/flows/{flow}/publish", {"version": 1})).code == "flow_archived"
    assert (await call("POST", "/v1/flows?publish=true", waits)).code == "flow_archived"
    standing = await call("DELETE", f"/v1/flows/{flow}")
    assert "1 conversations still stand" in standing.json["detail"]
    assert (await call("POST", f"/v1/flows/{flow}/restore", {})).json["archived_at"] is None
    await call("POST", f"/v1/flows/{flow}/archive", {})
    await stack.take(text(call.shop, "+15550001111", "Ada"))
    await stack.settle_down()
    assert (await call("DELETE", f"/v1/flows/{flow}")).status == 204
    assert (await call("GET", f"/v1/flows/{flow}")).status == 404


async def test_what_became_of_those_who_came(stack: Stack) -> None:
    call = await caller(stack)
    asks = {"greet": {"type": "ask", "text": "Who?", "save": "who", "next": "end"}, "end": {"type": "end"}}
    flow = await imported(call, shop(triggers={"default": True}, nodes=asks))
    stack.app.wake("flows")
    for number in ("+15550001111", "+15550001112"):
        await said(stack, call, number)
    await stack.take(text(call.shop, "+15550001111", "Ada"))
    await stack.settle_down()
    found = (await call("GET", f"/v1/flows/{flow}/analytics")).json
    assert (found["version"], found["started"], found["outcomes"]) == (1, 2, {"completed": 1})
    greet = found["nodes"][0]
    assert (greet["node"], greet["entered"], greet["still"], greet["drop_off"]) == ("greet", 2, 1, 0.0)
    assert {"exit": "answered", "count": 1, "target": "end"} in greet["exits"]
    assert (await call("GET", f"/v1/flows/{flow}/analytics?from=2020-01-01&to=2020-01-02")).json["started"] == 0
    wrong = await call("GET", f"/v1/flows/{flow}/analytics?from=2026-01-02&to=2026-01-01")
    assert wrong.faults == [("/to", "out_of_range")]
    assert (await call("GET", f"/v1/flows/{flow}/analytics?version=7")).status == 404
