"""Make an API key."""

from dataclasses import dataclass

from parley.core.errors import InvalidInput, fault
from parley.core.ids import KeyId, new_uuid, random_bytes
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts import store
from parley.modules.accounts.domain import MAX_NAME, check_scopes, digest_of, spell_key


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `secret` is shown this once and stored nowhere."""

    id: KeyId
    secret: str


async def create_key(unit: Unit, keys: KeyService, name: str, scopes: tuple[str, ...] = ("*",)) -> NewKey:
    """A new key of the unit's workspace. Raises InvalidInput."""
    if not 1 <= len(name.strip()) <= MAX_NAME:
        raise InvalidInput("The key needs a name.", [fault("/name", "length", "The name has 1 to 100 characters.")])
    check_scopes(scopes)
    own = await keys.scope(unit.workspace)
    key = KeyId(new_uuid())
    secret = spell_key(random_bytes(24))
    sealed = store.KEY_NAME.seal(own.data, unit.workspace, key, name.strip())
    await store.add_key(unit, key, sealed, digest_of(secret), scopes)
    return NewKey(key, secret)
