"""Editing contacts: many at once, typed fields, tags, what is found by what, what the facts tell."""

import msgspec
import pytest

from parley.core.ids import ContactId
from parley.core.json import JsonValue
from parley.modules.contacts import Edit, Edited, Identity, edit_contacts, find_or_create, get_contact
from tests.fakes.api import caller
from tests.fakes.stack import Shop, Stack

pytestmark = pytest.mark.store

ADA, GRACE = "+15550001111", "+15550002222"


async def contact(stack: Stack, shop: Shop, phone: str) -> ContactId:
    async with stack.app.units.begin(shop.workspace) as unit:
        return await find_or_create(unit, stack.app.directory, (Identity("phone", phone),))


async def edit(stack: Stack, shop: Shop, *edits: Edit) -> list[Edited]:
    async with stack.app.units.begin(shop.workspace) as unit:
        return await edit_contacts(unit, stack.app.directory, edits)


async def updates(stack: Stack, shop: Shop) -> list[dict[str, JsonValue]]:
    rows = await stack.look(
        "select detail::text from event where workspace_id = $1 and kind = 'contact.updated' order by id",
        shop.workspace,
    )
    return [msgspec.json.decode(row[0]) for row in rows]


async def marks(stack: Stack, shop: Shop, of: ContactId) -> int:
    query = "select count(*) from contact_mark where workspace_id = $1 and contact_id = $2"
    return int((await stack.look(query, shop.workspace, of))[0][0])


async def test_edits_of_several_people_in_one_unit(stack: Stack) -> None:
    shop = await stack.shop()
    ada, grace = await contact(stack, shop, ADA), await contact(stack, shop, GRACE)
    outcomes = await edit(
        stack,
        shop,
        Edit(workspace=shop.workspace, contact=ada, name="Ada Lovelace", fields={"city": "London", "age": 36}),
        Edit(workspace=shop.workspace, contact=grace, fields={"x": [1]}, name="Grace"),
        Edit(workspace=shop.workspace, contact=ada, language="en", fields={"city": None}, add_tags=["VIP", "vip"]),
    )
    assert [each.changed for each in outcomes] == [
        ("name", "fields"),
        (),
        ("language", "fields", "tags"),
    ]
    assert [(each.pointer, each.code) for each in outcomes[1].faults] == [("/fields/x", "wrong_value")]
    async with stack.app.units.begin(shop.workspace) as unit:
        profile = (await get_contact(unit, stack.app.people, ada)).profile
        other = (await get_contact(unit, stack.app.people, grace)).profile
    assert (profile.name, profile.language, profile.fields, len(profile.tags)) == ("Ada Lovelace", "en", {"age": 36}, 1)
    assert other.name is None, "an edit with a fault changes nothing"
    (told,) = await updates(stack, shop)
    assert told["changed"] == ["name", "language", "fields", "tags"]
    assert told["tags_added"] == [f"tag_{profile.tags[0].hex}"]
    assert await marks(stack, shop, ada) == 4, "two words, a language, a tag"


async def test_null_clears(stack: Stack) -> None:
    shop = await stack.shop()
    ada = await contact(stack, shop, ADA)
    await edit(stack, shop, Edit(workspace=shop.workspace, contact=ada, name="Ada", language="en", add_tags=["a"]))
    await edit(stack, shop, Edit(workspace=shop.workspace, contact=ada, name=None, language=None, remove_tags=["a"]))
    async with stack.app.units.begin(shop.workspace) as unit:
        profile = (await get_contact(unit, stack.app.people, ada)).profile
    assert (profile.name, profile.language, profile.tags) == (None, None, ())
    assert await marks(stack, shop, ada) == 0


async def test_a_fact_names_defined_fields_only(stack: Stack) -> None:
    """The key of any other might be somebody's name."""
    shop = await stack.shop()
    await (await caller(stack, shop))("POST", "/v1/contact-fields", {"key": "city", "type": "text"})
    ada = await contact(stack, shop, ADA)
    await edit(stack, shop, Edit(workspace=shop.workspace, contact=ada, fields={"Lovelace": "x", "city": "y"}))
    assert (await updates(stack, shop))[0]["changed"] == ["fields", "fields.city"]


async def test_another_workspaces_tag_is_unknown(stack: Stack) -> None:
    shop, other = await stack.shop(), await stack.shop()
    ada, hers = await contact(stack, shop, ADA), await contact(stack, other, ADA)
    await edit(stack, other, Edit(workspace=other.workspace, contact=hers, add_tags=["vip"]))
    (row,) = await stack.look("select id from tag")
    (outcome,) = await edit(stack, shop, Edit(workspace=shop.workspace, contact=ada, add_tags=[f"tag_{row[0].hex}"]))
    assert [each.code for each in outcome.faults] == ["unknown_tag"]
