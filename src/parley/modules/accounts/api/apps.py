"""Routes of partners' apps, and of those that may act for this workspace."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from parley.kit.keys import KeyService
from parley.kit.rest.ids import AppPath, InstallationPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.accounts.api.caller import PrincipalHere
from parley.modules.accounts.schemas.apps import (
    AppChange,
    AppShape,
    InstallationShape,
    NewApp,
    NewAppShape,
    NewInstallation,
)
from parley.modules.accounts.service import oauth_apps as verbs

apps = resource("oauth-apps")
installations = resource("oauth-installations")
ROUTERS = (apps, installations)

KeysHere = Annotated[KeyService, provided(KeyService)]
CREATED, NO_CONTENT = 201, 204


@apps.post("/oauth-apps", operation_id="create_oauth_app", summary="Create an app", status_code=CREATED)
async def create(unit: UnitHere, keys: KeysHere, maker: PrincipalHere, given: NewApp) -> NewAppShape:
    """Make an app that other workspaces may let act for them. The answer holds its secret, this once."""
    made, secret = await verbs.create_app(unit, keys, given.terms(), maker.actor)
    return NewAppShape.made(made, secret)


@apps.get("/oauth-apps", operation_id="list_oauth_apps", summary="List apps")
async def read_apps(unit: UnitHere, keys: KeysHere, window: WindowHere) -> Page[AppShape]:
    """The apps that this workspace made, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[verbs.ShownApp]:
        return await verbs.list_apps(unit, keys, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.app.id)
    return Page(data=[AppShape.of(each) for each in found], next_cursor=cursor)


@apps.get("/oauth-apps/{app_id}", operation_id="get_oauth_app", summary="Get an app")
async def read_app(unit: UnitHere, keys: KeysHere, app_id: AppPath) -> AppShape:
    """An app of this workspace, without its secret."""
    return AppShape.of(await verbs.get_app(unit, keys, app_id))


@apps.patch("/oauth-apps/{app_id}", operation_id="update_oauth_app", summary="Update an app")
async def update(unit: UnitHere, keys: KeysHere, app_id: AppPath, given: AppChange) -> AppShape:
    """Change an app. What was granted to it before stays as it was granted."""
    return AppShape.of(await verbs.change_app(unit, keys, app_id, given.apply))


@apps.delete("/oauth-apps/{app_id}", operation_id="delete_oauth_app", summary="Delete an app", status_code=NO_CONTENT)
async def remove(unit: UnitHere, keys: KeysHere, app_id: AppPath) -> None:
    """End an app, and at once all that it was given by any workspace."""
    await verbs.remove_app(unit, keys, app_id)


@installations.post(
    "/oauth-installations", operation_id="install_oauth_app", summary="Install an app", status_code=CREATED
)
async def install(
    unit: UnitHere, keys: KeysHere, installer: PrincipalHere, given: NewInstallation
) -> InstallationShape:
    """Let an app act for this workspace, without anybody at a browser. It gets its tokens by client credentials."""
    return InstallationShape.of(await verbs.install_app(unit, keys, given.client_id, tuple(given.scopes), installer))


@installations.get("/oauth-installations", operation_id="list_oauth_installations", summary="List installed apps")
async def read_installations(unit: UnitHere, keys: KeysHere, window: WindowHere) -> Page[InstallationShape]:
    """The apps that may act for this workspace, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[verbs.Installed]:
        return await verbs.list_installations(unit, keys, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.row.id)
    return Page(data=[InstallationShape.of(each) for each in found], next_cursor=cursor)


@installations.get(
    "/oauth-installations/{installation_id}", operation_id="get_oauth_installation", summary="Get an installed app"
)
async def read_installation(unit: UnitHere, keys: KeysHere, installation_id: InstallationPath) -> InstallationShape:
    """What an app may do here, and who let it."""
    return InstallationShape.of(await verbs.get_installation(unit, keys, installation_id))


@installations.delete(
    "/oauth-installations/{installation_id}",
    operation_id="remove_oauth_installation",
    summary="Remove an installed app",
    status_code=NO_CONTENT,
)
async def remove_installation(unit: UnitHere, keys: KeysHere, installation_id: InstallationPath) -> None:
    """Take an app's access away. Its tokens end at once."""
    await verbs.remove_installation(unit, keys, installation_id)
