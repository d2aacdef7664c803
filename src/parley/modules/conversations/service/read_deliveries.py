"""Read raw deliveries: claim a batch, parse it, and let each room take what is its own, in one unit."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from parley.core.errors import Unavailable
from parley.kit.crypto import Key
from parley.kit.database import AWAY
from parley.kit.lanes import LINGER_FROM
from parley.kit.telemetry import counters
from parley.kit.unit import Unit, Units
from parley.modules.channels import (
    PARKED,
    Channel,
    Delivery,
    Noticed,
    Queue,
    Routes,
    claim_deliveries,
    inbound,
    keep_notices,
    open_delivery,
    put_delivery_back,
)
from parley.modules.channels.ports import ChannelDriver
from parley.modules.contacts import Directory, finish_merge
from parley.modules.conversations.service.change_identity import change_identities
from parley.modules.conversations.service.follow_merge import StaleContact
from parley.modules.conversations.service.receive import Arrival, receive
from parley.modules.conversations.service.report import Report, report
from parley.modules.conversations.service.revise import Revising, revise
from parley.modules.conversations.service.take_preferences import take_preferences

BATCHES = {Queue.PEOPLE: 200, Queue.STATUSES: 500}
"""Deliveries read in one unit: enough to share its cost, few enough to keep the last one's wait short."""

log = structlog.get_logger("parley.intake")


@dataclass(slots=True)
class Sorted:
    """A batch's items by the room that takes them."""

    arrivals: list[Arrival] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    revisings: list[Revising] = field(default_factory=list)
    noticed: list[Noticed] = field(default_factory=list)
    people: list[tuple[Channel, inbound.ContactSynced | inbound.IdentityChanged]] = field(default_factory=list)
    preferences: list[tuple[Channel, inbound.PreferenceChanged]] = field(default_factory=list)
    unrouted: list[Delivery] = field(default_factory=list)
    channels: dict[object, Channel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """The lane that reads one queue of deliveries."""

    units: Units
    routes: Routes
    directory: Directory
    drivers: Mapping[str, ChannelDriver]
    key: Key
    queue: Queue = Queue.PEOPLE
    beside: asyncio.Event | None = None
    """Wakes the reader beside this one; set when so many waited that there may be enough for two."""

    async def work(self) -> int:
        """Read one batch; how many deliveries it had."""
        try:
            return await self._read(BATCHES[self.queue])
        except StaleContact as stale:
            for workspace, contact in stale.contacts:
                async with self.units.begin(workspace) as unit:
                    await finish_merge(unit, self.directory, contact)
            return await self._read(BATCHES[self.queue])
        except (Unavailable, *AWAY):
            raise
        except Exception:
            log.exception("A batch could not be read; reading it one by one.", action="batch_failed")
            return await self._read_singly()

    async def _read(self, limit: int) -> int:
        async with self.units.begin(redone=self.queue is Queue.STATUSES) as unit:
            deliveries = await claim_deliveries(unit, self.queue, limit)
            if self.beside is not None and len(deliveries) >= LINGER_FROM:
                self.beside.set()
            if deliveries:
                await self._take(unit, deliveries)
        counters.add("deliveries", "read", len(deliveries))
        return len(deliveries)

    async def _read_singly(self) -> int:
        """One unit a delivery, so that one which can't be read holds up no other: it is put aside and shown."""
        done = 0
        for _ in range(BATCHES[self.queue]):
            try:
                if await self._read(1) == 0:
                    break
            except (Unavailable, *AWAY):
                raise
            except Exception:
                log.exception("A delivery could not be read and waits for another attempt.", action="delivery_failed")
                counters.add("deliveries", "failed")
                async with self.units.begin() as unit:
                    for delivery in await claim_deliveries(unit, self.queue, 1):
                        await put_delivery_back(unit, delivery, delivery.attempts + 1)
            done += 1
        return done

    async def _take(self, unit: Unit, deliveries: Sequence[Delivery]) -> None:
        found = await self._sort(deliveries)
        if found.channels:
            await unit.bind(sorted({channel.workspace for channel in found.channels.values()}))
        for delivery in found.unrouted:
            await put_delivery_back(unit, delivery, PARKED)
        keys = self.directory.people.scopes
        for items, take in (
            (found.people, partial(change_identities, unit, self.directory)),
            (found.arrivals, partial(receive, unit, self.directory)),
            (found.reports, partial(report, unit, self.directory.people)),
            (found.revisings, partial(revise, unit, keys)),
            (found.preferences, partial(take_preferences, unit, self.directory)),
            (found.noticed, partial(keep_notices, unit, keys)),
        ):
            if items:
                await take(items)

    async def _sort(self, deliveries: Sequence[Delivery]) -> Sorted:
        found = Sorted()
        for delivery in deliveries:
            for item in self.drivers["whatsapp"].parse(open_delivery(self.key, delivery.body), delivery.received_at):
                channel = await self.routes.find("whatsapp", item.account)
                if channel is None:
                    if delivery not in found.unrouted:
                        found.unrouted.append(delivery)
                    continue
                found.channels[channel.id] = channel
                _put(found, channel, item)
        return found


def _put(found: Sorted, channel: Channel, item: inbound.Inbound) -> None:
    match item:
        case inbound.InboundMessage():
            found.arrivals.append(Arrival(channel, item))
        case inbound.StatusChange():
            found.reports.append(Report(channel, item))
        case inbound.MessageEdited() | inbound.MessageRevoked():
            found.revisings.append(Revising(channel, item))
        case inbound.ContactSynced() | inbound.IdentityChanged():
            found.people.append((channel, item))
        case inbound.PreferenceChanged():
            found.preferences.append((channel, item))
        case _:
            found.noticed.append(Noticed(channel, item))
