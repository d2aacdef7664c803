"""Settle: write down what became of attempts, many at once; let each endpoint's health follow."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from parley.core.ids import WorkspaceId, chance, new_uuid
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.telemetry import counters
from parley.kit.unit import Unit, Units
from parley.modules.webhooks.domain import FAILING, GONE
from parley.modules.webhooks.events import WebhookDeliveryExhausted, WebhookEndpointDisabled
from parley.modules.webhooks.schedule import Tally, after, is_given_up, next_attempt
from parley.modules.webhooks.service.results import KEPT, Result
from parley.modules.webhooks.store import lanes, queue

MAX_GROUP = 128
"""Written down at once: a moment's work, so that nobody waits behind a crowd."""
GATHER_SECONDS = 0.008
"""While other requests are under way, results wait this long to be written down together."""


class DeliverySettler:
    """Gathers results and settles them in groups."""

    def __init__(self, units: Units, keys: KeyService, claimant: UUID) -> None:
        self._units = units
        self._keys = keys
        self._claimant = claimant
        self._waiting: list[Result] = []
        self._back: list[queue.Claimed] = []
        self.arrived = asyncio.Event()
        """Set while there is something to settle."""

    def put(self, result: Result, *, others: int) -> None:
        """Settle this soon: at once when nothing else is under way, else with what comes in the next moment."""
        counters.add("webhook_deliveries", result.outcome)
        self._waiting.append(result)
        self._soon(others)

    def put_back(self, claimed: Sequence[queue.Claimed]) -> None:
        """These were not attempted, and may be claimed again."""
        self._back += claimed
        self._soon(0)

    def _soon(self, others: int) -> None:
        if others == 0 or len(self._waiting) >= MAX_GROUP:
            self.arrived.set()
        elif len(self._waiting) == 1:
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self.arrived.set)

    async def work(self) -> int:
        """Settle one group; how many. A group that could not be settled stays for the next try."""
        group, back = self._waiting[:MAX_GROUP], list(self._back)
        self.arrived.clear()
        if not group and not back:
            return 0
        workspaces = sorted({each.claimed.workspace for each in group} | {each.workspace for each in back})
        for workspace in workspaces:
            await self._keys.scope(workspace)
        async with self._units.begin(*workspaces) as unit:
            if back:
                await queue.release(unit, self._claimant, back)
            if group:
                await self._settle(unit, group)
        del self._waiting[: len(group)]
        del self._back[: len(back)]
        return len(group) + len(back)

    async def _settle(self, unit: Unit, group: Sequence[Result]) -> None:
        moment = now()
        by_endpoint: dict[lanes.Endpoint, list[Result]] = {}
        for result in group:
            by_endpoint.setdefault((result.claimed.workspace, result.claimed.endpoint), []).append(result)
        failing = {pair: results for pair, results in by_endpoint.items() if any(each.failed for each in results)}
        took = {pair for pair, results in by_endpoint.items() if any(each.delivered for each in results)}
        healthy = [pair for pair in took if pair not in failing]
        await queue.settle(unit, self._claimant, [self._row(unit, each, moment) for each in group], healthy)
        if failing:
            await self._mind(unit, failing, moment)

    def _row(self, unit: Unit, result: Result, moment: datetime) -> queue.Settled:
        claimed = result.claimed
        attempts = claimed.attempts + 1
        due = next_attempt(attempts, moment, chance.random(), result.retry_after) if result.failed else None
        state = "delivered" if result.delivered else "pending" if due else "failed"
        if state == "failed":
            unit.record(_exhausted(claimed, moment))
        attempt = new_uuid()
        own = self._keys.held(claimed.workspace)
        return queue.Settled(
            workspace=claimed.workspace,
            delivery=claimed.id,
            state=state,
            attempts=attempts,
            due_at=due,
            status=result.status,
            attempt=attempt,
            at=moment,
            outcome=result.outcome,
            milliseconds=result.milliseconds,
            detail=KEPT.seal(own.data, claimed.workspace, attempt, result.kept),
        )

    async def _mind(self, unit: Unit, failing: dict[lanes.Endpoint, list[Result]], moment: datetime) -> None:
        """Open the circuit of endpoints that fail, and disable those that are gone or failed for days."""
        healths = await lanes.lock(unit, list(failing))
        minded = {pair: after(health, _tally(failing[pair]), moment) for pair, health in healths.items()}
        await lanes.save(unit, minded)
        gone = {pair: GONE for pair, results in failing.items() if any(each.outcome == "gone" for each in results)}
        given_up = {pair: FAILING for pair, health in minded.items() if is_given_up(health, moment)}
        ended = {**given_up, **gone}
        if ended:
            for workspace, endpoint in await lanes.disable(unit, ended):
                unit.record(
                    WebhookEndpointDisabled(
                        workspace=workspace,
                        at=moment,
                        subject=endpoint,
                        detail={"reason": ended[WorkspaceId(workspace), endpoint]},
                    )
                )


def _tally(results: Sequence[Result]) -> Tally:
    return Tally(
        delivered=sum(each.delivered for each in results),
        failed=sum(each.failed for each in results),
        retry_after=max((each.retry_after for each in results if each.retry_after), default=None),
    )


def _exhausted(claimed: queue.Claimed, moment: datetime) -> WebhookDeliveryExhausted:
    return WebhookDeliveryExhausted(
        workspace=claimed.workspace, at=moment, subject=claimed.endpoint, detail={"delivery_id": str(claimed.id)}
    )
