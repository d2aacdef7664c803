"""API keys as their owners see them, opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.errors import NotFound
from parley.core.ids import KeyId
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts.domain import KeyTerms
from parley.modules.accounts.store import keys as store


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key without its secret."""

    id: KeyId
    terms: KeyTerms
    hint: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    last_used_from: str | None
    old_secret_until: datetime | None
    revoked_at: datetime | None
    leaked_at: datetime | None
    leak_source: str | None


async def get_key(unit: Unit, keys: KeyService, wanted: UUID) -> ApiKey:
    """One key of the unit's workspace. Raises NotFound."""
    row = await store.one(unit, wanted)
    if row is None:
        raise NotFound("There is no such key in this workspace; GET /v1/api-keys lists yours.")
    return (await open_keys(keys, [row]))[0]


async def list_keys(unit: Unit, keys: KeyService, after: UUID | None, limit: int) -> list[ApiKey]:
    """A page of the workspace's keys, newest first; revoked ones too."""
    return await open_keys(keys, await store.page(unit, after, limit))


async def open_keys(keys: KeyService, rows: Iterable[store.KeyRow]) -> list[ApiKey]:
    opened = []
    for row in rows:
        own = (await keys.scope(row.workspace)).data
        place = (own, row.workspace, row.id)
        opened.append(
            ApiKey(
                id=row.id,
                terms=KeyTerms(
                    name=store.NAME.unseal(*place, row.name),
                    scopes=tuple(row.scopes),
                    mode=row.mode,
                    channels=frozenset(row.channels) if row.channels is not None else None,
                    addresses=tuple(store.ADDRESSES.unseal(*place, row.addresses)) if row.addresses else (),
                    expires_at=row.expires_at,
                ),
                hint=f"parley_{row.mode}_…{row.ending or ''}",
                created_at=row.created_at,
                created_by=row.created_by,
                last_used_at=row.last_used_at,
                last_used_from=store.USED_FROM.unseal(*place, row.last_used_from) if row.last_used_from else None,
                old_secret_until=row.old_secret_until,
                revoked_at=row.revoked_at,
                leaked_at=row.leaked_at,
                leak_source=store.LEAK_SOURCE.unseal(*place, row.leak_source) if row.leak_source else None,
            )
        )
    return opened
