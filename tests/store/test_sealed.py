"""What is sealed opens in its own place only: moved to another row, column or workspace it stays shut."""

import pytest

from parley.core.ids import ContactId, MessageId
from parley.kit.crypto import CannotUnseal
from parley.modules.contacts import get_contact
from parley.modules.conversations import get_message
from tests.fakes.meta import text
from tests.fakes.stack import Shop, Stack

pytestmark = pytest.mark.store

ADA, GRACE = "+15550001111", "+15550002222"


async def two_messages(stack: Stack) -> tuple[Shop, Shop]:
    """Two workspaces, each with words of Ada's and Grace's."""
    shops = await stack.shop(), await stack.shop()
    for shop in shops:
        await stack.take(text(shop, ADA, "I am Ada", name="Ada"), text(shop, ADA, "still Ada"))
        await stack.take(text(shop, GRACE, "I am Grace", name="Grace"))
    return shops


SWAPS = {
    "another message of hers": "select message_id from message_body where workspace_id = $1 and message_id <> $2",
    "another person's": "select id from message m where workspace_id = $1 and contact_id <> (select contact_id from"
    " message where id = $2)",
    "another workspace's": "select message_id from message_body where workspace_id <> $1 and message_id <> $2",
}


@pytest.mark.parametrize("swap", SWAPS)
async def test_a_body_moved_to_another_message(stack: Stack, swap: str) -> None:
    shop, _ = await two_messages(stack)
    mine = (await stack.messages(shop))[0].row.id
    other = (await stack.look(SWAPS[swap], shop.workspace, mine))[0][0]
    body = (await stack.look("select body from message_body where message_id = $1", other))[0][0]
    await stack.look("update message_body set body = $2 where message_id = $1", mine, body)
    await stays_shut(stack, shop, mine)


async def stays_shut(stack: Stack, shop: Shop, message: MessageId) -> None:
    """Nothing of another's is shown: it can't be opened, or its key is nobody's here."""
    async with stack.app.units.begin(shop.workspace) as unit:
        try:
            shown = await get_message(unit, stack.app.people, message)
        except CannotUnseal:
            return
    assert shown.body is None


async def test_a_provider_id_in_the_place_of_a_body(stack: Stack) -> None:
    shop, _ = await two_messages(stack)
    mine = (await stack.messages(shop))[0].row.id
    sealed = (await stack.look("select provider_id from message_ref where message_id = $1", mine))[0][0]
    await stack.look("update message_body set body = $2 where message_id = $1", mine, sealed)
    await stays_shut(stack, shop, mine)


async def test_a_profile_moved_to_another_contact(stack: Stack) -> None:
    shop, _ = await two_messages(stack)
    one, other = await stack.look("select id, profile from contact where workspace_id = $1 order by id", shop.workspace)
    await stack.look("update contact set profile = $2 where id = $1", one["id"], other["profile"])
    async with stack.app.units.begin(shop.workspace) as unit:
        with pytest.raises(CannotUnseal):
            await get_contact(unit, stack.app.people, ContactId(one["id"]))


async def test_an_altered_byte(stack: Stack) -> None:
    shop, _ = await two_messages(stack)
    mine = (await stack.messages(shop))[0].row.id
    altered = "update message_body set body = set_byte(body, 40, 255 - get_byte(body, 40)) where message_id = $1"
    await stack.look(altered, mine)
    await stays_shut(stack, shop, mine)


async def test_a_key_moved_to_another_person(stack: Stack) -> None:
    """The vault's own rows are bound too."""
    await two_messages(stack)
    one, other = (await stack.look("select key_id, wrapped from subject_key order by key_id limit 2", vault=True))[:2]
    await stack.look(
        "update subject_key set wrapped = $2 where key_id = $1", one["key_id"], other["wrapped"], vault=True
    )
    shop_id = (await stack.look("select workspace_id from subject_key where key_id = $1", one["key_id"], vault=True))[
        0
    ][0]
    async with stack.another_process() as fresh:
        with pytest.raises(CannotUnseal):
            await fresh.app.people.keys_of([(shop_id, one["key_id"])])


async def test_what_a_destroyed_key_sealed_is_gone(stack: Stack) -> None:
    shop, _ = await two_messages(stack)
    ada = (await stack.messages(shop))[0].row.contact
    await stack.look("delete from subject_key where key_id = $1", ada, vault=True)
    async with stack.another_process() as fresh, fresh.app.units.begin(shop.workspace) as unit:
        for message in await stack.messages(shop):
            shown = await get_message(unit, fresh.app.people, message.row.id)
            assert (shown.body is None) == (message.row.contact == ada)
