"""End a key that somebody found in the open."""

from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts.events import ApiKeyLeaked
from parley.modules.accounts.key_format import digest_of, is_well_formed
from parley.modules.accounts.service.change_key import WAKE
from parley.modules.accounts.store import keys as store


async def report_leak(unit: Unit, keys: KeyService, key: str, source: str | None) -> None:
    """Revoke the key at once where there is one; the unit is in the lane `sign_in`, of no workspace yet."""
    found = await store.find(unit, digest_of(key), now()) if is_well_formed(key) else None
    if found is None:
        return
    row, _ = found
    await unit.bind([row.workspace])
    own = await keys.scope(row.workspace)
    sealed = store.LEAK_SOURCE.seal(own.data, row.workspace, row.id, source) if source else None
    if await store.revoke(unit, row.id, now(), now(), sealed):
        unit.record(ApiKeyLeaked(workspace=row.workspace, at=now(), subject=row.id))
        unit.wake(WAKE)
