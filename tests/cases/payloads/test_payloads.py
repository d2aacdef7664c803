"""Every sample payload is taken whole: answered 200, read, kept once, shown; and twice or shuffled changes nothing."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from parley.adapters.whatsapp.parse import parse
from parley.core.json import JsonValue
from parley.modules.channels.inbound import (
    AccountEvent,
    CallEvent,
    ContactSynced,
    FormEvent,
    GroupEvent,
    IdentityChanged,
    Inbound,
    InboundMessage,
    MessageEdited,
    MessageRevoked,
    PreferenceChanged,
    StatusChange,
    TemplateEvent,
    Unknown,
)
from tests.cases.whatsapp.samples import needs_payloads, payload, payloads
from tests.fakes.picture import Picture, differences, picture
from tests.fakes.stack import Shop, Stack

pytestmark = [needs_payloads, pytest.mark.store]

FOLDERS = ("inbound", "status", "other")
SEEDS = 4
NOTICED = (AccountEvent, CallEvent, FormEvent, GroupEvent, TemplateEvent, Unknown)
AT = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ids:
    account_id: str
    number_id: str


def ids_of(facts: list[Inbound]) -> list[Ids]:
    """The channels that facts are about; one about an account is about any number of it."""
    numbers = {each.account.number_id: each.account.account_id for each in facts if each.account.number_id}
    accounts = {each.account.account_id for each in facts if each.account.account_id} - set(numbers.values())
    found = {number: account or "none" for number, account in numbers.items()}
    found |= {f"any of {account}": account for account in accounts if account}
    return [Ids(account, number) for number, account in sorted(found.items())]


async def shop_of(stack: Stack, facts: list[Inbound]) -> Shop:
    shop = await stack.shop()
    for ids in ids_of(facts):
        await stack.number(shop.workspace, number_id=ids.number_id, account_id=ids.account_id)
    return shop


async def test_every_file_is_kept_once_and_shown(stack: Stack) -> None:
    problems: list[str] = []
    for name in payloads(*FOLDERS):
        body = dated(payload(name))
        facts = parse(body, AT)
        await stack.look("delete from channel")
        await stack.look("delete from delivery")
        stack.app.routes.invalidate()
        shop = await shop_of(stack, facts)
        await stack.take(body)
        once = await picture(stack, shop)
        problems += [f"{name}: {problem}" for problem in [*missing(facts, once), *await unread(stack, facts)]]
        await stack.take(body, body)
        problems += [f"{name} twice: {line}" for line in differences(once, await picture(stack, shop))]
    assert not problems, "\n".join(problems)


def missing(facts: list[Inbound], shown: Picture) -> Iterator[str]:
    """What of a file is not shown."""
    wanted: dict[str, list[Inbound]] = {
        "messages": [each for each in facts if isinstance(each, InboundMessage | IdentityChanged)],
        "notices": [
            each for each in facts if isinstance(each, NOTICED) and (each.account.account_id or each.account.number_id)
        ],
        "parked": [each for each in facts if isinstance(each, StatusChange)],
    }
    for part, these in wanted.items():
        if len(shown[part]) != len(these):
            yield f"{len(these)} {part} came, {len(shown[part])} are shown: {shown[part]}"
    for each in facts:
        if isinstance(each, InboundMessage) and not any(
            line.startswith(f"{each.provider_id} {each.content.kind} {each.origin}") for line in shown["messages"]
        ):
            yield f"{each.provider_id} is not shown as it came"
        if isinstance(each, PreferenceChanged) and not any("provider_preference" in said for said in shown["consents"]):
            yield "the wish is not in the ledger"
        if isinstance(each, ContactSynced) and not shown["people"]:
            yield "nobody is shown"


async def unread(stack: Stack, facts: list[Inbound]) -> list[str]:
    """Deliveries that wait must be those that nobody's channel is named in; and revisions are kept."""
    problems = []
    waiting = [row["attempts"] for row in await stack.look("select attempts from delivery")]
    nobodys = any(not (each.account.account_id or each.account.number_id) for each in facts)
    if waiting != ([99] if nobodys else []):
        problems.append(f"deliveries wait: {waiting}")
    revised = sum(isinstance(each, MessageEdited | MessageRevoked) for each in facts)
    shop_rows = await stack.look(
        "select count(*) from message_revision where workspace_id = (select max(id::text)::uuid from workspace)"
    )
    if shop_rows[0][0] != revised:
        problems.append(f"{revised} edits or withdrawals came, {shop_rows[0][0]} are kept")
    return problems


def dated(body: bytes) -> bytes:
    """A sample whose time is a placeholder gets one: else each repetition would be as young as its receipt."""
    return re.sub(rb'("timestamp": )"<[^"]*>"', rb'\1"1750000000"', body)


NUMBER_CHANGED = "16505550177"
ONE_MESSAGE = ("status/sent.json", "status/delivered.json", "status/read.json", "status/failed.json")
"""Statuses of one message."""


def told_apart(name: str) -> bytes:
    """A sample with what the documents carelessly share made its own: real messages never share an id, a person has
    one name at a time, and one number here changes its owner."""
    found = dated(payload(name))
    text = found.decode()
    text = text.replace("Pablo Morales", "Sheena Nelson").replace("Test Name", "Sheena Nelson")
    if "system_number_change" in name:
        text = text.replace("16505551234", NUMBER_CHANGED)
    mark = "one" if name in ONE_MESSAGE else re.sub(r"\W", "", name)
    try:
        return json.dumps(_marked(json.loads(text), mark)).encode()
    except ValueError:
        return found


def _marked(value: JsonValue, mark: str) -> JsonValue:
    if isinstance(value, dict):
        return {
            key: f"{each}.{mark}" if key == "id" and _is_message(value, each) else _marked(each, mark)
            for key, each in value.items()
        }
    return [_marked(each, mark) for each in value] if isinstance(value, list) else value


def _is_message(item: dict[str, JsonValue], each: JsonValue) -> bool:
    return isinstance(each, str) and ("type" in item or "status" in item) and "timestamp" in item


async def test_twice_and_shuffled_is_the_same(stack: Stack) -> None:
    bodies = [told_apart(name) for name in payloads(*FOLDERS)]
    facts = [fact for body in bodies for fact in parse(body, AT)]
    pictures: list[Picture] = []
    for seed in range(SEEDS):
        await stack.look("delete from channel")
        await stack.look("delete from delivery")
        stack.app.routes.invalidate()
        shop = await shop_of(stack, facts)
        order = [*bodies, *bodies] if seed else bodies
        if seed:
            random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
        step = (len(order), 1, 7, 30)[seed % 4]
        for start in range(0, len(order), step):
            await stack.take(*order[start : start + step])
        pictures.append(await picture(stack, shop))
    for other in pictures[1:]:
        assert not (lines := differences(pictures[0], other)), "\n".join(lines)
