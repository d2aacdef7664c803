"""Who may ask the façade for what; another workspace's things are nowhere."""

from dataclasses import replace
from uuid import uuid4

import pytest
import pytest_asyncio

from parley.core.ids import WorkspaceId, public
from parley.modules.partners import media_ids
from tests.fakes.api import FORM, form
from tests.fakes.graph import ADA, Program, program
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def call(stack: Stack) -> Program:
    return await program(stack)


async def upload(call: Program) -> str:
    target = f"/graph/v23.0/{call.shop.number_id}/media"
    told = await call("POST", target, form(b"one"), content_type=FORM["content-type"])
    assert told.status == 200, told.json
    return str(told.json["id"])


async def test_a_file_of_another_workspace_is_nowhere(stack: Stack, call: Program) -> None:
    theirs = await upload(await program(stack))
    made_up = media_ids.spell(uuid4())
    for method in ("GET", "DELETE"):
        own, none = [await call(method, f"/graph/v23.0/{each}") for each in (theirs, made_up)]
        assert own.code == none.code == (400, 100, 33)
    sent = await call.send("document", {"id": theirs, "filename": "a.txt"}, moving=False)
    assert sent.code == (400, 100, 33)


async def test_a_download_address_is_for_its_workspace_and_its_time(stack: Stack, call: Program) -> None:
    media = await upload(call)
    url = (await call("GET", f"/graph/v23.0/{media}")).json["url"].removeprefix("http://test")
    assert (await call("GET", url)).raw == b"one"
    other = await program(stack)
    assert (await other("GET", url)).status == 404
    assert (await call("GET", url.replace("ext=1", "ext=2"))).status == 404
    assert (await call("GET", url, authorization="Bearer nobody")).code == (401, 190, None)


async def test_ids_of_other_accounts_are_nowhere(stack: Stack, call: Program) -> None:
    other = await stack.shop()
    for method, target in (
        ("GET", f"{other.account_id}/phone_numbers"),
        ("GET", f"{other.account_id}/message_templates"),
        ("DELETE", f"{other.account_id}/message_templates?name=sale"),
        ("GET", f"{other.number_id}/whatsapp_business_profile"),
        ("POST", f"{other.number_id}/block_users"),
        ("POST", f"{other.number_id}/media"),
    ):
        assert (await call(method, f"/graph/v23.0/{target}")).code == (400, 100, 33), target


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("GET", "/graph", (400, 2500, None)),
        ("POST", "/graph/v23.0/", (400, 2500, None)),
        ("GET", "/graph/v23.0/17/foo", (400, 2500, None)),
        ("PUT", "/graph/v23.0/17/messages", (400, 2500, None)),
        ("GET", "/graph/v23.0/me", (400, 100, 33)),
        ("GET", "/graph/v99.0/17", (400, 2500, None)),
        ("GET", "/graph/v3.2/17", (400, 2635, None)),
        ("GET", "/graph/v23.0/17?access_token=parley_live_x", (401, 190, None)),
    ],
)
async def test_addresses_that_are_none(call: Program, method: str, target: str, expected: object) -> None:
    assert (await call(method, target)).code == expected


async def test_a_key_needs_the_scope(stack: Stack, call: Program) -> None:
    reader = await program(stack, call.shop, scopes=("messages:read",))
    assert (await reader.send(moving=False)).code == (403, 10, None)
    assert (await reader("GET", f"/graph/v23.0/{media_ids.spell(uuid4())}")).code == (403, 10, None)


async def test_a_test_key_sends_on_its_own_number(stack: Stack, call: Program) -> None:
    tester = await program(stack, call.shop, mode="test")
    assert (await tester.send(moving=False)).code == (400, 100, 33)
    tester.shop = replace(call.shop, number_id=f"test-{call.shop.workspace.hex}")
    assert (await tester.send()).wamid.startswith("wamid.")
    marked = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.17"}
    told = await tester("POST", f"/graph/v23.0/{tester.shop.number_id}/messages", marked)
    assert told.json == {"success": True}


async def test_marking_as_read_is_checked(call: Program) -> None:
    for wrong, code in (
        ({"status": "delivered", "message_id": "wamid.17"}, 100),
        ({"status": "read"}, 131008),
        ({"status": "read", "message_id": 17}, 131009),
        ({"status": "read", "message_id": "wamid.17", "typing_indicator": {"type": "voice"}}, 131009),
    ):
        body = {"messaging_product": "whatsapp", **wrong}
        assert (await call("POST", f"/graph/v23.0/{call.shop.number_id}/messages", body)).code == (400, code, None)


async def test_any_version_or_none(call: Program) -> None:
    for version in ("v20.0/", "v24/", "v26.0/", ""):
        body = {"messaging_product": "whatsapp", "to": ADA, "type": "text", "text": {}}
        told = await call("POST", f"/graph/{version}{call.shop.number_id}/messages", body)
        assert told.code == (400, 131008, None)


async def test_the_number_of_a_360dialog_key_must_be_clear(stack: Stack, call: Program) -> None:
    await stack.number(call.shop.workspace)
    told = await call("POST", "/graph/d360/messages", {}, d360_api_key=call.key)
    assert told.code == (400, 100, None)


async def test_a_request_is_logged(stack: Stack, call: Program) -> None:
    told = await call.send()
    await stack.app.recorder.flush()
    rows = await stack.look(
        "select route, status, made from api_log where workspace_id = $1", WorkspaceId(call.shop.workspace)
    )
    message = (await stack.messages(call.shop))[0].row.id
    assert [tuple(row) for row in rows] == [("/graph/{id}/messages", told.status, public("msg", message))]
