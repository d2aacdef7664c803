"""Deliver: claim what is due, fair between endpoints; tell it; one that hangs or fails delays nobody else."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from parley.core.errors import Unavailable
from parley.core.ids import WorkspaceId, new_uuid
from parley.core.time import elapsed_seconds, now
from parley.kit.database import AWAY
from parley.kit.keys import KeyService
from parley.kit.unit import Unit, Units
from parley.modules.conversations import Desk
from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.ports import Answer, Messenger
from parley.modules.webhooks.service.compose import Composer, Order
from parley.modules.webhooks.service.open_endpoint import Opener
from parley.modules.webhooks.service.outlet import FRESH, Outlet, Ready
from parley.modules.webhooks.service.results import Result, judge, keep, retry_after, unreadable
from parley.modules.webhooks.service.settle import DeliverySettler
from parley.modules.webhooks.service.sign import signed_post
from parley.modules.webhooks.store import deliveries, endpoints, feed, queue
from parley.modules.webhooks.telling import Dialect

SLOTS: Final = 512
"""Deliveries held at once by one worker, under way or ready."""
CLAIM_BATCH: Final = 128
"""Taken by one claim: composed together, and a moment's work."""
HELD: Final = timedelta(seconds=60)
"""A claim holds this long: the wait for a place, the request (15 s), and settling it while the database is slow."""
STALE_SECONDS: Final = 35.0
"""What waited so long for a place is put back, for its claim might not outlast the request."""

log = structlog.get_logger("parley.webhooks")


@dataclass(frozen=True, slots=True)
class Delivering:
    """What delivering needs."""

    units: Units
    keys: KeyService
    desk: Desk
    messenger: Messenger
    dialect: Dialect


class WebhookDeliverer:
    """The lane that tells endpoints."""

    def __init__(self, delivering: Delivering) -> None:
        self._units = delivering.units
        self._messenger = delivering.messenger
        self._claimant = new_uuid()
        self._opener = Opener(delivering.keys)
        self._composer = Composer(delivering.desk, delivering.dialect)
        self._outlets: dict[UUID, Outlet] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held = 0
        self.wake = asyncio.Event()
        """The lane's: set when an endpoint of which more is due has room again."""
        self.settler = DeliverySettler(delivering.units, delivering.keys, self._claimant)

    async def work(self) -> int:
        """Claim as much as there is room for, compose it and start sending; how many."""
        if self._held >= SLOTS:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            return 1
        self._outlets = {id_: outlet for id_, outlet in self._outlets.items() if not outlet.is_forgettable}
        claimed = await self._claim()
        self._held += len(claimed)
        for ready in await self._prepare(claimed):
            self._outlet(ready.endpoint.id).put(ready, self._start)
        return len(claimed)

    async def drain(self, seconds: float) -> None:
        """Wait for the requests under way; what is not done by then is told again by another worker."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _outlet(self, endpoint: UUID) -> Outlet:
        return self._outlets.setdefault(endpoint, Outlet())

    async def _claim(self) -> list[queue.Claimed]:
        limits = queue.ClaimLimits(
            most=min(CLAIM_BATCH, SLOTS - self._held),
            held=HELD,
            claimant=self._claimant,
            fresh=FRESH,
            rooms={endpoint: outlet.room for endpoint, outlet in self._outlets.items()},
        )
        async with self._units.begin(lane="webhooks") as unit:
            claimed = await queue.claim(unit, now(), limits)
        taken = Counter(each.endpoint for each in claimed)
        for each in claimed:
            is_cut = len(claimed) == limits.most or taken[each.endpoint] >= each.room
            self._outlet(each.endpoint).starved = is_cut
        return claimed

    async def _prepare(self, claimed: Sequence[queue.Claimed]) -> list[Ready]:
        by_workspace: dict[WorkspaceId, list[queue.Claimed]] = {}
        for each in claimed:
            by_workspace.setdefault(each.workspace, []).append(each)
        ready: dict[UUID, Ready] = {}
        for workspace, mine in by_workspace.items():
            try:
                async with self._units.begin(workspace) as unit:
                    ready.update(await self._compose(unit, mine))
            except (Unavailable, *AWAY):
                self._put_back(mine)
            except Exception:
                log.exception("Deliveries could not be composed.", action="compose_broke", workspace=str(workspace))
                self._give_up(mine, "Something broke in Parley while this was composed.")
        return [ready[each.id] for each in claimed if each.id in ready]

    async def _compose(self, unit: Unit, claimed: Sequence[queue.Claimed]) -> dict[UUID, Ready]:
        gathered = await _gathered(unit, [each.id for each in claimed if each.gathered])
        orders: dict[UUID, Order] = {}
        for each in claimed:
            endpoint = await self._endpoint(unit, each)
            events = gathered.get(each.id, []) if each.gathered else [each.event] if each.event else []
            if endpoint is not None and events:
                orders[each.id] = Order(each.id, endpoint, events, each.gathered)
        composed = await self._composer.compose(unit, list(orders.values()))
        self._give_up([each for each in claimed if each.id not in composed], "There is nothing left to tell of it.")
        since = elapsed_seconds()
        return {
            each.id: Ready(each, orders[each.id].endpoint, composed[each.id], since)
            for each in claimed
            if each.id in composed
        }

    async def _endpoint(self, unit: Unit, claimed: queue.Claimed) -> Endpoint | None:
        known = self._opener.known(claimed.endpoint, claimed.version)
        if known is None:
            row = await endpoints.get(unit, claimed.endpoint)
            known = await self._opener.open(row) if row else None
        return known

    def _start(self, ready: Ready) -> None:
        task = asyncio.create_task(self._deliver(ready))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, ready: Ready) -> None:
        begun = elapsed_seconds()
        result: Result | None = None
        try:
            if begun - ready.since < STALE_SECONDS:
                result = await self._attempt(ready)
        except Exception:
            log.exception("A delivery broke.", action="delivery_broke", delivery=str(ready.claimed.id))
            result = unreadable(ready.claimed, "Something broke in Parley while this was sent.")
        if result is None:
            self._put_back([ready.claimed])
        else:
            self._held -= 1
            self.settler.put(result, others=len(self._tasks) - 1)
        outlet = self._outlet(ready.endpoint.id)
        went_well = result is not None and result.delivered
        back = outlet.done(self._start, delivered=went_well, seconds=elapsed_seconds() - begun)
        self._put_back([each.claimed for each in back])
        if outlet.starved and outlet.room:
            self.wake.set()

    async def _attempt(self, ready: Ready) -> Result:
        post = signed_post(ready.endpoint, ready.composed)
        begun = elapsed_seconds()
        answer = await self._messenger.ask(post)
        outcome, problem = judge(answer)
        return Result(
            claimed=ready.claimed,
            outcome=outcome,
            status=answer.status if isinstance(answer, Answer) else None,
            milliseconds=round((elapsed_seconds() - begun) * 1000),
            kept=keep(post, answer, problem),
            retry_after=retry_after(answer),
        )

    def _put_back(self, claimed: Sequence[queue.Claimed]) -> None:
        """These were not attempted; another claim will find them."""
        if claimed:
            self._held -= len(claimed)
            self.settler.put_back(claimed)

    def _give_up(self, claimed: Sequence[queue.Claimed], problem: str) -> None:
        self._held -= len(claimed)
        for each in claimed:
            self.settler.put(unreadable(each, problem), others=0)


async def _gathered(unit: Unit, wanted: Sequence[UUID]) -> dict[UUID, list[feed.StoredEvent]]:
    """The facts of deliveries that gather some, in their order."""
    if not wanted:
        return {}
    named = await deliveries.gathered(unit, wanted)
    events = {each.id: each for each in await feed.events_of(unit, [e for ids in named.values() for e in ids])}
    return {delivery: [events[each] for each in ids if each in events] for delivery, ids in named.items()}
