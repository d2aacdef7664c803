"""The whole visible state of a workspace as plain values: without our random ids and our own times.

Two runs that took the same deliveries in any order, however often, show the same picture.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from parley.modules.channels import list_notices
from parley.modules.contacts import Contact, list_contacts
from parley.modules.conversations import Message, list_conversations, list_messages
from parley.modules.privacy import consents_of
from tests.fakes.stack import MANY, Shop, Stack

Picture = dict[str, list[str]]


async def picture(stack: Stack, shop: Shop) -> Picture:
    """Messages with their statuses, people, conversations, notices, consents, parked statuses; each list sorted."""
    app = stack.app
    async with app.units.begin(shop.workspace) as unit:
        people = await list_contacts(unit, app.people, None, MANY)
        names: dict[UUID, str] = {contact.id: _who(contact) for contact in people}
        messages = await list_messages(unit, app.people, None, MANY)
        conversations = await list_conversations(unit, None, MANY, None)
        notices = await list_notices(unit, app.keys, None, None, MANY)
        ledger = {names[each.id]: await consents_of(unit, each.id, None, MANY) for each in people}
    numbers = {row["id"]: row["number_id"] for row in await stack.look("select id, number_id from channel")}
    threads: dict[UUID, str] = {each.id: f"{names[each.contact]} by {numbers[each.channel]}" for each in conversations}
    parked = await stack.look(
        "select status, at, detail::text, words is not null as words from parked_status where workspace_id = $1",
        shop.workspace,
    )
    return {
        "messages": sorted(_message(each, names, threads) for each in messages),
        "people": sorted(f"{_who(each)} {each.profile.name} {each.profile.fields}" for each in people),
        "opted out": sorted(f"{_who(each)} {each.opted_out_since}" for each in people if each.opted_out_since),
        "conversations": sorted(
            f"{threads[each.id]} {each.floor} {each.state} {each.last_inbound_at} {each.entry_expires_at} "
            f"{each.last_message_at}"
            for each in conversations
        ),
        "notices": sorted(f"{each.kind} {each.field} {each.event} {each.at} {each.body}" for each in notices),
        "consents": sorted(
            f"{who} {each.state} {each.method} {each.occurred_at}"
            for who, entries in ledger.items()
            for each in entries
        ),
        "parked": sorted(str(tuple(row)) for row in parked),
    }


def differences(one: Picture, other: Picture) -> list[str]:
    """What one has and the other has not, a line each."""
    return [
        line
        for part in one
        for line in (
            *(f"- {part}: {each}" for each in _beyond(one[part], other[part])),
            *(f"+ {part}: {each}" for each in _beyond(other[part], one[part])),
        )
    ]


def _beyond(these: Sequence[str], those: Sequence[str]) -> list[str]:
    left = list(those)
    return [each for each in these if each not in left or left.remove(each)]  # type: ignore[func-returns-value]


def _who(contact: Contact) -> str:
    return " ".join(sorted(f"{each.kind}:{each.value}" for each in contact.profile.identities))


def _message(message: Message, names: Mapping[UUID, str], threads: Mapping[UUID, str]) -> str:
    row = message.row
    steps = sorted((each.status, str(each.at), str(each.errors), str(each.pricing)) for each in message.statuses)
    later = sorted((each.kind, str(each.at), str(each.body)) for each in message.revisions)
    return (
        f"{message.provider_id} {row.kind} {row.origin} out={row.outbound} {message.status} {row.at} "
        f"from {names[row.contact]} in {threads[row.conversation]} {message.body} {steps} {later}"
    )
