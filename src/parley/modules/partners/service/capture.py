"""Capture the bodies of a key's requests for a while, to find a fault."""

from datetime import datetime, timedelta
from uuid import UUID

from parley.core.errors import NotFound
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts import check_key
from parley.modules.partners.store import captures
from parley.modules.partners.store.captures import Rule

WAKE = "captures"
"""Who is told when a rule changes: every web process."""


async def start_capture(unit: Unit, key: UUID, hours: int, now: datetime) -> Rule:
    """Keep the bodies of this key's requests from now on, for so many hours. Raises NotFound."""
    await check_key(unit, key)
    rule = Rule(key, now + timedelta(hours=hours))
    await captures.set_rule(unit, rule.key, rule.until)
    unit.wake(WAKE)
    return rule


async def end_capture(unit: Unit, key: UUID) -> None:
    """Keep no more, and forget what was kept. Raises NotFound."""
    if not await captures.drop_rule(unit, key):
        raise NotFound("The bodies of this key's requests are not captured.")
    unit.wake(WAKE)


async def captured(unit: Unit, keys: KeyService, request: UUID, now: datetime) -> list[object] | None:
    """The redacted bodies of a request and its answer, if they were captured and are still kept."""
    sealed = await captures.get(unit, request, now)
    if sealed is None:
        return None
    own = await keys.scope(unit.workspace)
    return captures.BODIES.unseal(own.data, unit.workspace, request, sealed)
