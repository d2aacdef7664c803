"""Make an API key."""

from dataclasses import dataclass

from parley.core.ids import KeyId, WorkspaceId, new_uuid, random_bytes
from parley.core.time import now
from parley.kit.keys import KeyService, ScopeKeys
from parley.kit.unit import Unit
from parley.modules.accounts.domain import KeyTerms, Principal, check_channels, check_terms, check_within
from parley.modules.accounts.events import ApiKeyCreated
from parley.modules.accounts.key_format import digest_of, ending_of, spell_key
from parley.modules.accounts.ports import ChannelModes
from parley.modules.accounts.store import keys as store

SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, or its new secret; `secret` is shown this once and stored nowhere."""

    id: KeyId
    secret: str


@dataclass(frozen=True, slots=True)
class KeyDesk:
    """What making and changing keys needs."""

    keys: KeyService
    channels: ChannelModes

    async def check(self, unit: Unit, terms: KeyTerms, maker: Principal | None) -> None:
        """Raises InvalidInput, NotFound and Forbidden when the maker can't make a key like this."""
        check_terms(terms, now())
        check_within(maker, terms)
        if terms.channels is not None:
            check_channels(terms, await self.channels.modes_of(WorkspaceId(unit.workspace)))


async def create_key(unit: Unit, desk: KeyDesk, terms: KeyTerms, maker: Principal | None = None) -> NewKey:
    """A new key of the unit's workspace, able to do no more than its maker. Raises as KeyDesk.check."""
    await desk.check(unit, terms, maker)
    own = await desk.keys.scope(unit.workspace)
    key = KeyId(new_uuid())
    secret = spell_key(random_bytes(SECRET_BYTES), terms.mode)
    await store.add(
        unit,
        store.NewRow(
            id=key,
            secret=digest_of(secret),
            ending=ending_of(secret),
            created_by=maker.actor if maker is not None else "cli",
            mode=terms.mode,
            terms=stored_terms(own, unit, key, terms),
        ),
    )
    unit.record(
        ApiKeyCreated(workspace=unit.workspace, at=now(), subject=key, detail={"mode": terms.mode}, mode=terms.mode)
    )
    return NewKey(key, secret)


def stored_terms(own: ScopeKeys, unit: Unit, key: KeyId, terms: KeyTerms) -> store.Terms:
    place = (own.data, unit.workspace, key)
    return store.Terms(
        name=store.NAME.seal(*place, terms.name.strip()),
        scopes=list(terms.scopes),
        channels=sorted(terms.channels) if terms.channels is not None else None,
        addresses=store.ADDRESSES.seal(*place, list(terms.addresses)) if terms.addresses else None,
        expires_at=terms.expires_at,
    )
