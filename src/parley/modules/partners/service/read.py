"""Find requests in the API's logs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.errors import NotFound
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.partners.domain import Wanted
from parley.modules.partners.service.record import IDEMPOTENCY
from parley.modules.partners.store import logs
from parley.modules.partners.store.logs import Logged

AROUND = timedelta(seconds=35)
"""A request makes its thing within its own time, which is bounded."""


async def get_log(unit: Unit, request: UUID) -> Logged:
    """One request. Raises NotFound."""
    found = await logs.get(unit, request)
    if found is None:
        raise NotFound("There is no such request in this workspace's logs; logs are kept for a limited time.")
    return found


async def list_logs(unit: Unit, after: UUID | None, limit: int, wanted: Wanted) -> Sequence[Logged]:
    """Requests, newest first."""
    return await logs.page(unit, after, limit, wanted)


async def lookup_of(unit: Unit, keys: KeyService, idempotency_key: str) -> bytes:
    """Under what requests with this Idempotency-Key are found."""
    own = await keys.scope(unit.workspace)
    return blind_index(own.index, IDEMPOTENCY, idempotency_key)


async def request_that_made(unit: Unit, thing: str, at: datetime) -> Logged | None:
    """The request that made something at that moment; only the time around it is looked through."""
    wanted = Wanted(made=thing, since=at - AROUND, until=at + AROUND)
    return next(iter(await logs.page(unit, None, 1, wanted)), None)
