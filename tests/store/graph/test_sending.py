"""A Cloud API program sends through the façade: the provider's own ids and refusals, stand-ins where they are late."""

import asyncio

import pytest
import pytest_asyncio

from parley.entrypoints.graph import messages
from parley.modules.channels import Pause, pause_channel
from parley.modules.channels.ports import Marketing, Outgoing, Refusal, Remedy, SendFailed
from parley.modules.conversations import read_stand_in
from tests.fakes.graph import ADA, Program, moved, program
from tests.fakes.meta import status, text
from tests.fakes.provider import provider_id
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

UNSURE = SendFailed(Remedy.UNSURE, code=0, title="No answer")
META_SAID = (
    b'{"error":{"message":"(#131026) Message undeliverable","type":"OAuthException","code":131026,"fbtrace_id":"Ab"}}'
)


@pytest_asyncio.fixture(loop_scope="session")
async def call(stack: Stack) -> Program:
    stack.provider.refuse = stack.provider.unheard = lambda _: None
    await stack.process.send_all()
    stack.provider.sent.clear()
    return await program(stack)


def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "WAIT_SECONDS", 0.05)


async def test_it_answers_with_the_providers_id(stack: Stack, call: Program) -> None:
    told = await call.send()
    assert told.status == 200
    assert told.wamid == provider_id(stack.provider.sent[0])
    assert told.json["contacts"] == [{"input": ADA, "wa_id": ADA.lstrip("+")}]
    assert told.headers["request-id"].startswith("req_")


async def test_many_wait_at_once(stack: Stack, call: Program) -> None:
    told = await moved(stack, *[call.send(to=f"+155500020{n:02}", moving=False) for n in range(20)])
    assert sorted(each.wamid for each in told) == sorted(map(provider_id, stack.provider.sent))


async def test_a_refusal_is_told_word_for_word(stack: Stack, call: Program) -> None:
    refusal = SendFailed(Remedy.TELL_SENDER, code=131026, title="Ours", refusal=Refusal(400, META_SAID))
    stack.provider.refuse = lambda _: refusal
    told = await call.send()
    assert (told.status, told.raw) == (400, META_SAID)


async def test_a_late_outcome_gets_a_stand_in(stack: Stack, call: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    short_patience(monkeypatch)
    told = await call.send(moving=False)
    message = read_stand_in(told.wamid)
    assert message is not None
    early = await call.send(context={"message_id": told.wamid}, moving=False)
    assert early.code == (400, 131009, None)
    await stack.process.send_all()
    assert (await stack.message(call.shop, message)).known_as == told.wamid
    sent = next(each for each in stack.provider.sent if each.message_id == message)
    answer = await call.send(context={"message_id": told.wamid})
    assert answer.status == 200
    assert stack.provider.sent[-1].content.context == provider_id(sent)
    await call.send("reaction", {"message_id": told.wamid, "emoji": "👍"})
    assert stack.provider.sent[-1].content.body["message_id"] == provider_id(sent)


async def test_an_unsure_message_is_not_waited_for(stack: Stack, call: Program) -> None:
    stack.provider.unheard = lambda _: UNSURE
    told = await call.send()
    assert read_stand_in(told.wamid) == stack.provider.sent[0].message_id


async def test_a_key_sends_once_and_tells_the_same(
    stack: Stack, call: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"idempotency_key": "order-17"}
    first = await call.send(headers=key)
    again = await call.send(headers=key)
    assert again.json == first.json
    assert again.headers["idempotent-replayed"] == "true"
    other = await call.send(content={"body": "Other"}, headers=key)
    assert other.code == (400, 100, None)
    short_patience(monkeypatch)
    late = {"idempotency_key": "order-18"}
    stood_in = await call.send(headers=late, moving=False)
    await stack.process.send_all()
    assert (await call.send(headers=late, moving=False)).wamid == stood_in.wamid
    assert len(stack.provider.sent) == 2


async def test_a_program_that_goes_away_has_sent_all_the_same(stack: Stack, call: Program) -> None:
    asked = asyncio.create_task(call.send(moving=False))
    for _ in range(400):
        if await stack.messages(call.shop):
            break
        await asyncio.sleep(0.005)
    asked.cancel()
    await stack.process.send_all()
    assert len(stack.provider.sent) == 1


async def test_its_callback_data_stay_with_the_message_and_sealed(stack: Stack, call: Program) -> None:
    await call.send(biz_opaque_callback_data="Marker 17")
    message = (await stack.messages(call.shop))[0]
    assert message.body is not None
    assert message.body.callback == "Marker 17"
    rows = await stack.look("select body from message_body where workspace_id = $1", call.shop.workspace)
    assert b"Marker" not in rows[0]["body"]


async def test_a_closed_window_and_an_opt_out(stack: Stack, call: Program) -> None:
    await stack.take(text(call.shop, ADA, "stop", timestamp="1700000000"))
    assert (await call.send(moving=False)).code == (400, 131047, None)
    await stack.look("update template set category = 'MARKETING'")
    await stack.take(text(call.shop, ADA, "stop"))
    await stack.look(
        """insert into template (workspace_id, id, account_id, name, language, category, status, category_at, status_at,
        quality_at) values ($1, gen_random_uuid(), $2, 'sale', 'en', 'MARKETING', 'APPROVED', now(), now(), now())""",
        call.shop.workspace,
        call.shop.account_id,
    )
    sale = {"name": "sale", "language": {"code": "en"}}
    assert (await call.send("template", sale, moving=False)).code == (400, 131050, None)
    await stack.look("update template set status = 'DISABLED' where workspace_id = $1", call.shop.workspace)
    assert (await call.send("template", sale, moving=False)).code == (400, 132016, None)


@pytest.mark.parametrize(
    ("pause", "expected"),
    [
        (Pause("paused", None), (500, 131057, None)),
        (Pause("paused", 131031), (403, 131031, None)),
        (Pause("token_refused", 190), (403, 131005, None)),
    ],
    ids=["by us", "by Meta", "token"],
)
async def test_a_number_that_is_stopped(stack: Stack, call: Program, pause: Pause, expected: object) -> None:
    async with stack.app.units.begin(call.shop.workspace) as unit:
        await pause_channel(unit, call.shop.workspace, call.shop.channel, pause)
    assert (await call.send(moving=False)).code == expected


async def test_another_workspaces_number_is_nowhere(stack: Stack, call: Program) -> None:
    other = await stack.shop()
    own = await call("POST", f"/graph/v23.0/{other.number_id}/messages", {"messaging_product": "whatsapp"})
    made_up = await call("POST", "/graph/v23.0/999/messages", {"messaging_product": "whatsapp"})
    assert own.code == made_up.code == (400, 100, 33)


async def test_another_workspaces_message_is_nowhere(
    stack: Stack, call: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_patience(monkeypatch)
    theirs = await (await program(stack)).send(moving=False)
    assert (await call.send(context={"message_id": theirs.wamid}, moving=False)).code == (400, 131009, None)


async def test_a_group_is_written_to(stack: Stack, call: Program) -> None:
    told = await call.send(to="group-17", recipient_type="group")
    assert told.json["contacts"] == [{"input": "group-17"}]
    assert stack.provider.sent[0].group_id == "group-17"


async def test_a_reported_status_finds_its_message(stack: Stack, call: Program) -> None:
    told = await call.send(biz_opaque_callback_data="mine")
    outgoing: Outgoing = stack.provider.sent[0]
    await stack.take(status(call.shop, told.wamid, "read", ours=outgoing.message_id))
    assert (await stack.message(call.shop, outgoing.message_id)).status == "read"


TEMPLATE = {"name": "spring_sale", "language": {"code": "en_US"}}


async def test_marketing_goes_by_the_way_that_was_asked_for(stack: Stack, call: Program) -> None:
    told = await call.send("template", TEMPLATE, edge="marketing_messages", product_policy="STRICT")
    assert told.status == 200
    assert stack.provider.sent[0].marketing == Marketing(policy="STRICT", insists=True)
    text = await call.send(edge="marketing_messages")
    assert text.code == (400, 134100, None)
    lax = await call.send("template", TEMPLATE, edge="marketing_messages", product_policy="LAX")
    unclear = await call.send("template", TEMPLATE, edge="marketing_messages", message_activity_sharing="yes")
    assert lax.code == unclear.code == (400, 100, None)
