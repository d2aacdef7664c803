"""A workspace sees and changes nothing of another's: by every route that OpenAPI lists, and by SQL."""

import re
from collections.abc import MutableMapping
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest

from parley.adapters.whatsapp.numbers import WhatsAppNumbers
from parley.core.ids import public
from parley.core.time import now
from parley.kit.database import APP_ROLE
from parley.modules.channels.ports import NumberProvider
from parley.modules.templates.ports import Seen, TemplateBody
from tests.fakes.api import FORM, Caller, caller, form
from tests.fakes.meta import text
from tests.fakes.receiver import Outgoing
from tests.fakes.simulated import simulated
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

BODIES: dict[str, Any] = {
    "update_contact": {"name": "Mallory"},
    "record_consent": {"state": "withdrawn"},
    "start_capture": {"hours": 1},
    "start_flow": {"conversation_id": "cnv_00000000000000000000000000000000"},
    "interrupt_session": {},
    "resume_session": {"text": "stolen"},
    "give_floor": {"holder": "person"},
    "update_oauth_app": {"name": "Mallory"},
    "update_api_key": {"name": "Mallory"},
    "rotate_api_key": {"overlap_seconds": 0},
    "update_webhook_endpoint": {"description": "Mallory's"},
    "rotate_webhook_secret": {},
    "enable_webhook_endpoint": {},
    "merge_contacts": {"other": "con_00000000000000000000000000000000"},
    "add_identity": {"kind": "email", "value": "mallory@example.org"},
    "remove_identity": {"kind": "phone", "value": "+15550001111"},
    "start_contact_import": {"mapping": {"phone": "phone"}},
    "update_segment": {"name": "stolen"},
    "tag_contact": {"tags": ["stolen"]},
    "rename_tag": {"name": "stolen"},
    "update_contact_field": {"label": "stolen"},
    "edit_template": {"category": "MARKETING"},
    "update_channel": {"state": "paused"},
    "update_profile": {"about": "Mallory"},
    "preview_template": {"variables": {}},
    "test_webhook_endpoint": {},
    "recover_webhook_deliveries": {"since": "2026-01-01T00:00:00Z"},
    "replay_missing_events": {"since": "2026-01-01T00:00:00Z"},
    "resend_webhook_delivery": {},
    "archive_flow": {},
    "restore_flow": {},
    "publish_flow": {"version": 1},
    "roll_back_flow": {"version": 1},
    "roll_out_flow": {"version": 1, "percent": 10},
    "save_draft": {"document": {"id": "stolen"}},
    "update_draft": {"document": {"id": "stolen"}, "revision": 1},
}
"""A body that would be taken, for each operation with an id in its address and a body."""

SHARED = {"delivery", "planned_delivery", "rate_debt", "flow_tally", "process", "schema_migration", "schema_migrations"}
"""Tables of the installation, of no workspace."""


async def filled(stack: Stack) -> tuple[Caller, dict[str, str]]:
    """A workspace with one of everything, and the ids of it by the name that addresses call them."""
    call = await caller(stack)
    numbers = cast("MutableMapping[str, NumberProvider]", stack.app.health.providers)
    numbers["whatsapp"] = WhatsAppNumbers(simulated(call.shop)[2], None)
    await stack.take(text(call.shop, "+15550001111", "hello", name="Ada"))
    message = (await call("GET", "/v1/messages")).json["data"][0]
    file = (await call("POST", "/v1/media", raw=form(b"secret"), headers=FORM)).json
    await call("POST", f"/v1/contacts/{message['contact_id']}/consents", {"state": "granted"})
    tag = (await call("POST", "/v1/tags", {"name": "VIP"})).json
    await call("POST", f"/v1/contacts/{message['contact_id']}/tags", {"tags": ["VIP"]})
    await call("POST", "/v1/contact-fields", {"key": "plan", "type": "text", "searchable": True})
    bot = await flow_of(call, message["conversation_id"])
    seen = await call("GET", "/v1/messages")
    await stack.app.recorder.flush()
    app = (await call("POST", "/v1/oauth-apps", {"name": "App", "scopes": ["messages:read"]})).json
    installed = (await call("POST", "/v1/oauth-installations", {"client_id": app["id"]})).json
    requests = {"request_id": seen.headers["request-id"], "key_id": await key_of(stack, call)}
    hook = {"url": "https://receiver.example/hook", "event_types": ["*"]}
    endpoint = (await call("POST", "/v1/webhook-endpoints", hook)).json["id"]
    sheet = (await call("POST", "/v1/contact-imports", raw=form(b"phone\n+15550001111"), headers=FORM)).json
    segment = (await call("POST", "/v1/segments", {"name": "Loyal", "filter": {"tag": "VIP"}})).json
    requests.update(segment_id=segment["id"], tag_id=tag["id"], key="plan", import_id=sheet["id"])
    signup = {"code": "x", "phone_number_id": f"5{call.shop.number_id}", "waba_id": "5"}
    requests["onboarding_id"] = (await call("POST", "/v1/onboarding", signup)).json["id"]
    known = (await call("POST", "/v1/knowledge-documents", {"title": "Help", "content": "Secret"})).json
    requests["document_id"] = known["id"]
    requests["template_id"] = public("tpl", await template_of(stack, call))
    requests |= {**bot, "app_id": app["id"], "installation_id": installed["id"]}
    await call("POST", f"/v1/webhook-endpoints/{endpoint}/test")
    await Outgoing.of(stack).hand_on()
    delivery = (await call("GET", "/v1/webhook-deliveries")).json["data"][0]["id"]
    requests |= {"endpoint_id": endpoint, "delivery_id": delivery}
    found = {"media_id": file["id"], "message_id": message["id"], "channel_id": call.channel, **requests}
    return call, {**found, **{name: message[name] for name in ("contact_id", "conversation_id")}}


async def flow_of(call: Caller, conversation: str) -> dict[str, str]:
    """A flow with a draft, and a session of it."""
    flow = {"id": "a", "name": "A", "start": "n", "nodes": {"n": {"type": "message", "text": "Hi"}}}
    flow_id = (await call("POST", "/v1/flows?publish=true", flow)).json["id"]
    assert (await call("PUT", f"/v1/flows/{flow_id}/draft", {"document": flow})).status == 200
    session = (await call("POST", f"/v1/flows/{flow_id}/start", {"conversation_id": conversation})).json["id"]
    return {"flow_id": flow_id, "version": "1", "session_id": session}


async def template_of(stack: Stack, call: Caller) -> UUID:
    """A template, as the provider told of it."""
    body = TemplateBody(components=[{"type": "BODY", "text": "Secret"}])
    seen = Seen(account=call.shop.account_id, name="news", language="en", at=now(), status="APPROVED", body=body)
    async with stack.app.units.begin(call.shop.workspace) as unit:
        return (await stack.app.templates.keep(unit, seen)).id


async def key_of(stack: Stack, call: Caller) -> str:
    rows = await stack.look("select id from api_key where workspace_id = $1", call.shop.workspace)
    return public("key", rows[0]["id"])


async def contents(stack: Stack, call: Caller) -> dict[str, list[asyncpg.Record]]:
    """Every row of a workspace, by table."""
    tables = await stack.look("select table_name from information_schema.columns where column_name = 'workspace_id'")
    return {
        row[0]: await stack.look(
            f'select * from "{row[0]}" where workspace_id = $1 order by 1, 2',  # noqa: S608 - a table's name
            call.shop.workspace,
        )
        for row in tables
    }


async def test_by_every_route(stack: Stack) -> None:
    victim, ids = await filled(stack)
    intruder = await caller(stack)
    before = await contents(stack, victim)
    tried = 0
    for path, operations in intruder.described.document["paths"].items():
        for method, operation in operations.items():
            for target in targets(path, operation, ids):
                body = BODIES.get(operation["operationId"])
                assert body is not None or "requestBody" not in operation, (
                    f"Give BODIES a body that {operation['operationId']} takes."
                )
                reply = await intruder(method.upper(), target, body)
                assert (reply.status, reply.code) == (404, "not_found"), (method, target)
                own = await victim(method.upper(), target, body) if method == "get" else None
                assert own is None or own.status == 200, (method, target)
                tried += 1
    assert tried >= 12
    assert await contents(stack, victim) == before


def targets(path: str, operation: dict[str, Any], ids: dict[str, str]) -> list[str]:
    """The addresses of an operation that name something: in the path, or in the query."""
    named = re.findall(r"\{(\w+)\}", path)
    if named == ["type"]:
        return []  # a type of event is nobody's
    if named:
        return [path.format_map(ids)]
    parameters = [each.get("name", "") for each in operation.get("parameters", ())]
    return [f"{path}?{name}={ids[name]}" for name in parameters if name.endswith("_id")]


@pytest.mark.parametrize(
    "naming",
    [
        {"to": "contact_id"},
        {"channel_id": "channel_id"},
        {"context": "message_id"},
        {"media": "media_id"},
        {"reaction": "message_id"},
    ],
    ids=lambda naming: next(iter(naming)),
)
async def test_by_every_id_in_a_message(stack: Stack, naming: dict[str, str]) -> None:
    victim, ids = await filled(stack)
    intruder = await caller(stack)
    before = await contents(stack, victim)
    (place, name), body = next(iter(naming.items())), intruder.text()
    if place == "context":
        body["context"] = {"message_id": ids[name]}
    elif place == "media":
        body = {**body, "type": "image", "image": {"id": ids[name]}}
        del body["text"]
    elif place == "reaction":
        body = {**body, "type": "reaction", "reaction": {"message_id": ids[name], "emoji": "👍"}}
        del body["text"]
    else:
        body[place] = ids[name]
    reply = await intruder("POST", "/v1/messages", body)
    assert (reply.status, reply.code) == (404, "not_found")
    assert await contents(stack, victim) == before


async def test_lists_hold_only_ones_own(stack: Stack) -> None:
    victim, ids = await filled(stack)
    intruder = await caller(stack)
    told = {each for each in ids.values() if not each.isdigit()} | {public("wks", victim.shop.workspace)}
    for path, operations in intruder.described.document["paths"].items():
        if "{" not in path and "get" in operations:
            raw = (await intruder("GET", path)).raw.decode()
            assert not [each for each in told if each in raw], path
            assert "Ada" not in raw


async def test_by_sql(stack: Stack) -> None:
    """As the application's role all rows are the bound workspace's; unbound there are none."""
    victim, _ = await filled(stack)
    intruder, _ = await filled(stack)
    rows = await stack.look(
        "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
        " and relnamespace = 'public'::regnamespace"
    )
    tables = {row["relname"] for row in rows} - SHARED
    connection = await asyncpg.connect(stack.owner_url)
    seen = set()
    try:
        await connection.execute(f"set role {APP_ROLE}")
        for table in sorted(tables):
            column = "id" if table == "workspace" else "workspace_id"
            assert await connection.fetch(f'select from "{table}" limit 1') == [], table
            async with connection.transaction():
                await connection.execute("select set_config('app.workspaces', $1, true)", str(intruder.shop.workspace))
                owners = {row[0] for row in await connection.fetch(f'select distinct {column} from "{table}"')}  # noqa: S608
                assert owners <= {intruder.shop.workspace}, table
                seen |= {table} if owners else set()
                changed = await connection.execute(
                    f'update "{table}" set {column} = {column} where {column} = $1',  # noqa: S608
                    victim.shop.workspace,
                )
                assert changed == "UPDATE 0", table
                removed = await connection.execute(f'delete from "{table}" where {column} = $1', victim.shop.workspace)  # noqa: S608
                assert removed == "DELETE 0", table
    finally:
        await connection.close()
    assert {"message", "message_body", "contact", "conversation", "event", "media", "flow", "consent"} <= seen


async def test_a_row_for_another_workspace_is_refused(stack: Stack) -> None:
    victim, intruder = await caller(stack), await caller(stack)
    connection = await asyncpg.connect(stack.owner_url)
    try:
        await connection.execute(f"set role {APP_ROLE}")
        async with connection.transaction():
            await connection.execute("select set_config('app.workspaces', $1, true)", str(intruder.shop.workspace))
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "insert into opt_out (workspace_id, contact_id, purpose, since) values ($1, $1, 'x', now())",
                    victim.shop.workspace,
                )
    finally:
        await connection.close()
