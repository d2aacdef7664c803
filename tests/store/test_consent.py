"""What people say about marketing is written down once, and nothing they stopped leaves any more."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from parley.core.content import Content
from parley.core.errors import Refused
from parley.modules.channels.ports import Remedy, SendFailed
from parley.modules.privacy import ConsentEntry, consents_of
from parley.modules.webhooks import list_events
from tests.fakes.meta import delivery, error, status, tap, text
from tests.fakes.stack import MANY, Shop, Stack

pytestmark = pytest.mark.store

ADA = "+15550001111"
OFFER = Content("text", {"body": "An offer"})
STOPS = [
    "STOP",
    "stop.",
    "  Stop  ",
    "¡BAJA!",
    "sair",
    "Arrêter",
    "stopp",
    "annulla",
    "إلغاء",
    "बंद",
    "стоп",
    "הסר",
    "Ｓｔｏｐ",
]
STARTS = ["START", "alta", "voltar", "démarrer", "подписаться"]
NEITHER = ["please don't stop", "stop it you two", "restart", "I want to start a business", "👍", ""]


async def ledger(stack: Stack, shop: Shop) -> list[ConsentEntry]:
    async with stack.app.units.begin(shop.workspace) as unit:
        rows = await stack.look(
            "select id from contact where workspace_id = $1 and merged_into is null", shop.workspace
        )
        return [entry for row in rows for entry in await consents_of(unit, row["id"], None, MANY)]


async def is_out(stack: Stack, shop: Shop) -> bool:
    return bool(await stack.look("select from opt_out where workspace_id = $1", shop.workspace))


async def offers(stack: Stack, shop: Shop) -> bool:
    """Whether an offer may be queued."""
    try:
        await stack.say(shop, ADA, OFFER, marketing=True)
    except Refused as refused:
        return refused.reason != "opted_out"
    return True


async def test_words_of_many_languages(stack: Stack) -> None:
    problems = []
    for words in STOPS:
        shop = await stack.shop()
        await stack.take(text(shop, ADA, words))
        if [entry.state for entry in await ledger(stack, shop)] != ["withdrawn"] or await offers(stack, shop):
            problems.append(words)
    for words in STARTS:
        shop = await stack.shop()
        await stack.take(text(shop, ADA, "stop", timestamp="1795420800"))
        await stack.take(text(shop, ADA, words, timestamp="1795420801"))
        if await is_out(stack, shop) or len(await ledger(stack, shop)) != 2:
            problems.append(words)
    for words in NEITHER:
        shop = await stack.shop()
        await stack.take(text(shop, ADA, words))
        if await ledger(stack, shop):
            problems.append(words)
    assert problems == []


async def test_it_is_confirmed_once_in_the_words_language(stack: Stack) -> None:
    shop = await stack.shop()
    for at, words in enumerate(("baja", "BAJA", "stop", "alta")):
        await stack.take(text(shop, ADA, words, timestamp=f"{1795420800 + at}"))
        await stack.process.send_all()
    assert len(stack.provider.sent) == 2
    assert "No recibirás" in str(stack.provider.texts()[0])
    async with stack.app.units.begin(shop.workspace) as unit:
        kinds = [event.kind for event in await list_events(unit, None, MANY) if event.kind.startswith("contact.opted")]
    assert kinds == ["contact.opted_in", "contact.opted_out"]


async def test_a_tapped_button_counts(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(tap(shop, ADA, "b1", "Unsubscribe"))
    assert await is_out(stack, shop)


async def test_the_same_words_delivered_again_are_one_entry(stack: Stack) -> None:
    shop = await stack.shop()
    stop, start = (text(shop, ADA, words, timestamp=f"179542080{at}") for at, words in enumerate(("stop", "start")))
    await stack.take(stop, stop)
    await stack.take(start)
    await stack.take(stop, start, stop)
    assert [entry.state for entry in await ledger(stack, shop)] == ["granted", "withdrawn"]
    assert not await is_out(stack, shop)


def preference(shop: Shop, value: str, at: int) -> bytes:
    wish = {"wa_id": ADA[1:], "category": "marketing_messages", "value": value, "timestamp": at, "detail": "no more"}
    return delivery(shop, "user_preferences", {"user_preferences": [wish]})


@given(st.permutations([("stop", 1795420800), ("resume", 1795420801), ("stop", 1795420802)]), st.booleans())
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_the_latest_wish_holds_in_whatever_order_it_comes(
    stack: Stack,
    wishes: list[tuple[str, int]],
    together: bool,
) -> None:
    shop = await stack.shop()
    bodies = [preference(shop, value, at) for value, at in wishes]
    for batch in ([*bodies, *bodies],) if together else [[body] for body in [*bodies, *bodies]]:
        await stack.take(*batch)
    assert await is_out(stack, shop)
    assert len(await ledger(stack, shop)) == 3
    await stack.take(preference(shop, "resume", 1795420803))
    assert await offers(stack, shop)


async def test_who_was_never_met_is_remembered_for_their_wish(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(preference(shop, "stop", 1795420800))
    assert not await offers(stack, shop)


async def test_131050_as_the_answer_to_a_send(stack: Stack) -> None:
    shop = await stack.shop()
    stack.provider.refuse = lambda _: SendFailed(Remedy.OPTED_OUT, code=131050, title="Stopped marketing")
    assert await offers(stack, shop)
    await stack.process.send_all()
    assert [(entry.state, entry.method) for entry in await ledger(stack, shop)] == [("withdrawn", "provider_error")]
    assert not await offers(stack, shop)


async def test_131050_as_a_status(stack: Stack) -> None:
    shop = await stack.shop()
    queued = await stack.say(shop, ADA, OFFER, marketing=True)
    await stack.process.send_all()
    failed = status(shop, "wamid.x", "failed", ours=queued.id, errors=[error(131050, "Stopped marketing")])
    await stack.take(failed, failed)
    await stack.take(failed)
    assert [(entry.state, entry.method) for entry in await ledger(stack, shop)] == [("withdrawn", "provider_error")]
    assert not await offers(stack, shop)


STEPS = ("offer", "stop", "start", "send")


@given(st.lists(st.sampled_from(STEPS), min_size=2, max_size=8))
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_no_offer_leaves_while_stopped_however_the_steps_interleave(stack: Stack, steps: list[str]) -> None:
    """The opt-out may land before the offer is queued, or between queue and claim."""
    shop = await stack.shop()
    stopped, at = False, 1795420800
    for step in [*steps, "send"]:
        at += 1
        before = stack.provider.texts().count("An offer")
        match step:
            case "offer":
                assert await offers(stack, shop) is not stopped
            case "send":
                await stack.process.send_all()
                assert not stopped or stack.provider.texts().count("An offer") == before
            case _:
                stopped = step == "stop"
                await stack.take(text(shop, ADA, step, timestamp=f"{at}"))
    outcomes = {each.status for each in await stack.messages(shop) if each.body and each.body.body == OFFER.body}
    assert outcomes <= {"sent", "failed"}


async def test_answers_are_not_marketing(stack: Stack) -> None:
    shop = await stack.shop()
    await stack.take(text(shop, ADA, "stop"))
    await stack.say(shop, ADA, Content("text", {"body": "Your order left"}))
    await stack.process.send_all()
    assert "Your order left" in stack.provider.texts()


async def test_a_members_stop_in_a_group_is_the_members(stack: Stack) -> None:
    """The group's own conversation is with nobody in particular."""
    shop = await stack.shop()
    await stack.take(text(shop, ADA, "stop", group_id="G1"))
    rows = await stack.look("select c.kind::text from opt_out o join contact c on c.id = o.contact_id")
    assert [row["kind"] for row in rows] == ["person"]
