"""How far a message came: the greatest status ever told, whatever the order, repetition and moment of telling."""

from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from parley.core.content import Content
from parley.core.ids import MessageId
from parley.modules.channels.ports import Remedy, SendFailed
from parley.modules.conversations.domain import PROVIDER_STATUS
from parley.modules.webhooks import list_events
from tests.fakes.meta import delivery, error, message, status, text
from tests.fakes.stack import MANY, Shop, Stack

pytestmark = pytest.mark.store

ADA = "+15550001111"
KINDS = tuple(PROVIDER_STATUS)
WORDS = {"sent": "message.sent", "delivered": "message.delivered", "read": "message.read", "played": "message.played"}
_people = count(15_550_100_000)


async def said(stack: Stack, shop: Shop, to: str | None = None) -> MessageId:
    """A message queued to somebody new."""
    return (await stack.say(shop, to or f"+{next(_people)}", Content("text", {"body": "Hello"}))).id


def told(shop: Shop, message_id: MessageId, kind: str, *, by_our_id: bool = True) -> bytes:
    failed = {"errors": [error(131026, "Undeliverable")]} if kind == "failed" else {}
    ours = message_id if by_our_id else None
    return status(shop, f"wamid.{message_id.hex}", kind, ours=ours, timestamp="1795420800", **failed)


async def facts(stack: Stack, shop: Shop, message_id: MessageId) -> list[str]:
    """The kinds of facts about a message, oldest first."""
    async with stack.app.units.begin(shop.workspace) as unit:
        return [each.kind for each in await list_events(unit, None, MANY) if each.message == message_id][::-1]


orders = st.lists(st.sampled_from(KINDS), min_size=1, max_size=8)


@given(
    orders=st.lists(st.tuples(orders, st.integers(0, 8), st.booleans()), min_size=6, max_size=6),
    batch=st.integers(1, 20),
)
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking on a database takes minutes and the orders are short
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_order_and_repetition_ends_at_the_greatest(
    stack: Stack, orders: list[tuple[list[str], int, bool]], batch: int
) -> None:
    """Each message hears some statuses before it is sent and settled, the others after; twice each."""
    shop = await stack.shop()
    messages = [await said(stack, shop) for _ in orders]
    early = [told(shop, m, k, by_our_id=o) for m, (ks, at, o) in zip(messages, orders, strict=True) for k in ks[:at]]
    late = [told(shop, m, k, by_our_id=o) for m, (ks, at, o) in zip(messages, orders, strict=True) for k in ks[at:]]
    for wave in (early, late + early):
        for start in range(0, len(wave), batch):
            await stack.take(*wave[start : start + batch])
        await stack.process.send_all()
        await stack.process.sweeper.match_early()
    shown = {each.row.id: each for each in await stack.messages(shop)}
    for message_id, (kinds, _, _) in zip(messages, orders, strict=True):
        expected = max((PROVIDER_STATUS[kind] for kind in kinds), default=PROVIDER_STATUS["sent"])
        found = shown[message_id]
        assert found.status == expected.public
        steps = [step.status for step in found.statuses]
        assert len(steps) == len(set(steps)), "a step is shown once"
        assert set(steps) == {"queued", "sent", *kinds}
        recorded = await facts(stack, shop, message_id)
        assert len(recorded) == len(set(recorded)), f"each fact is recorded once: {recorded}"
    assert (await stack.look("select count(*) from parked_status"))[0][0] == 0


async def test_a_delivery_posted_twice_at_once_is_one_fact(stack: Stack) -> None:
    shop = await stack.shop()
    message_id = await said(stack, shop)
    await stack.process.send_all()
    body = told(shop, message_id, "delivered")
    await stack.take(body, body, body)
    assert (await facts(stack, shop, message_id)).count("message.delivered") == 1


async def test_statuses_of_others_messages_are_parked_and_at_last_forgotten(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(status(shop, "wamid.of-another-platform", "delivered"))
    await stack.process.sweeper.match_early()
    assert (await stack.look("select count(*) from parked_status"))[0][0] == 1
    await stack.look("update parked_status set recorded_at = now() - interval '32 days'")
    await stack.process.sweeper.forget()
    assert (await stack.look("select count(*) from parked_status"))[0][0] == 0


async def test_each_member_of_a_group_has_a_copy(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(message(shop, ADA, {"type": "text", "text": {"body": "hi all"}}, group_id="G1"))
    conversation = (await stack.messages(shop))[0].row
    contact = (await stack.look("select contact_id from conversation where id = $1", conversation.conversation))[0][0]
    queued = await stack.say(shop, contact, Content("text", {"body": "Hello all"}))
    await stack.process.send_all()
    assert stack.provider.sent[-1].group_id == "G1"
    for member, kind in (
        ("15550001111", "delivered"),
        ("15550002222", "delivered"),
        ("15550001111", "delivered"),
        ("15550001111", "read"),
    ):
        copy: dict[str, object] = {"recipient_id": "G1", "recipient_participant_id": member}
        await stack.take(status(shop, f"wamid.{queued.id.hex}", kind, ours=None, recipient_type="group", **copy))
    rows = await stack.look("select status, count(*) from message_status where message_id = $1 group by 1", queued.id)
    assert dict(map(tuple, rows)) == {30: 1, 50: 2, 60: 1}
    assert (await stack.message(shop, queued.id)).status == "read"


async def test_an_unsure_message_is_settled_by_its_status(stack: Stack) -> None:
    """Taken, but the answer was lost: never sent again, and found by our id in the status."""
    shop = await stack.shop()
    stack.provider.unheard = lambda _: SendFailed(Remedy.UNSURE, code=0, title="No answer")
    message_id = await said(stack, shop)
    await stack.process.send_all()
    assert (await stack.message(shop, message_id)).status == "unsure"
    await stack.take(told(shop, message_id, "sent"), told(shop, message_id, "delivered"))
    settled = await stack.message(shop, message_id)
    assert settled.status == "delivered"
    assert settled.provider_id == f"wamid.{message_id.hex}"
    assert await facts(stack, shop, message_id) == [
        "message.queued",
        "message.unsure",
        "message.sent",
        "message.delivered",
    ]
    await stack.take(told(shop, message_id, "read", by_our_id=False))
    assert (await stack.message(shop, message_id)).status == "read"
    assert len(stack.provider.attempts) == 1


async def test_a_failure_says_what_meta_said(stack: Stack) -> None:
    shop = await stack.shop()
    message_id = await said(stack, shop)
    await stack.process.send_all()
    errors = [error(131047, "Re-engagement message", "More than 24 hours have passed")]
    await stack.take(status(shop, f"wamid.{message_id.hex}", "failed", errors=errors))
    failed = await stack.message(shop, message_id)
    assert failed.status == "failed"
    assert failed.statuses[-1].errors[0]["code"] == 131047
    assert failed.statuses[-1].errors[0]["detail"] == "More than 24 hours have passed"


async def test_an_edit_before_its_message_is_shown_with_it(stack: Stack) -> None:
    shop = await stack.shop()
    edit = {"original_message_id": "wamid.original", "message": {"type": "text", "text": {"body": "better"}}}
    await stack.take(message(shop, ADA, {"type": "edit", "edit": edit}, id="wamid.edit"))
    await stack.take(text(shop, ADA, "worse", id="wamid.original"))
    shown = (await stack.messages(shop))[0]
    assert shown.body is not None
    assert shown.body.body == {"body": "worse"}
    assert [(each.kind, each.body and each.body.body) for each in shown.revisions] == [("edited", {"body": "better"})]


async def test_a_status_that_is_not_known_yet_is_kept(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(delivery(shop, "messages", {"statuses": [{"id": "wamid.x", "status": "pondered"}]}))
    assert (await stack.look("select event from notice"))[0]["event"].startswith("an_unfamiliar_status")
