"""Say something: the only way a message leaves, for flow, agent, campaign, API and façade alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from parley.core.content import MEDIA_KINDS
from parley.core.errors import Fault
from parley.core.ids import MessageId, new_uuid, parse_public
from parley.core.time import now
from parley.kit.crypto import Key
from parley.kit.unit import Unit
from parley.modules.channels import Routes
from parley.modules.channels.ports import ChannelDriver
from parley.modules.conversations.domain import (
    DEADLINE,
    Draft,
    MessageBody,
    Queued,
    Refused,
    Thread,
    admit,
    admit_later,
    after,
)
from parley.modules.conversations.events import MessageQueued, MessageRefused
from parley.modules.conversations.service.file_rules import judge_files
from parley.modules.conversations.service.template_rules import judge_templates
from parley.modules.conversations.store import arrivals, direct, outbox, scheduled
from parley.modules.conversations.store.claims import Claimed
from parley.modules.privacy import MARKETING, People, opted_out


@dataclass(frozen=True, slots=True)
class Invalid:
    """The channel's provider would refuse this content; each fault points into the message object."""

    faults: tuple[Fault, ...]


Outcome = Queued | Refused | Invalid


class Taker(Protocol):
    """A sender in this process. What it takes as it is queued needs no claim, and leaves right after the commit."""

    def offer(self, unit: Unit, rows: Sequence[outbox.QueueRow]) -> direct.Taking | None:
        """Which of these it has room for; None for none. Places are kept until `take`, or until the unit is undone."""
        ...

    def take(self, unit: Unit, taking: direct.Taking, taken: Sequence[Claimed]) -> None:
        """These of what was offered it has, once the unit is committed."""
        ...


class Speaker:
    """Says drafts: checks, admits, seals and queues them in the caller's unit."""

    def __init__(self, people: People, routes: Routes, drivers: Mapping[str, ChannelDriver]) -> None:
        self._people = people
        self._routes = routes
        self._drivers = drivers
        self.taker: Taker | None = None
        """Set where messages are sent too."""

    async def say(self, unit: Unit, drafts: Sequence[Draft]) -> list[Outcome]:
        """What became of each draft, in order. The conversations' rows are held by this unit already."""
        moment = now()
        judged = await judge_templates(unit, self._people, self._routes, drafts, moment)
        drafts = judged.drafts
        misfits = await judge_files(unit, self._people, (self._routes, self._drivers), drafts)
        silent = await self._opted_out(unit, drafts)
        threads: dict[UUID, Thread] = {}
        outcomes: list[Outcome] = []
        fresh: list[outbox.QueueRow] = []
        kept: list[outbox.QueueRow] = []
        later: list[outbox.QueueRow] = []
        keys = await self._keys(drafts)
        for place, draft in enumerate(drafts):
            current = replace(draft, thread=threads.get(draft.thread.id, draft.thread))
            wrong = (*judged.faults.get(place, ()), *misfits.get(place, ()))
            outcome = judged.refused.get(place) or await self._decide(current, silent, (wrong, moment))
            outcomes.append(outcome)
            self._note(unit, current, outcome, moment)
            if isinstance(outcome, Queued):
                row = _row(current, outcome, keys[draft.thread.contact])
                if outcome.scheduled_for is not None:
                    later.append(row)
                    continue
                threads[draft.thread.id] = outcome.thread
                (kept if draft.stored else fresh).append(row)
        await self._queue(unit, _Rows(fresh, kept, later, moment), _slots(threads.values(), moment))
        return outcomes

    async def _queue(self, unit: Unit, rows: "_Rows", slots: list[outbox.Slot]) -> None:
        left = len(rows.kept)
        if rows.fresh:
            left += len(rows.fresh) - await self._queue_fresh(unit, rows, slots)
        if rows.kept:
            await scheduled.leave(unit, rows.kept, slots)
        if rows.later:
            await scheduled.schedule(unit, rows.later)
        if left:
            unit.wake("deliver")

    async def _queue_fresh(self, unit: Unit, rows: "_Rows", slots: list[outbox.Slot]) -> int:
        """Queue new messages; how many of them a sender took at once."""
        taking = self.taker.offer(unit, rows.fresh) if self.taker and not rows.kept else None
        if self.taker is None or taking is None:
            await outbox.queue(unit, rows.fresh, slots)
            return 0
        taken = await direct.queue_and_take(unit, (rows.fresh, slots), taking, rows.at)
        self.taker.take(unit, taking, taken)
        return len(taken)

    async def _decide(
        self, draft: Draft, silent: set[tuple[UUID, UUID]], found: tuple[tuple[Fault, ...], datetime]
    ) -> Outcome:
        """`found`: what is wrong already, and the moment."""
        wrong, moment = found
        channel = await self._routes.get(draft.thread.channel)
        faults = wrong or self._drivers[channel.kind].check(draft.content)
        if faults:
            return Invalid(tuple(faults))
        opted_out = (draft.thread.workspace, draft.thread.contact) in silent
        message = draft.stored.id if draft.stored else MessageId(new_uuid())
        if draft.send_at is not None and draft.send_at > moment:
            refused, at = admit_later(draft, opted_out=opted_out), draft.send_at
            kept = Queued(
                id=message, thread=draft.thread, at=moment, content=draft.content, due_at=at, scheduled_for=at
            )
            return refused or kept
        decision = admit(draft, opted_out=opted_out, now=moment)
        if isinstance(decision, Refused):
            return decision
        return Queued(
            id=message, thread=after(draft.thread, decision), at=moment, content=draft.content, due_at=decision.due_at
        )

    async def _opted_out(self, unit: Unit, drafts: Sequence[Draft]) -> set[tuple[UUID, UUID]]:
        marketed = sorted({(d.thread.workspace, d.thread.contact) for d in drafts if d.marketing})
        return await opted_out(unit, MARKETING, marketed) if marketed else set()

    async def _keys(self, drafts: Sequence[Draft]) -> dict[UUID, Key]:
        held: dict[UUID, Key] = {}
        for draft in drafts:
            key = self._people.key_in_memory(draft.thread.contact)
            if key is None:
                return await self._people.keys_of([(d.thread.workspace, d.thread.contact) for d in drafts])
            held[draft.thread.contact] = key
        return held

    def _note(self, unit: Unit, draft: Draft, outcome: Outcome, moment: datetime) -> None:
        thread = draft.thread
        if draft.stored:
            return
        if isinstance(outcome, Queued):
            unit.record(
                MessageQueued(
                    workspace=thread.workspace,
                    at=moment,
                    contact=thread.contact,
                    conversation=thread.id,
                    message=outcome.id,
                )
            )
            return
        code = outcome.code if isinstance(outcome, Refused) else "invalid_content"
        unit.record(
            MessageRefused(
                workspace=thread.workspace,
                at=moment,
                contact=thread.contact,
                conversation=thread.id,
                detail={"code": code, "author": draft.author},
            )
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Messages to queue now: new ones, those whose time has come, and those to keep for later."""

    fresh: list[outbox.QueueRow]
    kept: list[outbox.QueueRow]
    later: list[outbox.QueueRow]
    at: datetime


def _sealed(draft: Draft, message: MessageId, key: Key) -> bytes:
    content = draft.content
    body = MessageBody(
        kind=content.kind,
        body=dict(content.body),
        party=draft.to,
        context=content.context,
        group_id=draft.to.get("group_id"),
        metadata=draft.metadata,
        callback=draft.callback,
        marketing=draft.way,
    )
    return arrivals.BODY.seal(key, draft.thread.workspace, message, body)


def _row(draft: Draft, queued: Queued, key: Key) -> outbox.QueueRow:
    thread, content = draft.thread, draft.content
    return outbox.QueueRow(
        workspace=thread.workspace,
        id=queued.id,
        conversation=thread.id,
        contact=thread.contact,
        channel=thread.channel,
        origin=draft.author,
        kind=content.kind,
        at=queued.at,
        body=draft.stored.body if draft.stored else _sealed(draft, queued.id, key),
        priority=draft.priority,
        marketing=draft.marketing,
        due_at=queued.due_at,
        expires_at=draft.expires_at or max(queued.at, queued.due_at) + DEADLINE,
        media=own_media(content.kind, content.body),
    )


def _slots(threads: Iterable[Thread], moment: datetime) -> list[outbox.Slot]:
    return [(t.workspace, t.id, t.pair_arrival, moment) for t in threads if t.pair_arrival is not None]


def own_media(kind: str, body: Mapping[str, object]) -> UUID | None:
    """The file of ours that a message names (`{"id": "med_…"}`), if it does."""
    named = body.get("id") if kind in MEDIA_KINDS else None
    return parse_public("med", named) if isinstance(named, str) else None
