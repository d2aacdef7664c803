"""Apps that partners make, and where they are installed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.errors import Forbidden, NotFound
from parley.core.ids import WorkspaceId, new_uuid, parse_public, random_bytes
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts.domain import Principal
from parley.modules.accounts.events import OauthAppInstalled, OauthAppRemoved
from parley.modules.accounts.key_format import digest_of, spell_secret
from parley.modules.accounts.oauth import App, AppTerms, check_app
from parley.modules.accounts.scopes import covers
from parley.modules.accounts.service.change_key import WAKE
from parley.modules.accounts.service.create_key import SECRET_BYTES
from parley.modules.accounts.store import oauth as store

LANE = "oauth"
SECRET_PREFIX = "parley_as_"
CLIENT = "app"
NO_APP = "There is no such app; GET /v1/oauth-apps lists yours."


@dataclass(frozen=True, slots=True)
class ShownApp:
    """An app of one's own."""

    app: App
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Installed:
    """An app that may act for this workspace."""

    row: store.InstallationRow
    name: str


async def create_app(unit: Unit, keys: KeyService, terms: AppTerms, maker: str) -> tuple[ShownApp, str]:
    """The app and its secret, which is shown this once. Raises InvalidInput."""
    check_app(terms)
    own = await keys.scope(unit.workspace)
    app, secret = new_uuid(), spell_secret(SECRET_PREFIX, random_bytes(SECRET_BYTES))
    about = store.ABOUT.seal(own.data, unit.workspace, app, _about(terms))
    row = store.AppRow(WorkspaceId(unit.workspace), app, about, digest_of(secret), list(terms.scopes), maker, now())
    await store.add_app(unit, row)
    return await _open(keys, row), secret


async def get_app(unit: Unit, keys: KeyService, wanted: UUID) -> ShownApp:
    """An app of the unit's workspace. Raises NotFound."""
    row = await store.find_app(unit, wanted)
    if row is None:
        raise NotFound(NO_APP)
    return await _open(keys, row)


async def list_apps(unit: Unit, keys: KeyService, after: UUID | None, limit: int) -> list[ShownApp]:
    return [await _open(keys, row) for row in await store.apps(unit, after, limit)]


async def change_app(unit: Unit, keys: KeyService, wanted: UUID, change: Callable[[AppTerms], AppTerms]) -> ShownApp:
    """An app with other terms. What was granted stays as it was granted. Raises NotFound, InvalidInput."""
    found = await get_app(unit, keys, wanted)
    terms = change(found.app.terms)
    check_app(terms)
    own = await keys.scope(unit.workspace)
    about = store.ABOUT.seal(own.data, unit.workspace, wanted, _about(terms))
    await store.change_app(unit, wanted, about, list(terms.scopes))
    return await get_app(unit, keys, wanted)


async def remove_app(unit: Unit, keys: KeyService, wanted: UUID) -> None:
    """End an app, and all that it was given anywhere. Raises NotFound."""
    await get_app(unit, keys, wanted)
    await store.remove_app(unit, wanted, now())
    unit.wake(WAKE)


async def find_app(unit: Unit, keys: KeyService, client_id: str) -> App | None:
    """The app of whatever workspace that calls itself this; the unit is in the lane `oauth`."""
    app = parse_public(CLIENT, client_id)
    row = await store.find_app(unit, app) if app is not None else None
    return (await _open(keys, row)).app if row is not None else None


async def install_app(
    unit: Unit, keys: KeyService, client_id: str, scopes: tuple[str, ...], installer: Principal
) -> Installed:
    """Let an app act for the unit's workspace, able to do no more than who lets it. Raises NotFound, Forbidden."""
    await unit.enter_lane(LANE)
    app = await find_app(unit, keys, client_id)
    if app is None:
        raise NotFound("There is no such app; ask its maker for the client id.")
    wanted = scopes or app.terms.scopes
    lacking = [each for each in wanted if not covers(installer.scopes, each, bounded=installer.bounded)]
    if lacking or installer.bounded:
        raise Forbidden("Your key can't give what it does not have itself.", code="beyond_own_scopes")
    return await install(unit, keys, app, wanted, installer.actor)


async def install(unit: Unit, keys: KeyService, app: App, scopes: tuple[str, ...], by: str) -> Installed:
    """The same, once it was decided. Raises Forbidden when the app may not ask for it."""
    if any(not covers(app.terms.scopes, each, bounded=False) for each in scopes):
        raise Forbidden("The app may not ask for these scopes.", code="beyond_app_scopes")
    own = await keys.scope(unit.workspace)
    known = await store.installed_in(unit, app.id)
    installation = known.id if known is not None else new_uuid()
    name = store.INSTALLED_NAME.seal(own.data, unit.workspace, installation, app.terms.name)
    row = store.InstallationRow(WorkspaceId(unit.workspace), installation, app.id, name, list(scopes), by, now(), None)
    await store.install(unit, row)
    unit.record(OauthAppInstalled(workspace=unit.workspace, at=now(), subject=installation))
    unit.wake(WAKE)
    return Installed(row, app.terms.name)


async def list_installations(unit: Unit, keys: KeyService, after: UUID | None, limit: int) -> list[Installed]:
    return [await _installed(keys, row) for row in await store.installations(unit, after, limit)]


async def get_installation(unit: Unit, keys: KeyService, wanted: UUID) -> Installed:
    """Raises NotFound."""
    row = await store.installation(unit, wanted)
    if row is None or row.removed_at is not None:
        raise NotFound("There is no such installation; GET /v1/oauth-installations lists yours.")
    return await _installed(keys, row)


async def remove_installation(unit: Unit, keys: KeyService, wanted: UUID) -> None:
    """Take an app's access away, with all its tokens, at once. Raises NotFound."""
    await get_installation(unit, keys, wanted)
    if await store.remove_installation(unit, wanted, now()):
        unit.record(OauthAppRemoved(workspace=unit.workspace, at=now(), subject=wanted))
        unit.wake(WAKE)


async def _open(keys: KeyService, row: store.AppRow) -> ShownApp:
    about = store.ABOUT.unseal((await keys.scope(row.workspace)).data, row.workspace, row.id, row.about)
    terms = AppTerms(name=about["name"], redirect_uris=tuple(about["redirect_uris"]), scopes=tuple(row.scopes))
    app = App(workspace=row.workspace, id=row.id, terms=terms, secret=row.secret)
    return ShownApp(app, row.created_by, row.created_at)


async def _installed(keys: KeyService, row: store.InstallationRow) -> Installed:
    own = await keys.scope(row.workspace)
    return Installed(row, store.INSTALLED_NAME.unseal(own.data, row.workspace, row.id, row.name))


def _about(terms: AppTerms) -> store.About:
    return {"name": terms.name.strip(), "redirect_uris": list(terms.redirect_uris)}
