"""Change what a key is called, may do, and for how long; give it a new secret; end it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, fault
from parley.core.ids import random_bytes
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts.domain import MAX_OVERLAP, KeyTerms, Principal, check_within
from parley.modules.accounts.events import ApiKeyRevoked, ApiKeyRotated, ApiKeyUpdated
from parley.modules.accounts.key_format import digest_of, ending_of, spell_key
from parley.modules.accounts.service.create_key import SECRET_BYTES, KeyDesk, NewKey, stored_terms
from parley.modules.accounts.service.read_keys import ApiKey, get_key
from parley.modules.accounts.store import keys as store

WAKE = "keys"
"""What every web process hears when keys that it remembers may no longer be what they were."""


async def change_key(
    unit: Unit, desk: KeyDesk, wanted: UUID, change: Callable[[KeyTerms], KeyTerms], maker: Principal | None
) -> ApiKey:
    """A key with other terms, which hold from the next request on. Raises Conflict, and as KeyDesk.check."""
    found = await _working(unit, desk.keys, wanted)
    check_within(maker, found.terms)
    terms = change(found.terms)
    if terms != found.terms:
        await desk.check(unit, terms, maker)
        own = await desk.keys.scope(unit.workspace)
        await store.change(unit, found.id, stored_terms(own, unit, found.id, terms))
        unit.record(ApiKeyUpdated(workspace=unit.workspace, at=now(), subject=found.id))
        unit.wake(WAKE)
    return await get_key(unit, desk.keys, wanted)


async def rotate_key(unit: Unit, desk: KeyDesk, wanted: UUID, overlap: timedelta, maker: Principal | None) -> NewKey:
    """A new secret; the one before works on for the overlap. Raises NotFound, Conflict, InvalidInput, Forbidden."""
    if not timedelta(0) <= overlap <= MAX_OVERLAP:
        sentence = f"Name 0 to {int(MAX_OVERLAP.total_seconds())} seconds."
        raise InvalidInput("The overlap is too long.", [fault("/overlap_seconds", "out_of_range", sentence)])
    found = await _working(unit, desk.keys, wanted)
    check_within(maker, found.terms)
    secret = spell_key(random_bytes(SECRET_BYTES), found.terms.mode)
    until = now() + overlap if overlap else None
    await store.rotate(unit, found.id, (digest_of(secret), ending_of(secret)), until)
    detail = {"overlap_seconds": int(overlap.total_seconds())}
    unit.record(ApiKeyRotated(workspace=unit.workspace, at=now(), subject=found.id, detail=detail))
    unit.wake(WAKE)
    return NewKey(found.id, secret)


async def revoke_key(unit: Unit, keys: KeyService, wanted: UUID) -> None:
    """End a key, for good and at once; ending it twice is one fact. Raises NotFound."""
    found = await get_key(unit, keys, wanted)
    if await store.revoke(unit, found.id, now()):
        unit.record(ApiKeyRevoked(workspace=unit.workspace, at=now(), subject=found.id))
        unit.wake(WAKE)


async def _working(unit: Unit, keys: KeyService, wanted: UUID) -> ApiKey:
    found = await get_key(unit, keys, wanted)
    if found.revoked_at is not None:
        raise Conflict("This key was revoked; make another.", code="key_revoked")
    return found
