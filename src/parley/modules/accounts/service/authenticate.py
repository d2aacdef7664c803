"""Tell who holds an API key."""

from parley.core.errors import Unauthorized
from parley.kit.unit import Unit
from parley.modules.accounts import store
from parley.modules.accounts.domain import Principal, digest_of, is_well_formed


async def authenticate(unit: Unit, key: str) -> Principal:
    """Whose key this is; the unit is in the lane `sign_in`. Raises Unauthorized."""
    found = await store.find_key(unit, digest_of(key)) if is_well_formed(key) else None
    if found is None:
        raise Unauthorized("This API key is not known or was revoked. Make one with `parley key create`.")
    return found
