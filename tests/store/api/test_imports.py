"""Imports: a file is looked at, started, taken in by a worker that may die, and its bad rows read out."""

import csv
import io
from datetime import timedelta

import pytest

from parley.modules.contacts import ImportWorker
from parley.modules.contacts.service import take_in
from parley.modules.contacts.service.upsert import upsert_contacts
from tests.fakes.api import FORM, Caller, Json, caller, form
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

SHEET = (
    "Mobile;Full name;City;Seats;Groups\r\n"
    "+1 555 000 1111;Ada Lovelace;London;5;VIP\r\n"
    "12;Nobody;Paris;1;\r\n"
    "+15550002222;'=Grace;;many;\r\n"
    "\r\n"
    '+15550003333;"Marie\nCurie";Paris;;VIP|press\r\n'
    "+15550001111;;Oxford;6;\r\n"
)
MAPPING = {"Mobile": "phone", "Full name": "name", "City": "field.city", "Seats": "field.seats", "Groups": "tags"}


async def sent(call: Caller, content: bytes) -> Json:
    reply = await call("POST", "/v1/contact-imports", raw=form(content, "people.csv", "text/csv"), headers=FORM)
    assert reply.status == 201, reply.json
    return reply.json


def worker(stack: Stack) -> ImportWorker:
    return ImportWorker(stack.app.imports, stack.app.directory)


async def worked(stack: Stack) -> None:
    while await worker(stack).work():
        pass


async def test_a_file_is_taken_in(stack: Stack) -> None:
    call = await caller(stack)
    await call("POST", "/v1/contact-fields", {"key": "seats", "type": "number", "label": "Seats"})
    looked = await sent(call, SHEET.encode("utf-16"))
    assert (looked["state"], looked["encoding"], looked["separator"]) == ("uploaded", "utf-16", ";")
    assert looked["columns"] == ["Mobile", "Full name", "City", "Seats", "Groups"]
    assert looked["preview"][0] == ["+1 555 000 1111", "Ada Lovelace", "London", "5", "VIP"]
    assert looked["suggested_mapping"] == {
        "Mobile": "phone",
        "Full name": "name",
        "Seats": "field.seats",
        "Groups": "tags",
    }
    target = f"/v1/contact-imports/{looked['id']}"
    started = await call("POST", f"{target}/start", {"mapping": MAPPING, "tags": ["2026"]})
    assert (started.status, started.json["state"]) == (200, "running")
    assert (await call("POST", f"{target}/start", {"mapping": MAPPING})).code == "already_started"
    await worked(stack)
    done = (await call("GET", target)).json
    assert (done["state"], done["rows_done"], done["created"], done["updated"], done["failed"]) == ("done", 5, 2, 1, 2)
    marie, ada = (await call("GET", "/v1/contacts")).json["data"]
    assert (marie["name"], [each["name"] for each in marie["tags"]]) == ("Marie\nCurie", ["2026", "VIP", "press"])
    assert (ada["name"], ada["fields"]) == ("Ada Lovelace", {"city": "Oxford", "seats": 6})
    answer = await call("GET", f"{target}/errors")
    rows = list(csv.reader(io.StringIO(answer.raw.decode())))
    assert rows[0] == ["row", "problem", "Mobile", "Full name", "City", "Seats", "Groups"]
    assert [(each[0], each[2], each[3]) for each in rows[1:]] == [
        ("2", "12", "Nobody"),
        ("3", "+15550002222", "'=Grace"),
    ]
    assert rows[2][1] == "fields/seats: Give a number like 42 or 3.5."


async def test_a_worker_that_dies_is_followed_by_another(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever batch it dies in, before or after the commit: each row is counted once, each person is there once."""
    monkeypatch.setattr(take_in, "BATCH", 7)
    monkeypatch.setattr(take_in, "SLICE", 30)
    call = await caller(stack)
    lines = ["phone", *[f"+1555200{number:04}" for number in range(100)]]
    looked = await sent(call, "\n".join(lines).encode())
    await call("POST", f"/v1/contact-imports/{looked['id']}/start", {"mapping": {"phone": "phone"}})
    whole = upsert_contacts
    calls = 0

    async def dying(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        outcome = await whole(*arguments)  # type: ignore[arg-type]
        if calls in (2, 3, 9):
            raise SystemError("killed")
        return outcome

    monkeypatch.setattr(take_in, "upsert_contacts", dying)
    deaths = 0
    for _ in range(100):
        try:
            if not await worker(stack).work():
                break
        except SystemError:
            deaths += 1
            await stack.look("update contact_import set claimed_until = now() - interval '1 second'")
    done = (await call("GET", f"/v1/contact-imports/{looked['id']}")).json
    assert deaths == 3
    assert (done["state"], done["rows_done"], done["created"], done["updated"]) == ("done", 100, 100, 0)


@pytest.mark.parametrize(
    ("content", "mapping", "faults"),
    [
        (b"", None, [("/file", "no_rows")]),
        (b"phone,name\n", None, [("/file", "no_rows")]),
        (b"phone,name\n1,2", {"telephone": "phone"}, [("/mapping/telephone", "unknown_column")]),
        (b"phone,name\n1,2", {"name": "name"}, [("/mapping", "nobody")]),
        (b"phone,name\n1,2", {"phone": "phone", "name": "phone"}, [("/mapping", "twice")]),
        (b"phone,name\n1,2", {"phone": "phone", "name": "field."}, [("/mapping/name", "not_allowed")]),
    ],
)
async def test_what_can_not_be_taken_in(
    stack: Stack, content: bytes, mapping: Json, faults: list[tuple[str, str]]
) -> None:
    call = await caller(stack)
    reply = await call("POST", "/v1/contact-imports", raw=form(content), headers=FORM)
    if mapping is not None:
        reply = await call("POST", f"/v1/contact-imports/{reply.json['id']}/start", {"mapping": mapping})
    assert (reply.status, reply.faults) == (422, faults)


async def test_an_import_is_deleted_after_its_term(stack: Stack) -> None:
    call = await caller(stack)
    looked = await sent(call, b"phone\n+15550001111")
    row = "update contact_import set expires_at = now() - $2::interval where workspace_id = $1"
    await stack.look(row, call.shop.workspace, timedelta(seconds=1))
    assert await worker(stack).sweep() >= 1
    assert (await call("GET", f"/v1/contact-imports/{looked['id']}")).status == 404
    assert not list(stack.app.imports.storage.root.rglob(f"*{looked['id'][4:]}"))


async def test_a_field_becomes_searchable(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.modules.contacts.service.reindex.BATCH", 2)
    call = await caller(stack)
    for number in range(5):
        person = {"phone": f"+1555000111{number}", "name": f"Ada {number}", "fields": {"plan": "Gold"}}
        await call("POST", "/v1/contacts", person)
    await call("POST", "/v1/contact-fields", {"key": "plan", "type": "text", "searchable": True})
    await worked(stack)
    assert (await call("GET", "/v1/contact-fields/plan")).json["indexing"] is False
    gold = {"filter": {"field": "plan", "is": "gold"}, "name": "ada"}
    assert len((await call("POST", "/v1/contacts/search", gold)).json["data"]) == 5
    await call("PATCH", "/v1/contact-fields/plan", {"searchable": False})
    await worked(stack)
    marks = "select count(*) from contact_mark where workspace_id = $1"
    assert (await stack.look(marks, call.shop.workspace))[0][0] == 10, "the words of five names"
