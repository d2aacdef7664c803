"""What sending by request looks up: templates, files, messages that are referred to; and what comes back with them."""

from uuid import UUID

import pytest

from parley.core.ids import ContactId, new_uuid
from parley.core.time import now
from parley.modules.channels.ports import Marketing
from parley.modules.contacts import merge_contacts
from tests.fakes.api import Caller, caller
from tests.fakes.meta import delivery, message
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

TEMPLATE = {"name": "spring_sale", "language": {"code": "en_US"}}


async def keep_template(stack: Stack, call: Caller, category: str) -> None:
    await stack.look(
        "insert into template (workspace_id, id, account_id, name, language, category, status, category_at,"
        " status_at, quality_at)"
        " values ($1, $2, $3, 'spring_sale', 'en_US', $4, 'APPROVED', $5, $5, $5)",
        call.shop.workspace,
        new_uuid(),
        call.shop.account_id,
        category,
        now(),
    )


@pytest.mark.parametrize(("category", "status"), [("MARKETING", 422), ("UTILITY", 202)])
async def test_a_marketing_template_is_marketing(stack: Stack, category: str, status: int) -> None:
    call = await caller(stack)
    await keep_template(stack, call, category)
    contact = (await call("POST", "/v1/contacts", {"phone": "+15550001111"})).json["id"]
    await call("POST", f"/v1/contacts/{contact}/consents", {"state": "withdrawn"})
    reply = await call("POST", "/v1/messages", {"to": contact, "type": "template", "template": TEMPLATE})
    assert reply.status == status
    assert status == 202 or reply.code == "opted_out"


async def test_one_may_not_refer_to_what_is_not_sent_yet(stack: Stack) -> None:
    call = await caller(stack)
    queued = (await call("POST", "/v1/messages", call.text())).json["id"]
    reply = await call("POST", "/v1/messages", call.text(context={"message_id": queued}))
    assert reply.faults == [("/context/message_id", "not_sent_yet")]
    wamid = await call("POST", "/v1/messages", call.text(context={"message_id": "wamid.x"}))
    assert wamid.status == 202


async def test_of_several_channels_one_must_be_named(stack: Stack) -> None:
    call = await caller(stack)
    await stack.number(call.shop.workspace)
    body = call.text()
    del body["channel_id"]
    assert (await call("POST", "/v1/messages", body)).faults == [("/channel_id", "missing")]
    assert (await call("POST", "/v1/messages", call.text())).status == 202
    first = (await call("GET", "/v1/channels?limit=1")).json
    second = (await call("GET", f"/v1/channels?limit=1&after={first['next_cursor']}")).json
    assert second["data"][0]["id"] == call.channel
    assert second["next_cursor"] is None


async def test_bulk_and_interactive_stand_in_their_queues(stack: Stack) -> None:
    call = await caller(stack)
    for priority in ("bulk", "interactive"):
        await call("POST", "/v1/messages", call.text(priority=priority))
    rows = await stack.look("select priority from outbox where workspace_id = $1 order by id", call.shop.workspace)
    assert [row["priority"] for row in rows] == [1, 0]


async def test_a_message_shows_the_file_it_came_with(stack: Stack) -> None:
    call = await caller(stack)
    image = {"id": "100", "mime_type": "image/jpeg", "sha256": "x", "caption": "My cat"}
    await stack.take(message(call.shop, "+15550001111", {"type": "image", "image": image}))
    shown = (await call("GET", "/v1/messages")).json["data"][0]
    assert shown["image"]["caption"] == "My cat"
    assert shown["media"]["state"] == "fetching"
    reply = await call("GET", f"/v1/media/{shown['media']['id']}/content")
    assert (reply.status, reply.code) == (409, "media_fetching")


async def test_what_a_provider_says_is_listed(stack: Stack) -> None:
    call = await caller(stack)
    await stack.take(
        delivery(call.shop, "account_update", {"event": "ACCOUNT_RESTRICTION"}),
        delivery(call.shop, "brand_new_field", {"anything": {"at": "all"}}),
    )
    notices = (await call("GET", f"/v1/channels/{call.channel}/notices")).json["data"]
    assert {(each["kind"], each["field"]) for each in notices} == {
        ("account", "account_update"),
        ("unknown", "brand_new_field"),
    }
    events = (await call("GET", "/v1/events?type=channel.notice")).json["data"]
    assert {each["data"]["channel_id"] for each in events} == {call.channel}
    assert {each["data"]["notice_id"] for each in events} == {each["id"] for each in notices}


async def test_somebody_merged_by_another_process_is_written_to_as_who_they_became(stack: Stack) -> None:
    """This process remembers the loser, who has no conversation yet that would say where it went."""
    call = await caller(stack)
    people = [{"to": f"+1555000{number}"} for number in (3331, 3332)]
    loser, winner = [(await call("POST", "/v1/contacts", {"phone": each["to"]})).json["id"] for each in people]
    async with stack.another_process() as other, other.app.units.begin(call.shop.workspace) as unit:
        ids = [ContactId(UUID(each.removeprefix("con_"))) for each in (loser, winner)]
        await merge_contacts(unit, other.app.directory, call.shop.workspace, *ids)
    sent = await call("POST", "/v1/messages", {**call.text(), **people[0]})
    assert (sent.status, sent.json["contact_id"]) == (202, winner)
    (conversation,) = (await call("GET", "/v1/conversations")).json["data"]
    assert (conversation["id"], conversation["contact_id"]) == (sent.json["conversation_id"], winner)


@pytest.mark.parametrize(("category", "way"), [("MARKETING", Marketing()), ("UTILITY", None)])
async def test_a_channel_may_have_a_way_for_marketing(stack: Stack, category: str, way: Marketing | None) -> None:
    call = await caller(stack)
    await keep_template(stack, call, category)
    target = f"/v1/channels/{call.channel}"
    assert (await call("GET", target)).json["marketing_messages"] is False
    assert (await call("PATCH", target, {"marketing_messages": True})).json["marketing_messages"] is True
    await call("POST", "/v1/messages", {"to": "+15550001111", "type": "template", "template": TEMPLATE})
    await stack.process.send_all()
    assert [each.marketing for each in stack.provider.sent] == [way]
