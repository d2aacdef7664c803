"""Contacts by the API: who is found by what, and what a merge takes along."""

import csv
import io
import json
from typing import Any

import pytest
import pytest_asyncio

from tests.fakes.api import Caller, caller
from tests.fakes.meta import text
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

ADA, GRACE, MARIE = "+15550001111", "+15550002222", "+15550003333"

PEOPLE = [
    {"phone": ADA, "name": "Ada Lovelace", "language": "en", "tags": ["VIP"], "fields": {"plan": "gold", "seats": 5}},
    {"phone": GRACE, "name": "Grace Hopper", "language": "en", "fields": {"plan": "silver"}},
    {"phone": MARIE, "name": "Marie Curie-Skłodowska", "language": "fr", "tags": ["VIP", "press"]},
]


@pytest_asyncio.fixture(loop_scope="session")
async def call(stack: Stack) -> Caller:
    """A workspace with three people and two searchable fields."""
    call = await caller(stack)
    for key, kind in (("plan", "text"), ("seats", "number")):
        await call("POST", "/v1/contact-fields", {"key": key, "type": kind, "searchable": True})
    for person in PEOPLE:
        assert (await call("POST", "/v1/contacts", person)).status == 201
    marie = (await call("POST", "/v1/contacts/search", {"phone": MARIE})).json["data"][0]["id"]
    await call("POST", f"/v1/contacts/{marie}/consents", {"state": "withdrawn"})
    return call


async def found(call: Caller, question: Any) -> list[str]:
    reply = await call("POST", "/v1/contacts/search", question)
    assert reply.status == 200, reply.json
    return [each["name"].split()[0] for each in reply.json["data"]]


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ({}, ["Marie", "Grace", "Ada"]),
        ({"filter": {"tag": "vip"}}, ["Marie", "Ada"]),
        ({"filter": {"tag": "nobody's"}}, []),
        ({"filter": {"not": {"tag": "vip"}}}, ["Grace"]),
        ({"filter": {"field": "plan", "is": "GOLD"}}, ["Ada"]),
        ({"filter": {"field": "plan", "in": ["gold", "silver"]}}, ["Grace", "Ada"]),
        ({"filter": {"field": "seats", "is": 5.0}}, ["Ada"]),
        ({"filter": {"field": "plan", "exists": False}}, ["Marie"]),
        ({"filter": {"language": "EN"}}, ["Grace", "Ada"]),
        ({"filter": {"marketing": "withdrawn"}}, ["Marie"]),
        ({"filter": {"marketing": "unknown"}}, ["Grace", "Ada"]),
        ({"filter": {"all": [{"tag": "VIP"}, {"not": {"marketing": "withdrawn"}}]}}, ["Ada"]),
        ({"filter": {"any": [{"field": "plan", "is": "gold"}, {"language": "fr"}]}}, ["Marie", "Ada"]),
        ({"filter": {"any": []}}, []),
        ({"filter": {"created": {"from": "2020-01-01T00:00:00Z"}}}, ["Marie", "Grace", "Ada"]),
        ({"filter": {"created": {"to": "2020-01-01T00:00:00Z"}}}, []),
        ({"name": "love"}, ["Ada"]),
        ({"name": "sklod"}, []),
        ({"name": "SKŁODOWSKA marie"}, ["Marie"]),
        ({"name": "grace", "filter": {"tag": "VIP"}}, []),
        ({"phone": "+1 555 000 2222"}, ["Grace"]),
        ({"phone": "+15550009876"}, []),
    ],
    ids=str,
)
async def test_who_is_found(call: Caller, question: Any, who: list[str]) -> None:
    assert await found(call, question) == who


async def test_a_list_by_tag_goes_on_by_its_cursor(call: Caller) -> None:
    tag = next(each["id"] for each in (await call("GET", "/v1/tags")).json["data"] if each["name"] == "VIP")
    first = (await call("GET", f"/v1/contacts?tag_id={tag}&limit=1")).json
    second = (await call("GET", f"/v1/contacts?tag_id={tag}&limit=1&after={first['next_cursor']}")).json
    assert [each["phone"] for each in (*first["data"], *second["data"])] == [MARIE, ADA]
    assert second["next_cursor"] is None
    assert [each["phone"] for each in (await call("GET", "/v1/contacts?marketing=withdrawn")).json["data"]] == [MARIE]


async def test_a_page_by_name_goes_on_by_its_cursor(call: Caller) -> None:
    for number in range(5):
        await call("POST", "/v1/contacts", {"phone": f"+155511100{number:02}", "name": f"Adam {number}"})
    names: list[str] = []
    after = None
    while True:
        asked = {"name": "ada", "limit": 2, **({"after": after} if after else {})}
        page = (await call("POST", "/v1/contacts/search", asked)).json
        names += [each["name"] for each in page["data"]]
        after = page["next_cursor"]
        if after is None:
            break
    assert names == [*[f"Adam {number}" for number in (4, 3, 2, 1, 0)], "Ada Lovelace"]


async def test_a_renamed_tag_stays_and_a_deleted_one_goes(call: Caller) -> None:
    tag = next(each["id"] for each in (await call("GET", "/v1/tags")).json["data"] if each["name"] == "VIP")
    assert (await call("PATCH", f"/v1/tags/{tag}", {"name": "press"})).code == "name_taken"
    assert (await call("PATCH", f"/v1/tags/{tag}", {"name": "Gold"})).json["name"] == "Gold"
    assert await found(call, {"filter": {"tag": "gold"}}) == ["Marie", "Ada"]
    assert (await call("DELETE", f"/v1/tags/{tag}")).status == 204
    assert await found(call, {"filter": {"tag": "gold"}}) == []
    (ada,) = (await call("POST", "/v1/contacts/search", {"phone": ADA})).json["data"]
    assert ada["tags"] == []


async def test_a_merge_takes_conversations_along(stack: Stack) -> None:
    call = await caller(stack)
    await stack.take(text(call.shop, ADA, "by number", name="Ada"), text(call.shop, None, "by id", user_id="US.ada"))
    one, other = [each["id"] for each in (await call("GET", "/v1/contacts")).json["data"]]
    assert (await call("POST", f"/v1/contacts/{one}/merge", {"other": other})).status == 200
    assert len((await call("GET", "/v1/contacts")).json["data"]) == 1
    (conversation,) = (await call("GET", f"/v1/conversations?contact_id={one}")).json["data"]
    said = (await call("GET", f"/v1/messages?conversation_id={conversation['id']}")).json["data"]
    assert {each["text"]["body"] for each in said} == {"by number", "by id"}
    assert {each["contact_id"] for each in said} == {one}
    await stack.take(text(call.shop, ADA, "again"), text(call.shop, None, "again", user_id="US.ada"))
    assert len((await call("GET", "/v1/contacts")).json["data"]) == 1
    assert len((await call("GET", f"/v1/messages?conversation_id={conversation['id']}")).json["data"]) == 4


async def test_consents_come_in_pages(stack: Stack) -> None:
    call = await caller(stack)
    who = (await call("POST", "/v1/contacts", {"phone": ADA})).json["id"]
    for state in ("granted", "withdrawn", "granted"):
        await call("POST", f"/v1/contacts/{who}/consents", {"state": state})
    first = (await call("GET", f"/v1/contacts/{who}/consents?limit=2")).json
    rest = (await call("GET", f"/v1/contacts/{who}/consents?limit=2&after={first['next_cursor']}")).json
    assert [each["state"] for each in (*first["data"], *rest["data"])] == ["granted", "withdrawn", "granted"]
    shown = (await call("GET", f"/v1/contacts/{who}")).json
    assert shown["opted_out_at"] is None
    assert shown["opted_in_at"] is not None


async def test_many_at_once(stack: Stack) -> None:
    call = await caller(stack)
    await call("POST", "/v1/contact-fields", {"key": "seats", "type": "number"})
    await call("POST", "/v1/contacts", {"phone": ADA})
    rows = [
        {"phone": ADA, "name": "Ada", "tags": ["VIP"]},
        {"phone": GRACE, "fields": {"seats": "5"}},
        {"phone": MARIE, "fields": {"seats": "many"}},
        {"phone": "?", "nme": "x"},
        "nobody",
        {"phone": GRACE, "name": "Grace"},
    ]
    done = (await call("POST", "/v1/contacts/bulk", {"contacts": rows})).json
    assert [each["status"] for each in done["data"]] == ["updated", "created", "failed", "failed", "failed", "updated"]
    assert (done["created"], done["updated"], done["failed"]) == (1, 2, 3)
    told = [[(fault["pointer"], fault["code"]) for fault in each.get("errors", ())] for each in done["data"]]
    assert told[2:5] == [
        [("/fields/seats", "wrong_value")],
        [("/phone", "bad_number"), ("/nme", "unknown_member")],
        [("", "wrong_type")],
    ]
    known = (await call("GET", "/v1/contacts")).json["data"]
    assert [(each["phone"], each["name"], each["fields"]) for each in known] == [
        (GRACE, "Grace", {"seats": 5}),
        (ADA, "Ada", {}),
    ]


async def test_all_are_read_out(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.modules.contacts.service.export.PAGE", 2)
    call = await caller(stack)
    await call("POST", "/v1/contact-fields", {"key": "plan", "type": "text"})
    for number, name in enumerate(("=cmd()", 'Ada, "Countess"', "Grace\nHopper", "@x", "Marie")):
        person = {"phone": f"+1555000111{number}", "name": name, "fields": {"plan": "-5", "zip": "+1"}, "tags": ["VIP"]}
        assert (await call("POST", "/v1/contacts", person)).status == 201
    answer = await call("GET", "/v1/contacts/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.raw.decode("utf-8-sig"))))
    assert [each["name"] for each in rows] == ["Marie", "'@x", "Grace\nHopper", 'Ada, "Countess"', "'=cmd()"]
    assert {(each["field.plan"], each["other_fields"], each["tags"]) for each in rows} == {
        ("-5", '{"zip":"+1"}', "VIP")
    }
    assert rows[0]["phone"] == "+15550001114"
    lines = [json.loads(each) for each in (await call("GET", "/v1/contacts/export?format=ndjson")).raw.splitlines()]
    assert [each["name"] for each in lines][-1] == "=cmd()"
    assert lines[0]["fields"] == {"plan": "-5", "zip": "+1"}
    assert (await call("GET", "/v1/contacts/export?tag_id=tag_00000000000000000000000000000000")).status == 404


async def test_a_segment_is_asked_anew_each_time(call: Caller) -> None:
    kept = (await call("POST", "/v1/segments", {"name": "Loyal", "filter": {"tag": "VIP"}})).json
    target = f"/v1/segments/{kept['id']}"
    assert (await call("GET", f"{target}/count")).json == {"count": 2}
    assert [each["phone"] for each in (await call("GET", f"{target}/contacts")).json["data"]] == [MARIE, ADA]
    grace = (await call("POST", "/v1/contacts/search", {"phone": GRACE})).json["data"][0]["id"]
    await call("POST", f"/v1/contacts/{grace}/tags", {"tags": ["vip"]})
    assert (await call("GET", f"{target}/count")).json == {"count": 3}
    allowed = {"all": [{"tag": "VIP"}, {"not": {"marketing": "withdrawn"}}]}
    assert (await call("PATCH", target, {"filter": allowed})).json["name"] == "Loyal"
    assert [each["phone"] for each in (await call("GET", f"{target}/contacts")).json["data"]] == [GRACE, ADA]
    wrong = await call("PATCH", target, {"filter": {"field": "nowhere", "is": 1}})
    assert wrong.faults == [("/filter/is", "not_searchable")]
    assert (await call("GET", target)).json["filter"] == allowed
    assert [each["id"] for each in (await call("GET", "/v1/segments")).json["data"]] == [kept["id"]]
    assert (await call("DELETE", target)).status == 204
    assert (await call("GET", target)).status == 404


async def test_a_timeline_tells_all_that_happened_with_a_person(stack: Stack) -> None:
    call = await caller(stack)
    await stack.take(text(call.shop, ADA, "by number", name="Ada"), text(call.shop, None, "by id", user_id="US.ada"))
    other, one = [each["id"] for each in (await call("GET", "/v1/contacts")).json["data"]]
    await call("POST", f"/v1/contacts/{one}/consents", {"state": "withdrawn"})
    await call("POST", f"/v1/contacts/{one}/merge", {"other": other})
    await call("POST", "/v1/messages", call.text("Hello Ada", ADA))
    await stack.settle_down()
    told = (await call("GET", f"/v1/contacts/{other}/timeline?limit=100")).json["data"]
    kinds = [each["type"] for each in told]
    assert kinds[:3] == ["message.queued", "contact.merged", "contact.opted_out"]
    assert sorted(kinds[3:]) == sorted(["contact.created", "conversation.opened", "message.received"] * 2)
    assert told[0]["data"]["message"]["status"] == "sent"
    assert {each["data"]["message"]["text"]["body"] for each in told if "message" in each["data"]} == {
        "by number",
        "by id",
        "Hello Ada",
    }
    first = (await call("GET", f"/v1/contacts/{one}/timeline?limit=4")).json
    rest = (await call("GET", f"/v1/contacts/{one}/timeline?limit=100&after={first['next_cursor']}")).json
    assert [each["id"] for each in (*first["data"], *rest["data"])] == [each["id"] for each in told]
