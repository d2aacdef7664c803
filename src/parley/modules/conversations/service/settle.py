"""Settle: write down what became of each post, many at once; nothing is forgotten while the database is away."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from parley.core.content import Content
from parley.core.events import Event
from parley.core.ids import MessageId, chance
from parley.core.time import now
from parley.kit.crypto import Key, SealedColumn, blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit, Units
from parley.modules.channels import LastSeen, note_traffic
from parley.modules.channels.ports import Receipt, Refusal, Remedy, SendFailed
from parley.modules.conversations.domain import Status
from parley.modules.conversations.events import MessageFailed, MessageSent, MessageUnsure
from parley.modules.conversations.retry import retry_at, sends_again
from parley.modules.conversations.service.floor import silence_retries
from parley.modules.conversations.service.receive import REF
from parley.modules.conversations.service.remedy import Remedied, apply_remedies
from parley.modules.conversations.service.trace import keep_exchanges
from parley.modules.conversations.store import arrivals, claims, outbox, outcomes

MAX_GROUP = 128
"""Written down at once: a moment's work, so that nobody waits behind a crowd."""
GATHER_SECONDS = 0.008
"""While other posts are under way, results wait this long to be written down together."""

WORDS = SealedColumn("message_status", "words", str)
"""What a provider said of a failure; it may name the person, so it is sealed. Bound to the workspace, not to a row:
a status may come before its message is known."""


@dataclass(frozen=True, slots=True)
class Result:
    """A claimed message and what became of it: a receipt, or a failure."""

    message: claims.Claimed
    receipt: Receipt | None = None
    failure: SendFailed | None = None
    key: Key | None = None
    content: Content | None = None


class Settler:
    """Gathers results and settles them in groups."""

    def __init__(self, units: Units, keys: KeyService) -> None:
        self._units = units
        self._keys = keys
        self._waiting: list[Result] = []
        self.arrived = asyncio.Event()
        """Set while there is something to settle."""

    def put(self, result: Result, *, others: int = 0) -> None:
        """Settle this soon: at once when nothing else is under way, else with what comes in the next moment."""
        self._waiting.append(result)
        if others == 0 or len(self._waiting) >= MAX_GROUP:
            self.arrived.set()
        elif len(self._waiting) == 1:
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self.arrived.set)

    def holds(self) -> list[MessageId]:
        """Messages whose outcome is known but not yet written down."""
        return [result.message.id for result in self._waiting]

    async def work(self) -> int:
        """Settle one group; how many. A group that could not be settled stays for the next try."""
        group = self._waiting[:MAX_GROUP]
        self.arrived.clear()
        if not group:
            return 0
        # A receipt that gets lost is told again by a status, which carries our id; a failure is told once.
        redone = all(result.receipt is not None for result in group)
        async with self._units.begin(*{result.message.workspace for result in group}, redone=redone) as unit:
            await self._settle(unit, group)
        del self._waiting[: len(group)]
        return len(group)

    async def _settle(self, unit: Unit, group: Sequence[Result]) -> None:
        for result in group:
            await self._keys.scope(result.message.workspace)
        sent = [result for result in group if result.receipt is not None]
        failed = [result for result in group if result.failure is not None]
        told = [(each.message, each.key, (each.receipt or each.failure)) for each in group]
        await keep_exchanges(unit, [(message, key, of.exchange) for message, key, of in told if of is not None])
        if sent:
            await self._settle_sent(unit, sent)
        if failed:
            await self._settle_failed(unit, failed)
            await apply_remedies(
                unit, self._keys, [Remedied(r.message, r.failure, r.content) for r in failed if r.failure]
            )

    async def _settle_sent(self, unit: Unit, sent: Sequence[Result]) -> None:
        moment = now()
        rows = []
        for result in sent:
            message, receipt, key = result.message, result.receipt, result.key
            if receipt is None or key is None:
                continue
            own = self._keys.held(message.workspace)
            sealed = arrivals.PROVIDER_ID.seal(key, message.workspace, message.id, receipt.provider_id)
            rows.append(
                (message.workspace, message.id, blind_index(own.index, REF, receipt.provider_id), sealed, moment)
            )
        places: set[tuple[UUID, UUID]] = {(each.message.workspace, each.message.channel) for each in sent}
        await note_traffic(unit, dict.fromkeys(places, LastSeen(outbound_at=moment)))
        for settled in await outbox.settle_sent(unit, rows):
            if settled.is_news:
                unit.record(_fact(MessageSent, settled, None))
            if settled.more:
                unit.wake("deliver")

    async def _settle_failed(self, unit: Unit, failed: Sequence[Result]) -> None:
        moment = now()
        again = []
        ended = []
        for result in failed:
            message, failure = result.message, result.failure
            if failure is None:
                continue
            due = retry_at(failure.remedy, message.attempt, failure.retry_after, moment, chance.random())
            if sends_again(failure.remedy) and due < message.expires_at:
                again.append((message.workspace, message.id, due))
            else:
                ended.append(self._ended(result, failure))
        if again:
            await outbox.settle_again(unit, again)
            places = {each.message.id: (each.message.workspace, each.message.conversation) for each in failed}
            await silence_retries(unit, [places[message] for _, message, _ in again])
        if ended:
            await self._keep_refusals(unit, failed)
            for settled, status in await outbox.settle_ended(unit, ended):
                kind = MessageUnsure if status == Status.UNSURE else MessageFailed
                code = next(r.failure.code for r in failed if r.failure and r.message.id == settled.id)
                unit.record(_fact(kind, settled, code))
                if settled.more:
                    unit.wake("deliver")

    async def _keep_refusals(self, unit: Unit, failed: Sequence[Result]) -> None:
        """Keep what the provider said word for word, under the person's key."""
        rows = [
            (r.message.workspace, r.message.id, kept.status, _sealed(r.message, r.key, kept))
            for r in failed
            if r.failure and r.key and (kept := r.failure.refusal) and not sends_again(r.failure.remedy)
        ]
        if rows:
            await outcomes.keep_refusals(unit, rows)

    def _ended(self, result: Result, failure: SendFailed) -> outbox.Ended:
        message = result.message
        own = self._keys.held(message.workspace)
        unsure = failure.remedy is Remedy.UNSURE
        error = {"code": failure.code, "title": failure.title, "doc_url": failure.doc_url}
        return outbox.Ended(
            message.workspace,
            message.id,
            Status.UNSURE if unsure else Status.FAILED,
            now(),
            msgspec.json.encode({"errors": [error]}).decode(),
            WORDS.seal(own.data, message.workspace, message.workspace, failure.detail) if failure.detail else None,
        )


def _sealed(message: claims.Claimed, key: Key, refusal: Refusal) -> bytes:
    return outcomes.REFUSAL.seal(key, message.workspace, message.id, refusal.body)


def _fact(kind: type[Event], settled: outbox.Settled, code: int | None) -> Event:
    return kind(
        workspace=settled.workspace,
        at=now(),
        contact=settled.contact,
        conversation=settled.conversation,
        message=settled.id,
        detail={"code": code} if code is not None else None,
    )
