"""SQL of partners' apps, their installations, codes and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from parley.core.ids import UserId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.accounts.oauth import Grant, Installation


class About(TypedDict):
    """What is sealed of an app."""

    name: str
    redirect_uris: list[str]


ABOUT = SealedColumn("oauth_app", "about", About)
INSTALLED_NAME = SealedColumn("oauth_installation", "name", str)

_APP = "workspace_id, id, about, secret, scopes, created_by, created_at"
_INSTALLATION = "workspace_id, id, app_id, name, scopes, installed_by, installed_at, removed_at"
_GRANT = """workspace_id, id, installation_id, app_id, family, kind, scopes, redirect_uri, challenge, issued_at,
    expires_at, used_at, revoked_at"""
_ADD_APP = f"insert into oauth_app ({_APP}) values ($1, $2, $3, $4, $5, $6, $7)"
_FIND_APP = f"select {_APP} from oauth_app where id = $1 and removed_at is null"
_APPS = f"""
select {_APP} from oauth_app where workspace_id = $1 and removed_at is null and ($2::uuid is null or id < $2)
order by id desc limit $3"""
_CHANGE_APP = "update oauth_app set about = $3, scopes = $4 where workspace_id = $1 and id = $2"
_REMOVE_APP = "update oauth_app set removed_at = $3 where workspace_id = $1 and id = $2"
_INSTALL = f"""
insert into oauth_installation ({_INSTALLATION}) values ($1, $2, $3, $4, $5, $6, $7, null)
on conflict (app_id, workspace_id) where removed_at is null
do update set scopes = excluded.scopes, installed_by = excluded.installed_by, installed_at = excluded.installed_at
returning id"""
_INSTALLED = f"select {_INSTALLATION} from oauth_installation where app_id = $1 and removed_at is null limit 2"
_INSTALLED_IN = f"""
select {_INSTALLATION} from oauth_installation where workspace_id = $1 and app_id = $2 and removed_at is null"""
_INSTALLATION_BY_ID = f"select {_INSTALLATION} from oauth_installation where workspace_id = $1 and id = $2"
_INSTALLATIONS = f"""
select {_INSTALLATION} from oauth_installation
where workspace_id = $1 and removed_at is null and ($2::uuid is null or id < $2) order by id desc limit $3"""
_REMOVE = """
update oauth_installation set removed_at = $3 where workspace_id = $1 and id = $2 and removed_at is null returning id"""
_REVOKE_INSTALLATION = """
update oauth_grant set revoked_at = $3 where workspace_id = $1 and installation_id = $2 and revoked_at is null"""
_FIND_GRANT = f"select {_GRANT} from oauth_grant where secret = $1"
_LOCK_GRANT = f"select {_GRANT} from oauth_grant where workspace_id = $1 and id = $2 for update"
_ADD_GRANTS = """
insert into oauth_grant (workspace_id, id, installation_id, app_id, family, kind, secret, scopes, redirect_uri,
    challenge, issued_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"""
_USE = "update oauth_grant set used_at = $3 where workspace_id = $1 and id = $2"
_REVOKE_FAMILY = """
update oauth_grant set revoked_at = $3 where workspace_id = $1 and family = $2 and revoked_at is null"""
_LIVE_TOKEN = """
select g.workspace_id, g.installation_id, g.app_id, g.scopes, i.scopes as installed, g.expires_at
from oauth_grant g join oauth_installation i on i.workspace_id = g.workspace_id and i.id = g.installation_id
join oauth_app a on a.id = g.app_id
where g.secret = $1 and g.kind = 'access' and g.revoked_at is null and i.removed_at is null and a.removed_at is null"""
_OWNERS = "select workspace_id, id, password from person where email_lookup = $1 and role = 'owner'"
_SWEEP = "delete from oauth_grant where expires_at < $1"


@dataclass(frozen=True, slots=True)
class AppRow:
    workspace: WorkspaceId
    id: UUID
    about: bytes
    secret: bytes
    scopes: list[str]
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InstallationRow:
    workspace: WorkspaceId
    id: UUID
    app: UUID
    name: bytes
    scopes: list[str]
    installed_by: str
    installed_at: datetime
    removed_at: datetime | None

    def installation(self) -> Installation:
        return Installation(workspace=self.workspace, id=self.id, app=self.app, scopes=tuple(self.scopes))


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who may answer for a workspace."""

    workspace: WorkspaceId
    id: UserId
    password: str | None


@dataclass(frozen=True, slots=True)
class LiveToken:
    workspace: WorkspaceId
    installation: UUID
    app: UUID
    scopes: list[str]
    installed: list[str]
    expires_at: datetime


async def add_app(unit: Unit, row: AppRow) -> None:
    await sql.execute(unit, _ADD_APP, row.id, row.about, row.secret, row.scopes, row.created_by, row.created_at)


async def find_app(unit: Unit, app: UUID) -> AppRow | None:
    """An app of whatever workspace, in the lane `oauth`; else of the unit's own."""
    rows = await sql.fetch_many(unit, _FIND_APP, app)
    return AppRow(*rows[0]) if rows else None


async def apps(unit: Unit, after: UUID | None, limit: int) -> list[AppRow]:
    return [AppRow(*row) for row in await sql.fetch(unit, _APPS, after, limit)]


async def change_app(unit: Unit, app: UUID, about: bytes, scopes: Sequence[str]) -> None:
    await sql.execute(unit, _CHANGE_APP, app, about, scopes)


async def remove_app(unit: Unit, app: UUID, at: datetime) -> None:
    await sql.execute(unit, _REMOVE_APP, app, at)


async def install(unit: Unit, row: InstallationRow) -> UUID:
    """The installation's id: the one before's, where the app is installed already."""
    columns = (row.id, row.app, row.name, row.scopes, row.installed_by, row.installed_at)
    (found,) = await sql.fetch(unit, _INSTALL, *columns)
    return UUID(int=found["id"].int)


async def installations_of_app(unit: Unit, app: UUID) -> list[InstallationRow]:
    """Where an app is installed, two at most; needs the lane `oauth`."""
    return [InstallationRow(*row) for row in await sql.fetch_many(unit, _INSTALLED, app)]


async def installed_in(unit: Unit, app: UUID) -> InstallationRow | None:
    row = await sql.fetch_one(unit, _INSTALLED_IN, app)
    return InstallationRow(*row) if row else None


async def installation(unit: Unit, wanted: UUID) -> InstallationRow | None:
    row = await sql.fetch_one(unit, _INSTALLATION_BY_ID, wanted)
    return InstallationRow(*row) if row else None


async def installations(unit: Unit, after: UUID | None, limit: int) -> list[InstallationRow]:
    return [InstallationRow(*row) for row in await sql.fetch(unit, _INSTALLATIONS, after, limit)]


async def remove_installation(unit: Unit, wanted: UUID, at: datetime) -> bool:
    """Whether it was there; all its tokens end with it."""
    await sql.execute(unit, _REVOKE_INSTALLATION, wanted, at)
    return await sql.fetch_one(unit, _REMOVE, wanted, at) is not None


async def find_grant(unit: Unit, secret: bytes) -> Grant | None:
    """The code or token with this digest; needs the lane `oauth`."""
    rows = await sql.fetch_many(unit, _FIND_GRANT, secret)
    return _grant(rows[0]) if rows else None


async def lock_grant(unit: Unit, grant: UUID) -> Grant | None:
    """The same as it is now, held until the unit ends."""
    row = await sql.fetch_one(unit, _LOCK_GRANT, grant)
    return _grant(row) if row else None


async def add_grant(unit: Unit, grant: Grant, secret: bytes) -> None:
    await sql.execute(
        unit, _ADD_GRANTS, grant.id, grant.installation, grant.app, grant.family, grant.kind, secret,
        list(grant.scopes), grant.redirect_uri, grant.challenge, grant.issued_at, grant.expires_at,
    )  # fmt: skip


async def use_grant(unit: Unit, grant: UUID, at: datetime) -> None:
    await sql.execute(unit, _USE, grant, at)


async def revoke_family(unit: Unit, family: UUID, at: datetime) -> None:
    await sql.execute(unit, _REVOKE_FAMILY, family, at)


async def live_token(unit: Unit, secret: bytes) -> LiveToken | None:
    """What an access token stands for; needs the lane `oauth`."""
    rows = await sql.fetch_many(unit, _LIVE_TOKEN, secret)
    return LiveToken(*rows[0]) if rows else None


async def owners(unit: Unit, email: bytes) -> list[Owner]:
    """The owners of workspaces with this address (blind index); needs the lane `oauth`."""
    return [Owner(*row) for row in await sql.fetch_many(unit, _OWNERS, email)]


async def sweep(unit: Unit, before: datetime) -> None:
    """Forget what expired before then; needs the lane `sweep`."""
    await sql.execute_many(unit, _SWEEP, before)


def _grant(row: sql.Row) -> Grant:
    return Grant(
        workspace=row["workspace_id"],
        id=row["id"],
        installation=row["installation_id"],
        app=row["app_id"],
        family=row["family"],
        kind=row["kind"],
        scopes=tuple(row["scopes"]),
        redirect_uri=row["redirect_uri"],
        challenge=row["challenge"],
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
        revoked_at=row["revoked_at"],
    )
