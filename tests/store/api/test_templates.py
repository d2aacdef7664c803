"""Templates by the API, with the simulated Meta behind it: create, judge, edit, read, use, delete."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from dataclasses import dataclass
from typing import Any, cast

import pytest
import pytest_asyncio

from parley.adapters.whatsapp.templates import WhatsAppTemplates
from parley.adapters.whatsapp.uploads import WhatsAppUploads
from parley.core.ids import parse_public
from parley.modules.templates import Syncing
from parley.modules.templates.ports import TemplateProvider
from parley.sim.media import SAMPLES
from parley.sim.templates import template_from
from parley.sim.world import World
from tests.fakes.api import FORM, Caller, Json, caller, form
from tests.fakes.meta import delivery
from tests.fakes.simulated import SimClient, sample_desk, simulated
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def emptied(stack: Stack) -> AsyncIterator[None]:
    """What was queued and sent here is no other test's."""
    yield
    await stack.process.send_all()
    stack.provider.sent.clear()
    stack.provider.gate = None


TO = "+15550001111"
PNG = SAMPLES["image"][1]
COMPONENTS: Json = [
    {"type": "HEADER", "format": "TEXT", "text": "Order"},
    {
        "type": "BODY",
        "text": "Hello {{name}}, it left.",
        "example": {"body_text_named_params": [{"param_name": "name", "example": "Ada"}]},
    },
]
SHIPPED: Json = {
    "name": "order_shipped",
    "language": "en_US",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": COMPONENTS,
}


@dataclass(frozen=True, slots=True)
class Meta:
    """A caller, and the simulated Meta that the stack's templates are at."""

    call: Caller
    world: World
    client: SimClient
    syncing: Syncing

    async def made(self, **change: Any) -> Json:
        reply = await self.call("POST", "/v1/templates", {**SHIPPED, **change})
        assert reply.status == 201, reply.json
        return reply.json

    async def read(self) -> None:
        """Judge what is pending, and read the account."""
        await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        await self.call("POST", "/v1/templates/sync", {})
        await self.syncing.work()


async def at_meta(stack: Stack) -> Meta:
    call = await caller(stack)
    await stack.look("delete from template_sync where workspace_id <> $1", call.shop.workspace)
    world, client, graph = simulated(call.shop)
    providers = cast("MutableMapping[str, TemplateProvider]", stack.app.templates.providers)
    providers["whatsapp"] = WhatsAppTemplates(graph)
    sample_desk(stack).providers = {"whatsapp": WhatsAppUploads(graph, None)}
    app = stack.app
    return Meta(call, world, client, Syncing(app.units, app.keys, app.routes, providers))


async def test_a_template_is_created_and_judged(stack: Stack) -> None:
    meta = await at_meta(stack)
    made = await meta.made()
    assert (made["status"], made["category"], made["components"]) == ("PENDING", "UTILITY", COMPONENTS)
    await meta.read()
    shown = (await meta.call("GET", f"/v1/templates/{made['id']}")).json
    assert (shown["status"], shown["parameter_format"]) == ("APPROVED", "NAMED")
    history = (await meta.call("GET", f"/v1/templates/{made['id']}/history")).json["data"]
    assert [(each["before"], each["after"]) for each in history if each["aspect"] == "status"] == [
        ("PENDING", "APPROVED"),
        (None, "PENDING"),
    ]
    events = (await meta.call("GET", "/v1/events?type=template.status_changed")).json["data"]
    assert [each["data"]["after"] for each in events if each["data"]["template_id"] == made["id"]] == [
        "APPROVED",
        "PENDING",
    ]


async def test_what_meta_would_refuse_never_reaches_it(stack: Stack) -> None:
    meta = await at_meta(stack)
    wrong = {**SHIPPED, "name": "Order", "components": [{"type": "BODY", "text": "{{1}}"}]}
    reply = await meta.call("POST", "/v1/templates", wrong)
    assert reply.status == 422
    assert [pointer for pointer, _ in reply.faults] == [
        "/name",
        "/components/0/example/body_text",
        "/components/0/text",
    ]
    assert meta.client.asked == []


async def test_a_name_is_taken_once(stack: Stack) -> None:
    meta = await at_meta(stack)
    await meta.made()
    assert (await meta.call("POST", "/v1/templates", SHIPPED)).status == 409
    await stack.look("delete from template where workspace_id = $1", meta.call.shop.workspace)
    assert (await meta.call("POST", "/v1/templates", SHIPPED)).status == 409
    again = await meta.call("POST", "/v1/templates", SHIPPED, headers={"idempotency-key": "k"})
    assert again.status == 201, "a request cut off halfway may be repeated with its key"
    replayed = await meta.call("POST", "/v1/templates", SHIPPED, headers={"idempotency-key": "k"})
    assert (replayed.status, replayed.json["id"]) == (201, again.json["id"])
    assert (await meta.call("GET", "/v1/templates?name=order_shipped&status=approved")).json["data"]
    assert not (await meta.call("GET", "/v1/templates?category=marketing")).json["data"]


async def test_edit_by_metas_rules(stack: Stack) -> None:
    meta = await at_meta(stack)
    made = await meta.made()
    target = f"/v1/templates/{made['id']}"
    assert (await meta.call("PATCH", target, {"components": COMPONENTS})).code == "template_not_editable"
    await meta.read()
    assert (await meta.call("PATCH", target, {"category": "MARKETING"})).faults == [("/category", "not_allowed")]
    assert (await meta.call("PATCH", target, {"components": [{"type": "BODY", "text": "{{x}}"}]})).status == 422
    edited = await meta.call("PATCH", target, {"components": [{"type": "BODY", "text": "It left."}]})
    assert (edited.status, edited.json["components"]) == (200, [{"type": "BODY", "text": "It left."}])


async def test_delete_one_language_and_a_name(stack: Stack) -> None:
    meta = await at_meta(stack)
    made = [await meta.made(language=language) for language in ("en_US", "de", "fr")]
    assert (await meta.call("DELETE", f"/v1/templates/{made[0]['id']}")).status == 204
    reply = await meta.call("DELETE", "/v1/templates?name=order_shipped")
    assert reply.json == {"deleted": 3}
    left = (await meta.call("GET", "/v1/templates?name=order_shipped")).json["data"]
    assert {each["status"] for each in left} == {"DELETED"}
    assert (await meta.call("DELETE", "/v1/templates?name=never_there")).status == 404


async def test_an_account_is_read_whole(stack: Stack) -> None:
    """In pages, and what was deleted elsewhere is known as deleted."""
    meta = await at_meta(stack)
    for number in range(130):
        template = template_from(meta.call.shop.account_id, {**SHIPPED, "name": f"t_{number}"})
        template.status = "APPROVED"
        meta.world.templates.put(template)
    assert (await meta.call("POST", "/v1/templates/sync", {"channel_id": meta.call.channel})).status == 202
    await meta.syncing.work()
    (sync,) = (await meta.call("GET", "/v1/templates/sync")).json["data"]
    assert (sync["state"], sync["found"]) == ("done", 130)
    gone = meta.world.templates.named(meta.call.shop.account_id, "t_7", "en_US")
    assert gone is not None
    meta.world.templates.drop(gone)
    await meta.read()
    assert [each["name"] for each in (await meta.call("GET", "/v1/templates?status=DELETED")).json["data"]] == ["t_7"]


async def test_a_refused_token_is_told_and_tried_again_later(stack: Stack) -> None:
    meta = await at_meta(stack)
    business = meta.world.businesses.get(meta.call.shop.number_id)
    assert business is not None
    business.token = "another"
    await meta.read()
    (sync,) = (await meta.call("GET", "/v1/templates/sync")).json["data"]
    assert (sync["state"], sync["problem"]) == ("failed", 190)
    assert (await meta.call("POST", "/v1/templates", SHIPPED)).code == "token_refused"
    assert await meta.syncing.work() == 0


async def test_webhooks_move_a_template(stack: Stack) -> None:
    meta = await at_meta(stack)
    made = await meta.made()
    named = {"message_template_name": "order_shipped", "message_template_language": "en_US", "message_template_id": 1}
    for field, value in (
        (
            "message_template_status_update",
            {"event": "PAUSED", "reason": "NONE", "other_info": {"title": "FIRST_PAUSE"}},
        ),
        ("message_template_quality_update", {"new_quality_score": "RED", "previous_quality_score": "GREEN"}),
        ("template_category_update", {"new_category": "MARKETING", "previous_category": "UTILITY"}),
    ):
        await stack.take(delivery(meta.call.shop, field, {**named, **value}, plain=True))
    shown = (await meta.call("GET", f"/v1/templates/{made['id']}")).json
    assert (shown["status"], shown["reason"], shown["quality"], shown["category"]) == (
        "PAUSED",
        "FIRST_PAUSE",
        "RED",
        "MARKETING",
    )
    kinds = {each["type"] for each in (await meta.call("GET", "/v1/events?limit=100")).json["data"]}
    assert {"template.status_changed", "template.quality_changed", "template.category_changed"} <= kinds


def message(**template: Json) -> Json:
    named = {"name": "order_shipped", "language": "en_US", **template}
    return {"to": TO, "type": "template", "template": named}


async def test_a_message_by_name_with_variables(stack: Stack) -> None:
    meta = await at_meta(stack)
    await meta.made()
    await meta.read()
    bad = await meta.call("POST", "/v1/messages", message(variables={"nam": "Ada"}))
    assert bad.faults == [("/template/variables/nam", "unknown_variable"), ("/template/variables/name", "missing")]
    by_components = [{"type": "body", "parameters": []}]
    assert (await meta.call("POST", "/v1/messages", message(components=by_components))).faults == [
        ("/template/components/0/parameters", "wrong_count")
    ]
    both = message(variables={"name": "Ada"}, components=by_components)
    assert (await meta.call("POST", "/v1/messages", both)).faults == [("/template/variables", "not_allowed")]
    good = await meta.call("POST", "/v1/messages", message(variables={"name": "Ada"}))
    assert good.status == 202
    await stack.process.send_all()
    sent = next(each for each in stack.provider.sent if each.content.body.get("name") == "order_shipped")
    assert sent.content.body == {
        "name": "order_shipped",
        "language": {"code": "en_US"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ada", "parameter_name": "name"}]}],
    }
    unknown = {"to": TO, "type": "template", "template": {"name": "new", "language": "en", "variables": {}}}
    assert (await meta.call("POST", "/v1/messages", unknown)).faults == [("/template/name", "unknown_template")]


async def test_preview_with_a_contacts_own_values(stack: Stack) -> None:
    meta = await at_meta(stack)
    made = await meta.made()
    ada = (await meta.call("POST", "/v1/contacts", {"phone": TO, "name": "Ada"})).json["id"]
    target = f"/v1/templates/{made['id']}/preview"
    asked = {"variables": {"name": {"contact": "name"}}}
    shown = (await meta.call("POST", target, {**asked, "contact_id": ada})).json
    assert (shown["header"], shown["body"]) == ({"type": "text", "text": "Order"}, "Hello Ada, it left.")
    assert (await meta.call("POST", target, asked)).faults == [("/variables/name", "contact_value_missing")]
    schema = (await meta.call("GET", f"/v1/templates/{made['id']}/schema")).json
    assert schema["required"] == ["name"]
    await meta.read()
    assert (await meta.call("POST", "/v1/messages", {**message(**asked), "to": ada})).status == 202


async def test_a_template_known_by_webhook_only_has_no_text_yet(stack: Stack) -> None:
    meta = await at_meta(stack)
    value = {"event": "APPROVED", "message_template_name": "9_lives", "message_template_language": "en"}
    await stack.take(delivery(meta.call.shop, "message_template_status_update", value, plain=True))
    (shown,) = (await meta.call("GET", "/v1/templates?name=9_lives")).json["data"]
    assert shown["components"] is None
    reply = await meta.call("GET", f"/v1/templates/{shown['id']}/schema")
    assert (reply.status, reply.code) == (404, "template_not_read")
    assert parse_public("tpl", shown["id"])
    rows = await stack.look(
        "select due_at <= now() from template_sync where workspace_id = $1", meta.call.shop.workspace
    )
    assert rows[0][0]


async def test_a_sample_is_a_file_of_ones_own(stack: Stack) -> None:
    meta = await at_meta(stack)
    file = (await meta.call("POST", "/v1/media", raw=form(PNG, "a.png", "image/png"), headers=FORM)).json["id"]
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [file]}}
    made = await meta.made(components=[header, COMPONENTS[1]])
    (handle,) = made["components"][0]["example"]["header_handle"]
    assert meta.world.uploaded(handle)
    new = {**SHIPPED, "components": [header, COMPONENTS[1]]}
    await stack.look("delete from template where workspace_id = $1", meta.call.shop.workspace)
    again = await meta.call("POST", "/v1/templates", new, headers={"idempotency-key": "cut-off"})
    assert again.status == 201, "what was cut off is found again, whatever its sample is called by now"
    await meta.read()
    edited = await meta.call("PATCH", f"/v1/templates/{again.json['id']}", {"components": [header, COMPONENTS[1]]})
    assert edited.status == 200
    text = (await meta.call("POST", "/v1/media", raw=form(b"words"), headers=FORM)).json["id"]
    for wrong, code in ((text, "not_allowed"), (f"med_{'0' * 32}", "unknown_file")):
        header["example"] = {"header_handle": [wrong]}
        reply = await meta.call("POST", "/v1/templates", {**new, "name": "other"})
        assert reply.faults == [("/components/0/example/header_handle/0", code)]
