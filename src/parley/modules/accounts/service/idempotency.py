"""Remember requests by their Idempotency-Key, so that one repeated does its work once and gets the same answer."""

from datetime import datetime, timedelta
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts.store import requests as store
from parley.modules.accounts.store.requests import Stored

KEPT = timedelta(hours=24)
"""A client that retries does so within a day."""


class BeingWorkedOn(Conflict):
    """Another request with this key is under way."""

    code = "idempotency_key_in_use"
    retry_after = 1.0

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key is being worked on; repeat it in a moment.")


async def take_request(unit: Unit, keys: KeyService, key: str, fingerprint: bytes) -> Stored | None:
    """None when this request is the first with its key and must do its work now, else the answer then given.

    Holds the key until the unit ends, waiting for nobody. Raises BeingWorkedOn when another unit holds it, InvalidInput
    when the key came before with another request.
    """
    own = await keys.scope(unit.workspace)
    lookup = blind_index(own.index, "idempotency", key)
    found = await store.look(unit, lookup, keep=KEPT)
    if found.status is None or found.response is None:
        if found.mine:
            return None
        raise BeingWorkedOn
    if found.fingerprint != blind_index(own.index, "fingerprint", fingerprint):
        raise InvalidInput(
            "This Idempotency-Key came before with another request; use a new key for a new request.",
            code="idempotency_key_reused",
        )
    return store.RESPONSE.unseal(own.data, unit.workspace, _row(lookup), found.response)


async def finish_request(unit: Unit, keys: KeyService, key: str, fingerprint: bytes, answer: Stored) -> None:
    """Keep the answer, in the same transaction as the work.

    Raises BeingWorkedOn when another unit was first, by a hair: this one must not be committed.
    """
    own = await keys.scope(unit.workspace)
    lookup = blind_index(own.index, "idempotency", key)
    mark = blind_index(own.index, "fingerprint", fingerprint)
    sealed = store.RESPONSE.seal(own.data, unit.workspace, _row(lookup), answer)
    if not await store.keep_answer(unit, lookup, mark, (answer.status, sealed), KEPT):
        raise BeingWorkedOn


async def sweep_requests(unit: Unit, now: datetime) -> None:
    """Forget answers older than KEPT; the unit is in the lane `sweep`."""
    await store.sweep_requests(unit, now - KEPT)


def _row(lookup: bytes) -> UUID:
    return UUID(bytes=lookup)
