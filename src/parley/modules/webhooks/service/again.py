"""Tell again: one delivery, all that failed, what was never told; and a test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import WorkspaceId
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.privacy import People
from parley.modules.webhooks.catalogue import sentences
from parley.modules.webhooks.domain import EVERYTHING, Endpoint, wants
from parley.modules.webhooks.events import WebhookEndpointTested
from parley.modules.webhooks.service.endpoints import get_endpoint
from parley.modules.webhooks.service.fan_out import DELIVER, happenings_of, queue_up
from parley.modules.webhooks.service.results import KEPT, Kept
from parley.modules.webhooks.store import feed, listing

MOST: Final = 10_000
"""Told again by one request; the answer says whether there is more."""
_STEP: Final = 500
_FIRST: Final = UUID(int=0)


async def get_delivery(unit: Unit, wanted: UUID) -> listing.DeliveryRow:
    """One delivery. Raises NotFound."""
    row = await listing.one(unit, wanted)
    if row is None:
        raise NotFound("There is no such delivery in this workspace; they are kept for 30 days.")
    return row


async def attempts_at(unit: Unit, keys: KeyService, delivery: UUID) -> list[tuple[listing.AttemptRow, Kept]]:
    """What was asked and answered, oldest first; kept for seven days."""
    own = await keys.scope(unit.workspace)
    rows = await listing.attempts(unit, delivery)
    return [(row, KEPT.unseal(own.data, unit.workspace, row.id, row.detail)) for row in rows]


async def resend(unit: Unit, wanted: UUID) -> listing.DeliveryRow:
    """Tell it again now, under the same id. Raises NotFound, Conflict when its endpoint is disabled."""
    await get_delivery(unit, wanted)
    if not await listing.resend(unit, [wanted], now()):
        raise _disabled()
    unit.wake(DELIVER)
    return await get_delivery(unit, wanted)


async def recover(unit: Unit, keys: KeyService, endpoint_id: UUID, since: datetime) -> tuple[int, bool]:
    """Tell again all that failed for good since a moment; how many, and whether there is more."""
    await _listening(unit, keys, endpoint_id)
    after, told = _FIRST, 0
    while told < MOST:
        failed = await listing.failed_since(unit, endpoint_id, after, since, _STEP)
        if not failed:
            return told, False
        await listing.resend(unit, failed, now())
        unit.wake(DELIVER)
        told += len(failed)
    return told, True


async def replay_missing(
    unit: Unit, people: People, endpoint_id: UUID, since: datetime, event_types: Sequence[str]
) -> tuple[int, bool]:
    """Tell what was never told since a moment, of these types or of all that the endpoint asks for."""
    endpoint = await _listening(unit, people.scopes, endpoint_id)
    chosen = replace(endpoint, event_types=tuple(event_types) or endpoint.event_types)
    patterns = [
        "%" if each == EVERYTHING else each.replace("_", r"\_").replace("*", "%") for each in chosen.event_types
    ]
    after, told = _FIRST, 0
    while told < MOST:
        gap = feed.Gap(endpoint=endpoint_id, after=after, since=since, kinds=patterns)
        missed = await feed.missed(unit, gap, _STEP)
        if not missed:
            return told, False
        after = missed[-1].id
        happenings = await happenings_of(unit, people, missed, [chosen])
        wanted = [(chosen, each) for each in missed if wants(chosen, happenings[each.id])]
        if wanted and await queue_up(unit, wanted, now()):
            unit.wake(DELIVER)
        told += len(wanted)
    return told, True


async def try_endpoint(unit: Unit, keys: KeyService, endpoint_id: UUID, kind: str) -> UUID:
    """Tell an endpoint an example of a type; the id of the event. Raises NotFound, InvalidInput, Conflict."""
    await _listening(unit, keys, endpoint_id)
    if kind not in sentences():
        sentence = "There is no such type of event. GET /v1/event-types lists them."
        raise InvalidInput("The test can't be made.", [fault("/type", "unknown_event_type", sentence)])
    event = WebhookEndpointTested(
        workspace=WorkspaceId(unit.workspace), at=now(), subject=endpoint_id, detail={"type": kind}
    )
    unit.record(event)
    return event.id


async def _listening(unit: Unit, keys: KeyService, endpoint_id: UUID) -> Endpoint:
    endpoint = await get_endpoint(unit, keys, endpoint_id)
    if endpoint.state == "disabled":
        raise _disabled()
    return endpoint


def _disabled() -> Conflict:
    return Conflict("The endpoint is disabled; enable it first.", code="endpoint_disabled")
