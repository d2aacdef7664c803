"""Meta's door: who may knock, what is taken, and what is said when nothing can be kept."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml

from parley.adapters.whatsapp.signature import sign
from parley.entrypoints.ingress import PATH, Ingress
from parley.modules.channels import Intake
from tests.fakes.asgi import ask
from tests.fakes.meta import text
from tests.fakes.stack import OLD_SECRET, SECRET, Stack

pytestmark = pytest.mark.store

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text())
SECRETS = {"app": SECRET, "old": OLD_SECRET, "other": "another app's secret"}
PATIENCE = 5.0


def body_of(case: dict[str, Any]) -> bytes:
    if "zeros" in case:
        return b'{"entry":[]}'.ljust(int(case["zeros"]))
    if "nested" in case:
        return b'{"entry":' + b"[" * int(case["nested"])
    if "digits" in case:
        return b'{"entry":' + b"9" * int(case["digits"]) + b"}"
    return bytes.fromhex(case["hex"]) if "hex" in case else str(case["text"]).encode()


def named(case: dict[str, Any]) -> str:
    return str(case.get("name") or case.get("query") or case.get("method") or "nothing")


@pytest.mark.parametrize("case", CASES["handshake"], ids=named)
async def test_the_handshake(stack: Stack, case: dict[str, Any]) -> None:
    answered = await ask(stack.process.ingress, "GET", f"{PATH}?{case['query']}")
    assert answered.status == case["status"]
    assert "answer" not in case or answered.body.decode() == case["answer"]


async def test_deliveries(stack: Stack) -> None:
    """Each case's answer; what was taken is kept and read, whatever it is."""
    problems, taken = [], 0
    for case in CASES["deliveries"]:
        body = body_of(case)
        headers = {"content-length": case["length"]} if "length" in case else {}
        signature = case.get("signature")
        if signature is None and case["signed"] != "nothing":
            signature = sign(body, SECRETS[case["signed"]])
        if signature is not None:
            headers["X-Hub-Signature-256"] = signature
        step = case.get("chunks")
        sent = [body[start : start + step] for start in range(0, len(body), step)] if step else body
        answered = await ask(stack.process.ingress, "POST", PATH, headers=lower(headers), body=sent)
        taken += case["status"] == 200
        if answered.status != case["status"]:
            problems.append(f"{case['name']}: {answered.status} instead of {case['status']}")
    assert not problems, problems
    assert (await stack.look("select count(*) from delivery"))[0][0] == taken
    assert await stack.process.read() == taken
    kept = await stack.look("select attempts, count(*) from delivery group by 1")
    assert [tuple(row) for row in kept] == [(99, taken)], "kept for whoever they are about, none given up"


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("case", CASES["methods"], ids=named)
async def test_other_methods(stack: Stack, case: dict[str, Any]) -> None:
    answered = await ask(stack.process.ingress, case["method"], PATH)
    assert (answered.status, answered.headers.get("allow")) == (case["status"], "GET, POST")


async def test_no_secret_takes_nothing(stack: Stack) -> None:
    settings = stack.settings.model_copy(update={"meta_app_secret": None, "meta_verify_token": None})
    shut = Ingress(settings, stack.process.intake)
    for signature in (sign(b"{}", ""), sign(b"{}", SECRET)):
        answered = await ask(shut, "POST", PATH, headers={"x-hub-signature-256": signature}, body=b"{}")
        assert answered.status == 401
    assert (await ask(shut, "GET", f"{PATH}?hub.mode=subscribe&hub.verify_token=&hub.challenge=1")).status == 403


async def test_a_delivery_posted_often_is_one_message(stack: Stack) -> None:
    shop = await stack.shop()
    body = text(shop, "+15550001111", "once")
    await stack.take(*[body] * 5)
    await stack.take(body)
    assert len(await stack.messages(shop)) == 1


async def test_503_while_the_database_is_away_and_200_when_it_is_back(stack: Stack) -> None:
    shop = await stack.shop()
    body = text(shop, "+15550001111", "hello")
    database = stack.app.content
    name = database.address.database
    admin = await asyncpg.connect(stack.owner_url.replace(f"/{name}", "/postgres", 1))
    try:
        await stack.close()
        stack.owners.clear()
        await admin.execute(f'alter database "{name}" allow_connections false')
        await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        refused = (await stack.post(body))[0]
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) >= 1
    finally:
        await admin.execute(f'alter database "{name}" allow_connections true')
        await admin.close()
    async with asyncio.timeout(PATIENCE):
        while (await stack.post(body))[0].status != 200:  # noqa: ASYNC110 - Meta asks again, too
            await asyncio.sleep(0.05)
    await stack.process.read()
    assert [each.body and each.body.body for each in await stack.messages(shop)] == [{"body": "hello"}]


@pytest.mark.parametrize(
    "failure",
    [asyncpg.DiskFullError("disk full"), asyncpg.ReadOnlySQLTransactionError("read only"), ValueError("a bug")],
)
async def test_whatever_fails_is_503_and_the_next_is_taken(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """A full disk, a standby, a fault of ours: each waiting request is answered, and the door stays open."""

    async def failing(*_: object) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr("parley.modules.channels.store.deliveries.store", failing)
        async with asyncio.timeout(PATIENCE):
            answered = await stack.post(*[b"{}"] * 4)
            answered += await stack.post(b"{}")
        assert {each.status for each in answered} == {503}
    async with asyncio.timeout(PATIENCE):
        assert (await stack.post(b"{}"))[0].status == 200


async def test_a_full_waiting_room_says_so(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.modules.channels.service.accept.MAX_WAITING", 2)
    stuck = Intake(stack.app.content, stack.app.installation_key)  # its flushers were never started
    door = Ingress(stack.settings, stuck)
    headers = {"x-hub-signature-256": sign(b"{}", SECRET)}
    waiting = [asyncio.create_task(ask(door, "POST", PATH, headers=headers, body=b"{}")) for _ in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    refused = await ask(door, "POST", PATH, headers=headers, body=b"{}")
    assert (refused.status, "retry-after" in refused.headers) == (503, True)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
