"""Tell who holds an API key."""

from datetime import date

from parley.core.errors import Unauthorized
from parley.core.ids import KeyId
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Units
from parley.modules.accounts.domain import Principal, read_network
from parley.modules.accounts.key_format import digest_of, is_well_formed
from parley.modules.accounts.oauth import PREFIXES
from parley.modules.accounts.scopes import covers
from parley.modules.accounts.service.oauth_apps import LANE
from parley.modules.accounts.service.read_keys import open_keys
from parley.modules.accounts.store import keys as store
from parley.modules.accounts.store import oauth as grants


async def authenticate(units: Units, keys: KeyService, key: str) -> Principal:
    """Whose key or access token this is. Whether it expired is for the caller to see. Raises Unauthorized."""
    if key.startswith(PREFIXES["access"]):
        return await _app_with(units, key)
    found = await _find(units, key) if is_well_formed(key) else None
    if found is None or found[0].revoked_at is not None:
        raise Unauthorized("This API key is not known or was revoked. Make one with `parley key create`.")
    row, replaced = found
    (opened,) = await open_keys(keys, [row])
    ends = [opened.terms.expires_at, opened.old_secret_until if replaced else None]
    return Principal(
        workspace=row.workspace,
        key=row.id,
        scopes=opened.terms.scopes,
        mode=row.mode,
        channels=opened.terms.channels,
        addresses=tuple(network for each in opened.terms.addresses if (network := read_network(each)) is not None),
        version=row.version,
        expires_at=min((each for each in ends if each is not None), default=None),
    )


async def _app_with(units: Units, token: str) -> Principal:
    async with units.begin(lane=LANE) as unit:
        found = await grants.live_token(unit, digest_of(token))
    if found is None:
        raise Unauthorized("This access token is not known or was revoked; get another from /oauth/token.")
    return Principal(
        workspace=found.workspace,
        key=KeyId(found.installation),
        scopes=tuple(each for each in found.scopes if covers(found.installed, each, bounded=False)),
        expires_at=found.expires_at,
        app=found.app,
    )


async def _find(units: Units, key: str) -> tuple[store.KeyRow, bool] | None:
    async with units.begin(lane="sign_in") as unit:
        return await store.find(unit, digest_of(key), now())


async def pin_version(units: Units, principal: Principal, version: date) -> None:
    """Serve a key in this version from now on, unless its first request came before."""
    async with units.begin(principal.workspace) as unit:
        await store.pin(unit, principal.key, version)
