"""Who speaks in a conversation: the bot, a person, or nobody. A lease, with a holder and an end.

The bot speaks only in a unit that holds the conversation's row and finds the floor its own (`say`). Whoever takes the
floor holds the same row, and takes back in the same unit what the bot said and nobody has begun to send.
"""

from collections.abc import Sequence
from datetime import datetime

from parley.core.errors import InvalidInput, NotFound, fault
from parley.core.events import Event
from parley.core.ids import ConversationId
from parley.core.json import JsonObject
from parley.core.time import now, rfc3339
from parley.kit.unit import Unit, Units
from parley.modules.conversations.domain import BY_FLOW, BY_PHONE, PERSON_HOLDS, PHONE_HOLDS, Floor, Lease, Thread
from parley.modules.conversations.events import ConversationHandedOver, FloorChanged, MessageCancelled
from parley.modules.conversations.store import floors, threads

LONGEST_LEASE = 90
"""Days: who wants the bot silent for longer gives the floor to nobody."""
BATCH = 500
"""Leases ended in one unit."""
OVER = "expired"
"""By whom the bot has the floor again when a lease is over."""


async def hand_over(unit: Unit, handed: Sequence[Thread]) -> None:
    """The bot has said what it had to say; people answer from here on."""
    await _take(unit, handed, Lease(holder="person", by=BY_FLOW, until=now() + PERSON_HOLDS))


async def answered_by_phone(unit: Unit, answered: Sequence[Thread]) -> None:
    """Somebody wrote from the business's phone: they have the floor, anew with each message."""
    await _take(unit, answered, Lease(holder="person", by=BY_PHONE, until=now() + PHONE_HOLDS))


async def give_floor(unit: Unit, conversation: ConversationId, holder: Floor, until: datetime | None) -> None:
    """By request; without an end a person has it for PERSON_HOLDS, nobody for good. Raises NotFound, InvalidInput."""
    moment = now()
    thread = await threads.lock_thread(unit, conversation)
    if thread is None:
        raise NotFound("There is no such conversation in this workspace.")
    if until is not None and (holder == "bot" or not 0 < (until - moment).total_seconds() <= LONGEST_LEASE * 86_400):
        sentence = f"Give a time at most {LONGEST_LEASE} days ahead, and none for the bot."
        raise InvalidInput("The floor can't be given until then.", [fault("/expires_at", "out_of_range", sentence)])
    if until is None and holder == "person":
        until = moment + PERSON_HOLDS
    actor = unit.caller.actor if unit.caller else "parley"
    await _take(unit, [thread], Lease(holder=holder, by=actor, until=until))


async def take_back(unit: Unit, places: Sequence[floors.Place]) -> None:
    """What the bot said in these conversations and nobody has begun to send is said no more."""
    for each in await floors.take_back(unit, places, now()):
        unit.record(
            MessageCancelled(
                workspace=each.workspace,
                at=now(),
                contact=each.contact,
                conversation=each.conversation,
                message=each.id,
                detail={"reason": "floor_taken"},
            )
        )
        unit.wake("deliver")


async def silence_retries(unit: Unit, places: Sequence[floors.Place]) -> None:
    """Messages of these conversations went back into the queue: not where somebody took the floor meanwhile."""
    taken = await floors.taken_from_the_bot(unit, sorted(set(places)), now())
    if taken:
        await take_back(unit, taken)


class Floors:
    """Leases that are over."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def work(self) -> int:
        """Give the floor back to the bot; how many."""
        async with self._units.begin(lane="sweep") as unit:
            over = await floors.leases_over(unit, now(), BATCH)
            if over:
                await unit.bind(sorted({workspace for workspace, _ in over}))
                lease = Lease(holder="bot", by=OVER)
                for each in await floors.take(unit, over, lease):
                    unit.record(_changed(each, lease))
        return len(over)


async def _take(unit: Unit, threads_: Sequence[Thread], lease: Lease) -> None:
    places = [(thread.workspace, thread.id) for thread in threads_]
    moment = now()
    for each in await floors.take(unit, places, lease):
        was = "bot" if each.was_until is not None and each.was_until <= moment else each.was
        if was != lease.holder:
            unit.record(_changed(each, lease))
            if lease.holder == "person":
                unit.record(_fact(ConversationHandedOver, each))
    if lease.silences:
        await take_back(unit, places)


def _changed(taken: floors.Taken, lease: Lease) -> Event:
    detail = {"holder": lease.holder, "was": taken.was, "by": lease.by}
    ends = {"expires_at": rfc3339(lease.until)} if lease.until else {}
    return _fact(FloorChanged, taken, {**detail, **ends})


def _fact(kind: type[Event], taken: floors.Taken, detail: JsonObject | None = None) -> Event:
    return kind(
        workspace=taken.workspace, at=now(), contact=taken.contact, conversation=taken.conversation, detail=detail
    )
