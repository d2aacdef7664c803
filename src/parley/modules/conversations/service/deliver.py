"""Deliver: claim what may leave, post it, and remember that we did before anything else can go wrong."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from parley.core.errors import NotFound, Unavailable
from parley.core.ids import MessageId, new_uuid
from parley.core.time import now
from parley.kit.crypto import CannotUnseal, Key, key_id_of
from parley.kit.database import AWAY
from parley.kit.telemetry import counters
from parley.kit.unit import Unit, Units
from parley.modules.channels import Routes
from parley.modules.channels.ports import ChannelDriver, Receipt, Remedy, SendFailed
from parley.modules.conversations.domain import INTERACTIVE, MessageBody
from parley.modules.conversations.service.outgoing import outgoing_of
from parley.modules.conversations.service.settle import Result, Settler
from parley.modules.conversations.store import arrivals, claims
from parley.modules.conversations.store.direct import Taking
from parley.modules.conversations.store.outbox import QueueRow
from parley.modules.media import MediaLibrary
from parley.modules.privacy import MARKETING, People, opted_out

SLOTS = 128
"""Posts under way at once in one worker; each holds a connection to the provider."""
WORKSPACE_SLOTS = SLOTS // 2
"""No workspace holds more than half of them."""
CLAIM_BATCH = 32
"""Taken by one claim: a large hand from one workspace's queue would keep another's reply waiting behind it."""
POST_SECONDS = 15.0
"""A provider that did not answer in this time may or may not have the message."""
HELD = timedelta(seconds=60)
"""A claim holds this long: the post, and settling it even while the database is slow."""

log = structlog.get_logger("parley.deliver")


@dataclass(frozen=True, slots=True)
class Sender:
    """What delivering needs."""

    units: Units
    people: People
    routes: Routes
    drivers: Mapping[str, ChannelDriver]
    media: MediaLibrary


class Deliverer:
    """The lane that sends. One post a conversation at a time, fair between workspaces."""

    def __init__(self, sender: Sender, settler: Settler) -> None:
        self._sender = sender
        self._settler = settler
        self._claimant = new_uuid()
        self._begun: dict[MessageId, asyncio.Task[None]] = {}
        self._promised: dict[MessageId, UUID] = {}
        """Messages that units under way would give us, and their workspaces."""
        self._by_workspace: Counter[UUID] = Counter()
        """Posts under way and promised."""
        self._looks = 0
        """Counted when a claim begins and ends: a unit's lock may have hidden a channel from one, which looks again."""
        self.wake = asyncio.Event()
        """Set when there may be something to claim."""
        self._doubtful = False
        """A claim may have been committed without our learning of it."""

    async def work(self) -> int:
        """Claim as many messages as there are free slots and start posting them; how many."""
        free = self._free()
        if free <= 0 and self._begun:
            await asyncio.wait(self._begun.values(), return_when=asyncio.FIRST_COMPLETED)
            return 1
        if free <= 0:
            self._looks += 1
            return 0
        claimed = await self._claim(free)
        await self._begin(claimed)
        return len(claimed)

    def offer(self, unit: Unit, rows: Sequence[QueueRow]) -> Taking | None:
        """Keep places for messages that may leave as they are queued: one a conversation, nothing bulky or doubtful."""
        free, seen, wanted, before = self._free(), set[UUID](), list[MessageId](), self._looks
        for row in () if unit.redone else rows:
            if row.conversation in seen:
                continue
            seen.add(row.conversation)
            full = len(wanted) >= free or self._by_workspace[row.workspace] >= WORKSPACE_SLOTS
            if not full and row.priority == INTERACTIVE and not row.marketing:
                wanted.append(row.id)
                self._promised[row.id] = row.workspace
                self._by_workspace[row.workspace] += 1
        if not wanted:
            return None
        taking = Taking(frozenset(wanted), HELD, self._claimant)

        async def look_again() -> None:
            if self._looks != before:
                self.wake.set()

        unit.then(look_again, lambda: self._lose(taking))
        return taking

    def take(self, unit: Unit, taking: Taking, taken: Sequence[claims.Claimed]) -> None:
        """Post these once the unit is committed."""
        self._free_places(taking.wanted.difference(each.id for each in taken))
        if taken:
            unit.then(lambda: self._begin(taken), lambda: self._lose(taking))

    def _lose(self, taking: Taking) -> None:
        """The unit failed, or its commit was not heard of."""
        self._doubtful = True
        self.wake.set()
        self._free_places(taking.wanted)

    def _free_places(self, messages: Iterable[MessageId]) -> None:
        for each in messages:
            workspace = self._promised.pop(each, None)
            if workspace is not None:
                self._by_workspace[workspace] -= 1

    def _free(self) -> int:
        return SLOTS - len(self._begun) - len(self._promised)

    async def drain(self) -> None:
        """Wait for the posts under way, and give back what else may be claimed: a clean stop leaves nothing unsure."""
        if self._begun:
            await asyncio.wait(self._begun.values(), timeout=POST_SECONDS)
        if self._doubtful:
            async with self._sender.units.begin(lane="claim") as unit:
                await self._release(unit)

    async def _claim(self, free: int) -> list[claims.Claimed]:
        full = tuple(w for w, n in self._by_workspace.items() if n >= WORKSPACE_SLOTS)
        busiest = max((n for n in self._by_workspace.values() if n < WORKSPACE_SLOTS), default=0)
        wanted = min(free, CLAIM_BATCH)
        limits = claims.ClaimLimits(wanted, min(wanted, WORKSPACE_SLOTS - busiest), HELD, self._claimant, full)
        doubtful, self._doubtful = self._doubtful, False
        self._looks += 1
        try:
            async with self._sender.units.begin(lane="claim") as unit:
                if doubtful:
                    await self._release(unit)
                claimed = await claims.claim(unit, now(), limits)
                marketed = [(each.workspace, each.contact) for each in claimed if each.marketing]
                silent = await opted_out(unit, MARKETING, marketed) if marketed else set()
        except BaseException:
            self._doubtful = True
            raise
        finally:
            self._looks += 1
        refused = [each for each in claimed if each.marketing and (each.workspace, each.contact) in silent]
        for each in refused:
            self._settler.put(Result(each, failure=_OPTED_OUT))
        return [each for each in claimed if each not in refused]

    async def _release(self, unit: Unit) -> None:
        await claims.release(unit, self._claimant, [*self._begun, *self._promised, *self._settler.holds()])

    async def _begin(self, claimed: Sequence[claims.Claimed]) -> None:
        keys = await self._keys(claimed)
        for each in claimed:
            self._start(each, keys.get(key_id_of(each.body)), failure=None if keys is not _NO_KEYS else _AWAY)

    async def _keys(self, claimed: Sequence[claims.Claimed]) -> Mapping[UUID, Key]:
        try:
            return await self._sender.people.keys_of([(each.workspace, key_id_of(each.body)) for each in claimed])
        except (Unavailable, *AWAY):
            return _NO_KEYS

    def _start(self, message: claims.Claimed, key: Key | None, *, failure: SendFailed | None) -> None:
        if self._promised.pop(message.id, None) is None:
            self._by_workspace[message.workspace] += 1
        self._begun[message.id] = asyncio.create_task(self._deliver(message, key, failure))

    async def _deliver(self, message: claims.Claimed, key: Key | None, failure: SendFailed | None) -> None:
        try:
            failure = failure or _cannot_be_sent(message, key, now())
            posted = Result(message, failure=failure) if failure or key is None else await self._post(message, key)
            self._settler.put(posted, others=len(self._begun) - 1)
        except Exception:
            log.exception("A message could not be handled; it is of unknown fate.", action="send_broke")
            self._settler.put(Result(message, failure=_BROKE))
        finally:
            self._by_workspace[message.workspace] -= 1
            del self._begun[message.id]

    async def _post(self, message: claims.Claimed, key: Key) -> Result:
        content = None
        try:
            body = arrivals.BODY.unseal(key, message.workspace, message.id, message.body)
            content = body.content()
            receipt = await self._send(message, body)
        except SendFailed as error:
            counters.add("sends", error.remedy.value)
            return Result(message, failure=error, key=key, content=content)
        except NotFound as error:
            return Result(message, failure=SendFailed(Remedy.FINAL, code=0, title=error.detail))
        except CannotUnseal as error:
            problem = SendFailed(Remedy.FINAL, code=0, title="The message can't be read any more", detail=str(error))
            return Result(message, failure=problem)
        counters.add("sends", "accepted")
        return Result(message, receipt=receipt, key=key)

    async def _send(self, message: claims.Claimed, body: MessageBody) -> Receipt:
        """Post it. Whatever fails before the post is for another try; after it began, only the driver knows."""
        try:
            channel = await self._sender.routes.get(message.channel)
            driver = self._sender.drivers[channel.kind]
            outgoing = await outgoing_of(self._sender.media, channel, driver, message, body)
        except (Unavailable, *AWAY):
            raise _AWAY from None
        try:
            async with asyncio.timeout(POST_SECONDS):
                return await driver.send(channel.access, outgoing)
        except TimeoutError:
            raise SendFailed(Remedy.UNSURE, code=0, title="The provider did not answer in time") from None


def _cannot_be_sent(message: claims.Claimed, key: Key | None, moment: datetime) -> SendFailed | None:
    if key is None:
        return _ERASED
    return _TOO_LATE if message.expires_at <= moment else None


_NO_KEYS: Mapping[UUID, Key] = {}
_AWAY = SendFailed(Remedy.RETRY, code=0, title="The database went away before this was sent")
_BROKE = SendFailed(Remedy.UNSURE, code=0, title="Something broke in Parley while this was sent")
_OPTED_OUT = SendFailed(Remedy.OPTED_OUT, code=0, title="The person opted out of marketing before this was sent")
_ERASED = SendFailed(Remedy.FINAL, code=0, title="The person was erased before this was sent")
_TOO_LATE = SendFailed(Remedy.FINAL, code=0, title="The message's deadline passed before it could be sent")
