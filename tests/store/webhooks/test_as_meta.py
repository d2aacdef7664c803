"""An endpoint of kind `meta` hears what a Cloud API program hears from Meta, after Meta's handshake."""

import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from parley.core.content import Content
from parley.entrypoints.graph import messages
from parley.modules.webhooks.ports import Post
from tests.fakes.api import caller
from tests.fakes.graph import program
from tests.fakes.meta import message, status, text
from tests.fakes.provider import provider_id
from tests.fakes.receiver import URL, Json, Outgoing, answers, echoes_challenge, endpoint
from tests.fakes.stack import Stack
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store

ADA = "+15550001111"


def values(out: Outgoing) -> list[Json]:
    return [each["entry"][0]["changes"][0]["value"] for each in out.receiver.bodies()]


def signed_with(secret: str, post: Post) -> bool:
    digest = hmac.digest(secret.encode(), post.body or b"", hashlib.sha256).hex()
    return post.headers["x-hub-signature-256"] == f"sha256={digest}"


async def test_after_the_handshake_messages_and_statuses(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    out.receiver.by_url[URL] = echoes_challenge
    made = await endpoint(call, "*", kind="meta", verify_token="open sesame")
    assert made["state"] == "verifying"
    body = text(call.shop, ADA, "hello", name="Ada")
    await stack.take(body)
    await out.tell()
    assert out.receiver.posts == []
    await out.handshaking.work()
    asked = parse_qs(urlsplit(out.receiver.posts[0].url).query)
    assert (asked["hub.mode"], asked["hub.verify_token"]) == (["subscribe"], ["open sesame"])
    await out.tell()
    sent = json.loads(body)["entry"][0]["changes"][0]["value"]
    assert values(out) == [sent]
    posted = out.receiver.posts[-1]
    assert signed_with(made["secret"], posted)
    await stack.say(call.shop, ADA, Content("text", {"body": "Hi"}))
    await stack.settle_down()
    wamid = (await stack.messages(call.shop))[-1].provider_id
    assert wamid is not None
    await stack.take(status(call.shop, wamid, "delivered", to=ADA))
    await out.tell()
    told = [each["statuses"][0] for each in values(out)[1:]]
    assert [(each["id"], each["status"]) for each in told] == [(wamid, "sent"), (wamid, "delivered")]


async def test_the_old_secret_signs_until_the_fresh_one_is_there(stack: Stack, clock: Clock) -> None:
    """Meta's header has room for one signature."""
    call, out = await caller(stack), Outgoing.of(stack)
    out.receiver.by_url[URL] = echoes_challenge
    made = await endpoint(call, "message.received", kind="meta", verify_token="open sesame")
    await out.handshaking.work()
    at = f"/v1/webhook-endpoints/{made['id']}"

    async def signer(*secrets: str) -> list[bool]:
        await stack.take(text(call.shop, ADA, "hello"))
        await out.tell()
        return [signed_with(each, out.receiver.posts[-1]) for each in secrets]

    fresh = (await call("POST", f"{at}/rotate-secret")).json["secret"]
    assert await signer(made["secret"], fresh) == [True, False]
    assert (await call("POST", f"{at}/finish-rotation")).status == 200
    assert await signer(made["secret"], fresh) == [False, True]
    freshest = (await call("POST", f"{at}/rotate-secret")).json["secret"]
    clock.forward(hours=25)
    assert await signer(fresh, freshest) == [False, True]


@pytest.mark.parametrize("answer", [answers(403), answers(200)], ids=["refused", "no challenge"])
async def test_without_the_challenge_nothing_is_told(stack: Stack, answer: Json) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    out.receiver.by_url[URL] = answer
    made = await endpoint(call, "*", kind="meta", verify_token="open sesame")
    await out.handshaking.work()
    shown = (await call("GET", f"/v1/webhook-endpoints/{made['id']}")).json
    assert shown["state"] == "unverified"
    assert shown["reason"] in ("answered_403", "wrong_challenge")
    await stack.take(text(call.shop, ADA, "hello"))
    await out.tell()
    assert out.receiver.bodies() == []
    out.receiver.by_url[URL] = echoes_challenge
    await call("POST", f"/v1/webhook-endpoints/{made['id']}/enable")
    await out.handshaking.work()
    await out.tell()
    assert len(out.receiver.bodies()) == 1


async def test_a_verify_token_is_needed(stack: Stack) -> None:
    call = await caller(stack)
    reply = await call("POST", "/v1/webhook-endpoints", {"url": URL, "event_types": ["*"], "kind": "meta"})
    assert reply.faults == [("/verify_token", "missing")]


async def test_what_meta_has_no_word_for_is_not_told(stack: Stack) -> None:
    call, out = await caller(stack), Outgoing.of(stack)
    out.receiver.by_url[URL] = echoes_challenge
    await endpoint(call, "*", kind="meta", verify_token="open sesame")
    await out.handshaking.work()
    await call("POST", "/v1/contacts", {"phone": ADA, "name": "Ada"})
    await out.tell()
    assert out.receiver.bodies() == []


async def test_an_answer_names_what_the_program_knows(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that was answered with a stand-in goes by it, whatever Meta calls it."""
    monkeypatch.setattr(messages, "WAIT_SECONDS", 0.05)
    call, out = await caller(stack), Outgoing.of(stack)
    out.receiver.by_url[URL] = echoes_challenge
    await endpoint(call, "message.received", kind="meta", verify_token="open sesame")
    await out.handshaking.work()
    stood_in = await (await program(stack, call.shop)).send(moving=False)
    await stack.settle_down()
    theirs = provider_id(stack.provider.sent[0])
    assert theirs != stood_in.wamid
    answered = {"type": "text", "text": {"body": "Yes"}, "context": {"from": "15550009999", "id": theirs}}
    reaction = {"type": "reaction", "reaction": {"message_id": theirs, "emoji": "👍"}}
    await stack.take(message(call.shop, ADA, answered), message(call.shop, ADA, reaction))
    await out.tell()
    told = [each["messages"][0] for each in values(out)]
    assert told[0]["context"] == {"from": "15550009999", "id": stood_in.wamid}
    assert told[1]["reaction"]["message_id"] == stood_in.wamid
