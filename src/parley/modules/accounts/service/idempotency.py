"""Remember requests by their Idempotency-Key, so that one repeated does its work once and gets the same answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts.store import requests as store

KEPT = timedelta(hours=24)
"""A client that retries does so within a day."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer given to the first request with this key."""

    status: int
    body: dict[str, object]


async def take_request(unit: Unit, keys: KeyService, key: str, fingerprint: bytes) -> Stored | None:
    """None when this request is the first with its key and must do its work now, else the answer then given.

    Holds the key until the unit ends: a request with the same key waits, and sees either the answer or a free key.
    Raises InvalidInput when the key came before with another request.
    """
    own = await keys.scope(unit.workspace)
    lookup = blind_index(own.index, "idempotency", key)
    mark = blind_index(own.index, "fingerprint", fingerprint)
    if await store.take_request(unit, lookup, mark, keep=KEPT):
        return None
    found = await store.find_request(unit, lookup)
    if found is None or found.status is None or found.response is None:
        raise Conflict("A request with this Idempotency-Key is being worked on; repeat it in a moment.")
    if found.fingerprint != mark:
        raise InvalidInput(
            "This Idempotency-Key came before with another request; use a new key for a new request.",
            code="idempotency_key_reused",
        )
    body = store.RESPONSE.unseal(own.data, unit.workspace, _row(lookup), found.response)
    return Stored(found.status, body)


async def finish_request(unit: Unit, keys: KeyService, key: str, answer: Stored) -> None:
    """Keep the answer, in the same transaction as the work."""
    own = await keys.scope(unit.workspace)
    lookup = blind_index(own.index, "idempotency", key)
    sealed = store.RESPONSE.seal(own.data, unit.workspace, _row(lookup), answer.body)
    await store.finish_request(unit, lookup, answer.status, sealed)


async def sweep_requests(unit: Unit, now: datetime) -> None:
    """Forget answers older than KEPT; the unit is in the lane `sweep`."""
    await store.sweep_requests(unit, now - KEPT)


def _row(lookup: bytes) -> UUID:
    return UUID(bytes=lookup)
