"""One person, whatever Meta calls them: number variants, user ids, merges, changed numbers, stale memories."""

import pytest

from parley.core.content import Content
from parley.core.ids import ContactId
from parley.core.json import JsonObject
from parley.modules.contacts import Contact, get_contact, list_contacts
from parley.modules.conversations import list_conversations
from parley.modules.flows import demo
from parley.modules.privacy import consents_of
from tests.fakes.meta import delivery, message, text
from tests.fakes.stack import MANY, Process, Shop, Stack

pytestmark = pytest.mark.store

ADA, ADAS_ID = "+15550001111", "US.ada"


async def people(stack: Stack, shop: Shop) -> list[Contact]:
    async with stack.app.units.begin(shop.workspace) as unit:
        return await list_contacts(unit, stack.app.people, None, MANY)


async def shows_one(stack: Stack, shop: Shop, messages: int) -> Contact:
    """One contact with one conversation that holds all messages; the contact."""
    found = await people(stack, shop)
    assert len(found) == 1
    async with stack.app.units.begin(shop.workspace) as unit:
        threads = await list_conversations(unit, None, MANY, None)
    assert [thread.contact for thread in threads] == [found[0].id]
    shown = await stack.messages(shop)
    assert len(shown) == messages
    assert {(each.row.contact, each.row.conversation) for each in shown} == {(found[0].id, threads[0].id)}
    assert all(each.body is not None for each in shown), "what was sealed before a merge can still be read"
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [("+5511987654321", "+551187654321"), ("+5491123456789", "+541123456789"), ("+5215512345678", "+525512345678")],
    ids=["Brazil", "Argentina", "Mexico"],
)
async def test_spellings_of_a_number_are_one_person(stack: Stack, one: str, other: str) -> None:
    shop = await stack.shop(flow=demo("echo"))
    await stack.take(text(shop, one, "first"))
    await stack.process.send_all()
    await stack.take(text(shop, other, "second"))
    await stack.process.send_all()
    await shows_one(stack, shop, messages=4)
    assert [each.to.phone for each in stack.provider.sent] == [one, other], "the spelling received is written to"


async def test_the_same_stranger_writes_ten_times_at_once(stack: Stack) -> None:
    shop = await stack.shop()
    async with stack.another_process() as other:
        await stack.post(*[text(shop, ADA, f"{n}", id=f"wamid.{n}") for n in range(10)])
        await stack.process.read()
        await stack.post(*[text(shop, ADA, f"{n}", id=f"wamid.{n}") for n in range(20)])
        await other.read()
    await shows_one(stack, shop, messages=20)


async def two_who_are_one(stack: Stack, shop: Shop, *, first: str) -> None:
    """Ada is met by her number and by her user id, apart; then a message shows both."""
    met = {"phone": text(shop, ADA, "by number", name="Ada"), "id": text(shop, None, "by id", user_id=ADAS_ID)}
    second = "id" if first == "phone" else "phone"
    for way in (first, second):
        await stack.take(met[way])
        await stack.process.send_all()
    assert len(await people(stack, shop)) == 2
    await stack.take(text(shop, ADA, "both", user_id=ADAS_ID))
    await stack.process.send_all()


@pytest.mark.parametrize("first", ["phone", "id"])
async def test_two_contacts_that_are_one_merge(stack: Stack, first: str) -> None:
    shop = await stack.shop(flow=demo("echo"))
    await two_who_are_one(stack, shop, first=first)
    ada = await shows_one(stack, shop, messages=6)
    assert {(each.kind, each.value) for each in ada.profile.identities} == {("phone", ADA), ("user_id", ADAS_ID)}
    assert ada.profile.name == "Ada"
    for body in (text(shop, ADA, "number again"), text(shop, None, "id again", user_id=ADAS_ID)):
        await stack.take(body)
        await stack.process.send_all()
    await shows_one(stack, shop, messages=10)
    assert stack.provider.texts()[-2:] == ["number again", "id again"]


async def test_a_merge_told_twice_changes_nothing_more(stack: Stack) -> None:
    shop = await stack.shop()
    await two_who_are_one(stack, shop, first="id")
    both = text(shop, ADA, "both again", user_id=ADAS_ID)
    await stack.take(both, both)
    await shows_one(stack, shop, messages=4)


async def test_the_loser_of_a_merge_answers_as_the_winner(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(text(shop, ADA, "by number"))
    await stack.take(text(shop, None, "by id", user_id=ADAS_ID))
    before: list[ContactId] = [each.id for each in await people(stack, shop)]
    await stack.take(text(shop, ADA, "both", user_id=ADAS_ID))
    async with stack.app.units.begin(shop.workspace) as unit:
        found = {(await get_contact(unit, stack.app.people, each)).id for each in before}
    assert len(found) == 1


@pytest.mark.parametrize("first", ["phone", "id"])
async def test_an_opt_out_of_either_holds_for_both(stack: Stack, first: str) -> None:
    shop = await stack.shop()
    words = {"phone": ("STOP", "hello"), "id": ("hello", "STOP")}[first]
    await stack.take(text(shop, ADA, words[0]))
    await stack.take(text(shop, None, words[1], user_id=ADAS_ID))
    await stack.take(text(shop, ADA, "both", user_id=ADAS_ID))
    (ada,) = await people(stack, shop)
    assert ada.opted_out_since is not None
    async with stack.app.units.begin(shop.workspace) as unit:
        assert [each.state for each in await consents_of(unit, ada.id, None, MANY)] == ["withdrawn"]


@pytest.mark.parametrize("first", ["phone", "id"])
async def test_a_flow_goes_on_after_a_merge(stack: Stack, first: str) -> None:
    """The session waits in the conversation of one half; its answer comes from the whole."""
    shop = await stack.shop(flow=QUESTION)
    hello = {"phone": text(shop, ADA, "ask"), "id": text(shop, None, "ask", user_id=ADAS_ID)}
    other = {"id": text(shop, ADA, "who?"), "phone": text(shop, None, "who?", user_id=ADAS_ID)}
    await stack.take(hello[first])
    await stack.take(other[first])
    await stack.process.send_all()
    await stack.take(text(shop, ADA, "Ada", user_id=ADAS_ID))
    await stack.process.send_all()
    assert stack.provider.texts() == ["What is your name?", "Hello Ada"]
    assert await stack.look("select from delivery") == []


QUESTION: JsonObject = {
    "format": 1,
    "id": "question",
    "name": "Question",
    "triggers": {"keywords": {"en": ["ask"]}},
    "start": "name",
    "nodes": {
        "name": {"type": "ask", "text": "What is your name?", "save": "name", "next": "greet"},
        "greet": {"type": "end", "text": "Hello {{ vars.name }}"},
    },
}


async def test_what_was_queued_before_a_merge_still_leaves(stack: Stack) -> None:
    shop = await stack.shop(flow=demo("echo"))
    await stack.take(text(shop, ADA, "by number"))
    await stack.take(text(shop, None, "by id", user_id=ADAS_ID))
    await stack.take(text(shop, ADA, "both", user_id=ADAS_ID))
    await stack.process.send_all()
    assert sorted(map(str, stack.provider.texts())) == ["both", "by id", "by number"]


async def in_another(process: Process, stack: Stack, *bodies: bytes) -> None:
    await stack.post(*bodies)
    await process.read()


@pytest.mark.parametrize("first", ["phone", "id"])
async def test_another_process_remembers_the_loser(stack: Stack, first: str) -> None:
    shop = await stack.shop(flow=demo("echo"))
    async with stack.another_process() as other:
        met = {"phone": text(shop, ADA, "by number"), "id": text(shop, None, "by id", user_id=ADAS_ID)}
        await in_another(other, stack, met.pop(first))
        await in_another(other, stack, *met.values())
        await stack.take(text(shop, ADA, "both", user_id=ADAS_ID))
        await in_another(other, stack, text(shop, ADA, "number again"), text(shop, None, "id again", user_id=ADAS_ID))
        await stack.process.send_all()
    await shows_one(stack, shop, messages=10)


async def test_another_process_remembers_the_loser_and_meets_it_on_another_number(stack: Stack) -> None:
    shop = await stack.shop()
    second = await stack.number(shop.workspace)
    async with stack.another_process() as other:
        await in_another(other, stack, text(shop, ADA, "by number"), text(shop, None, "by id", user_id=ADAS_ID))
        await stack.take(text(shop, ADA, "both", user_id=ADAS_ID))
        await in_another(other, stack, text(second, ADA, "there"), text(second, None, "there too", user_id=ADAS_ID))
    assert len(await people(stack, shop)) == 1
    (ada,) = await people(stack, shop)
    assert {each.row.contact for each in await stack.messages(shop)} == {ada.id}


@pytest.mark.parametrize("first", ["phone", "id"])
async def test_a_crash_between_a_merge_and_the_vault_is_mended(stack: Stack, first: str) -> None:
    """The content says who is whose, the vault does not know yet: whoever is met next mends it."""
    shop = await stack.shop()
    met = {"phone": text(shop, ADA, "by number"), "id": text(shop, None, "by id", user_id=ADAS_ID)}
    await stack.take(met.pop(first))
    await stack.take(*met.values())
    before = await stack.look("select lookup, contact_id from identity", vault=True)
    await stack.take(text(shop, ADA, "both", user_id=ADAS_ID))
    for row in before:
        await stack.look("update identity set contact_id = $2 where lookup = $1", *row, vault=True)
    async with stack.another_process() as other:
        await in_another(other, stack, text(shop, None, "id again", user_id=ADAS_ID), text(shop, ADA, "number again"))
    await shows_one(stack, shop, messages=5)


async def test_an_opt_out_after_a_merge_stops_what_was_queued_before(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(text(shop, ADA, "by number"))
    await stack.take(text(shop, None, "by id", user_id=ADAS_ID))
    for to in (ADA, ADAS_ID):
        await stack.say(shop, to, Content("text", {"body": "An offer"}), marketing=True)
    await stack.take(text(shop, ADA, "both", user_id=ADAS_ID))
    await stack.take(text(shop, ADA, "STOP", user_id=ADAS_ID))
    await stack.process.send_all()
    assert "An offer" not in stack.provider.texts()


async def test_a_changed_number_is_the_same_person_and_the_old_one_nobodys(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(text(shop, ADA, "hello", name="Ada"))
    new = "15550007777"
    words = {"body": f"User Ada changed from 15550001111 to {new}", "wa_id": new, "type": "user_changed_number"}
    change = {"type": "system", "from": "15550001111", "id": "wamid.change", "timestamp": "1795420800", "system": words}
    told = delivery(shop, "messages", {"messages": [change]})
    await stack.take(told, told)
    await stack.take(text(shop, f"+{new}", "it is me"))
    ada = await shows_one(stack, shop, messages=3)
    queued = await stack.say(shop, str(ada.profile.identity("phone")), Content("text", {"body": "Hello"}))
    assert queued.thread.contact == ada.id
    await stack.process.send_all()
    assert stack.provider.sent[-1].to.phone == f"+{new}"
    await stack.take(text(shop, ADA, "I have this number now", name="Grace"))
    assert len(await people(stack, shop)) == 2


async def test_a_name_follows_the_person(stack: Stack) -> None:
    shop = await stack.shop()
    for at, name in enumerate(("Ada", "Ada L.", "Ada")):
        await stack.take(
            message(shop, ADA, {"type": "text", "text": {"body": "x"}}, name=name, timestamp=f"179542080{at}")
        )
    assert (await people(stack, shop))[0].profile.name == "Ada"
