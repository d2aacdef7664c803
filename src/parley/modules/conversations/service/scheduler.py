"""Let scheduled messages leave when their time comes: judged then, by the rules of that moment."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from parley.core.time import now
from parley.kit.crypto import CannotUnseal, Key, key_id_of
from parley.kit.unit import Unit, Units
from parley.modules.channels import Routes
from parley.modules.conversations.domain import Draft, Queued, Refused, Status, Stored
from parley.modules.conversations.events import MessageFailed
from parley.modules.conversations.service.say import Invalid, Speaker
from parley.modules.conversations.store import arrivals, outbox, scheduled, threads
from parley.modules.privacy import People

BATCH = 100
"""Released in one unit; more are due at once only after a stop."""
CODES = {"window_closed": 131047, "opted_out": 131050, "template_not_usable": 132015}
"""Meta's code for what a rule refuses, as Meta itself would have told it; 0 where it has none."""

Why = tuple[int, str]
"""Code and sentence of a failure."""
ERASED: Why = (0, "The person was erased before this was sent")
REMOVED: Why = (0, "The channel was removed before this was sent")


@dataclass(frozen=True, slots=True)
class Scheduler:
    """The lane of messages that leave later."""

    units: Units
    people: People
    routes: Routes
    speaker: Speaker

    async def work(self) -> int:
        """Release what is due; how many."""
        async with self.units.begin(lane="claim") as unit:
            due = await scheduled.due(unit, now(), BATCH)
            if due:
                await unit.enter_lane("")
                await unit.bind(sorted({each.workspace for each in due}))
                await self._release(unit, due)
        return len(due)

    async def _release(self, unit: Unit, due: Sequence[scheduled.Due]) -> None:
        places = [(each.workspace, each.id) for each in due]
        waiting = {each.id: each for each in await scheduled.stored(unit, places)}
        keys = await self.people.keys_of([(each.workspace, key_id_of(each.body)) for each in waiting.values()])
        drafts: list[tuple[scheduled.StoredMessage, Draft]] = []
        refused: list[tuple[scheduled.StoredMessage, Why]] = []
        for each in due:
            message = waiting.get(each.id)
            if message is None:
                continue
            if not await self._has_channel(message):
                refused.append((message, REMOVED))
                continue
            draft = await _draft(unit, each, message, keys.get(key_id_of(message.body)))
            if draft is None:
                refused.append((message, ERASED))
            else:
                drafts.append((message, draft))
        outcomes = await self.speaker.say(unit, [draft for _, draft in drafts])
        for (message, _), outcome in zip(drafts, outcomes, strict=True):
            if not isinstance(outcome, Queued):
                refused.append((message, _why(outcome)))
        await scheduled.drop(unit, places)
        if refused:
            await _fail(unit, refused)

    async def _has_channel(self, message: scheduled.StoredMessage) -> bool:
        own = await self.routes.of_workspace(message.workspace)
        return any(each.id == message.channel for each in own)


async def _draft(unit: Unit, due: scheduled.Due, message: scheduled.StoredMessage, key: Key | None) -> Draft | None:
    """What was to be said; None when it can't be read any more."""
    try:
        body = arrivals.BODY.unseal(key, message.workspace, message.id, message.body) if key else None
    except CannotUnseal:
        body = None
    thread = await threads.hold_thread(unit, message.workspace, message.conversation)
    if body is None or thread is None:
        return None
    return Draft(
        thread=thread,
        content=body.content(),
        to=body.party,
        author="api",
        marketing=due.marketing,
        priority=due.priority,
        expires_at=due.expires_at,
        stored=Stored(message.id, message.body),
    )


def _why(outcome: Refused | Invalid) -> Why:
    if isinstance(outcome, Invalid):
        return 0, outcome.faults[0].detail
    return CODES.get(outcome.code, 0), outcome.detail


async def _fail(unit: Unit, refused: Sequence[tuple[scheduled.StoredMessage, Why]]) -> None:
    codes = {message.id: code for message, (code, _) in refused}
    ended = [
        outbox.Ended(
            message.workspace,
            message.id,
            Status.FAILED,
            now(),
            msgspec.json.encode({"errors": [{"code": code, "title": title, "doc_url": None}]}).decode(),
            None,
        )
        for message, (code, title) in refused
    ]
    for settled, _ in await outbox.settle_ended(unit, ended):
        unit.record(
            MessageFailed(
                workspace=settled.workspace,
                at=now(),
                contact=settled.contact,
                conversation=settled.conversation,
                message=settled.id,
                detail={"code": codes[settled.id]},
            )
        )
