"""What single kinds of node mean outside the engine: the ledger, the feed, the state of a conversation, templates."""

import pytest
from msgspec.structs import replace

from parley.core.ids import public
from parley.core.json import JsonObject
from parley.modules.contacts import Identity, contact_of
from parley.modules.flows import ContactDesk, EffectFailed, HttpAnswer, SessionDesk, Starting
from parley.modules.flows.engine.effects.start import Started, StartEffect
from parley.modules.flows.service.carriers.requests import FAILING
from parley.modules.privacy import consents_of
from parley.modules.webhooks.service.show import messages_in
from tests.fakes.meta import message, tap, text
from tests.fakes.stack import MANY, Stack
from tests.store.test_flows import ADA, effects, facts, hear, words

pytestmark = pytest.mark.store


def flow(start: JsonObject, **nodes: JsonObject) -> JsonObject:
    return {
        "id": "main",
        "name": "Main",
        "start": "start",
        "triggers": {"default": True},
        "nodes": {"start": start, **nodes},
    }


async def test_consent_is_in_the_ledger_with_its_proof(stack: Stack) -> None:
    shop = await stack.shop(flow=flow({"type": "consent", "text": "Offers?"}))
    await hear(stack, text(shop, ADA, "hi"))
    await hear(stack, tap(shop, ADA, "start:refuse", "No"))
    proof = (await stack.messages(shop))[-1].row
    async with stack.app.units.begin(shop.workspace) as unit:
        (entry,) = await consents_of(unit, proof.contact, None, MANY)
    assert (entry.state, entry.method, entry.message) == ("withdrawn", "flow", proof.id)
    assert "contact.opted_out" in {each.kind for each in await facts(stack, shop)}


async def test_a_closed_conversation_opens_again(stack: Stack) -> None:
    shop = await stack.shop(flow=flow({"type": "close", "text": "Done."}))
    assert await hear(stack, text(shop, ADA, "hi")) == "Done."
    assert (await stack.look("select state from conversation"))[0]["state"] == "closed"
    await stack.publish(shop, flow({"type": "ask", "text": "And now?"}))
    assert await hear(stack, text(shop, ADA, "hi")) == "And now?"
    assert (await stack.look("select state from conversation"))[0]["state"] == "open"
    kinds = [
        each.kind for each in await facts(stack, shop) if each.kind in {"conversation.opened", "conversation.closed"}
    ]
    assert kinds == ["conversation.opened", "conversation.closed", "conversation.opened"]


async def test_an_event_is_told_with_its_data_which_is_sealed(stack: Stack) -> None:
    shop = await stack.shop(flow=flow({"type": "emit", "name": "booked", "data": {"who": "{{ input.text }}"}}))
    await hear(stack, text(shop, ADA, "Ada Lovelace"))
    (told,) = [each for each in await facts(stack, shop) if each.kind == "flow.event"]
    assert told.detail == '{"name": "booked", "version": 1}'
    async with stack.app.units.begin(shop.workspace) as unit:
        shown = await messages_in(unit, stack.app.desk, [told])
    assert shown == {told.id: {"who": "Ada Lovelace"}}
    (kept,) = await stack.look("select data from flow_told")
    assert b"Lovelace" not in kept["data"]


async def test_a_reaction_names_the_message_and_a_place_is_kept(stack: Stack) -> None:
    place = {"type": "request_location", "text": "Where?", "save": "fields.place", "next": "thumb"}
    shop = await stack.shop(flow=flow(place, thumb={"type": "reaction", "emoji": "👍"}))
    assert await hear(stack, text(shop, ADA, "hi")) == "Where?"
    sent = {"type": "location", "location": {"latitude": 1.5, "longitude": 2.5, "name": "Home"}}
    await hear(stack, message(shop, ADA, sent, id="wamid.place"))
    assert stack.provider.sent[-1].content.body == {"message_id": "wamid.place", "emoji": "👍"}


async def test_words_that_would_be_refused_are_told_their_author(stack: Stack) -> None:
    bad: JsonObject = {"type": "message", "content": {"type": "location", "location": {"latitude": 95, "longitude": 1}}}
    shop = await stack.shop(flow=flow(bad))
    await hear(stack, text(shop, ADA, "hi"))
    assert words(stack) == []
    (stumbled,) = [each.detail for each in await facts(stack, shop) if each.kind == "flow.stumbled"]
    assert stumbled == '{"node": "start", "refused": "/location/latitude", "version": 1}'


async def test_another_contact_is_found_and_changed(stack: Stack) -> None:
    find: JsonObject = {"type": "find_contact", "phone": "{{ input.text }}", "save": "who", "next": "change"}
    find = {**find, "none": "none"}
    change: JsonObject = {
        "type": "update_contact",
        "contact": "{{ vars.who.id }}",
        "fields": {"friend": "{{ contact.phone }}"},
        "add_tags": ["friend"],
        "next": "done",
    }
    done: JsonObject = {"type": "message", "text": "{{ vars.who.name }}"}
    none: JsonObject = {"type": "message", "text": "nobody"}
    shop = await stack.shop(flow=flow(find, change=change, done=done, none=none))
    await stack.take(text(shop, "+15550002222", "stop", name="Grace"))
    desk = ContactDesk(stack.app.units, stack.app.directory)
    stack.process.resuming.performers = {"find_contact": desk, "update_contact": desk}
    await stack.take(text(shop, ADA, "+1 555 000 2222"))
    for _ in range(2):
        await effects(stack.process)
    assert words(stack)[-1] == "Grace"
    async with stack.app.units.begin(shop.workspace) as unit:
        grace = await contact_of(unit, stack.app.directory, Identity("phone", "+15550002222"))
    assert grace is not None
    assert (grace.profile.fields, len(grace.profile.tags)) == ({"friend": ADA}, 1)
    await stack.take(text(shop, ADA, "+1 555 000 3333"))
    await effects(stack.process)
    assert words(stack)[-1] == "nobody"


async def test_a_system_that_fails_again_and_again_is_told_once(stack: Stack) -> None:
    shop = await stack.shop(flow=flow({"type": "http", "url": "https://shop.example/orders"}))
    for number in range(FAILING + 2):
        stack.world.answer = HttpAnswer(status=503) if number % 2 else EffectFailed(reason="It took too long.")
        await stack.take(text(shop, ADA, "hi"))
        await effects(stack.process)
    told = [each.detail for each in await facts(stack, shop) if each.kind == "flow.requests_failing"]
    assert told == [f'{{"of": {FAILING}, "node": "start", "failed": {FAILING}, "version": 1}}']


async def test_a_flow_begins_with_somebody_else_once(stack: Stack) -> None:
    start: JsonObject = {"type": "start_flow", "flow": "other", "to": "+15550002222", "vars": {"n": 12}, "next": "told"}
    told: JsonObject = {"type": "message", "text": "told"}
    shop = await stack.shop()
    question: JsonObject = {"type": "ask", "text": "Order {{ vars.n }}?"}
    await stack.publish(shop, {"id": "other", "name": "Other", "start": "start", "nodes": {"start": question}})
    await stack.publish(shop, flow(start, told=told))
    app = stack.app
    starting = Starting(app.units, app.directory, SessionDesk(app.desk, app.conversing, app.hands))
    stack.process.resuming.performers = {"start_flow": starting}
    await hear(stack, text(shop, "+15550002222", "stop"))
    await stack.take(text(shop, ADA, "hi"))
    await effects(stack.process)
    assert sorted(words(stack)[-2:]) == ["Order 12?", "told"]
    asked = StartEffect(id="cnv_1.1.1", flow="other", to="+15550003333", channel=public("chn", shop.channel), timeout=5)
    assert [await starting.perform(asked, shop.workspace) for _ in range(2)] == [Started(), Started()]
    busy = await starting.perform(replace(asked, id="cnv_1.2.1"), shop.workspace)
    assert isinstance(busy, EffectFailed)
    assert "waits in this conversation" in busy.reason
