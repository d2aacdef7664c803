"""Bring a database server to where Parley can run on it: both databases, roles, schema, first keys."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from parley.core.errors import ParleyError
from parley.kit.crypto import Key
from parley.kit.database import CONNECT_SECONDS, Database
from parley.kit.keys import INSTALLATION, KeyService, wrap_epoch
from parley.kit.locate import Addresses, addresses_of
from parley.kit.master_key import load_master_key
from parley.kit.migrate import is_current, migrate
from parley.kit.postgres import EmbeddedPostgres
from parley.kit.settings import Settings

FIRST_EPOCH = 1


class CannotPrepare(ParleyError):
    code = "cannot_prepare"


@dataclass(frozen=True, slots=True)
class Owners:
    """URLs of the two databases in the role that owns them, and of one to create them from."""

    content: str
    vault: str
    first: str


def owners_of(settings: Settings) -> Owners:
    """How the owner reaches the databases."""
    if settings.database_url is None:
        server = EmbeddedPostgres(settings.data_dir)
        return Owners(server.url("parley"), server.url("parley_vault"), server.url("postgres"))
    addresses = addresses_of(settings)
    vault = settings.vault_database_url or _with_database(settings.database_url, addresses.vault.database)
    return Owners(settings.database_url, vault, _with_database(settings.database_url, "postgres"))


async def prepare(settings: Settings) -> list[str]:
    """Create what is missing and migrate; the migrations applied. Safe to run by several at once, and again."""
    owners = owners_of(settings)
    await _create_missing(owners)
    applied = []
    for name, url in (("vault", owners.vault), ("content", owners.content)):
        connection = await _connect(url)
        try:
            applied += [f"{name}/{each}" for each in await migrate(connection, name)]
        finally:
            await connection.close()
    await _first_keys(settings, owners, addresses_of(settings))
    return applied


async def schema_is_current(settings: Settings) -> bool:
    """Whether both databases are at this version's schema."""
    addresses = addresses_of(settings)
    for name, address in (("content", addresses.content), ("vault", addresses.vault)):
        connection = await address.connect()
        try:
            if not await is_current(connection, name):
                return False
        finally:
            await connection.close()
    return True


async def _create_missing(owners: Owners) -> None:
    if await _exist(owners):
        return
    connection = await _connect(owners.first)
    try:
        for url in (owners.content, owners.vault):
            name = urlsplit(url).path.lstrip("/")
            if await connection.fetchval("select 1 from pg_database where datname = $1", name) is None:
                await _create(connection, name)
    finally:
        await connection.close()


async def _exist(owners: Owners) -> bool:
    """Whether both databases are there. A role that may connect to these only is then never asked for more."""
    try:
        for url in (owners.content, owners.vault):
            await (await asyncpg.connect(url, timeout=CONNECT_SECONDS)).close()
    except asyncpg.InvalidCatalogNameError:
        return False
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return True  # what stands in the way is told by the connection that does the work
    return True


async def _create(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        await connection.execute(f"create database {quoted}")
    except asyncpg.InsufficientPrivilegeError:
        raise CannotPrepare(
            f"The database role may not create the database {name}. Create it yourself and run again: "
            f"create database {quoted};"
        ) from None
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        return


async def _first_keys(settings: Settings, owners: Owners, addresses: Addresses) -> None:
    connection = await _connect(owners.vault)
    try:
        none_yet = await connection.fetchval("select count(*) from epoch_key") == 0
        master = load_master_key(settings.master_key_path, create=none_yet)
        if none_yet:
            await connection.execute(
                "insert into epoch_key (epoch, wrapped) values ($1, $2) on conflict do nothing",
                FIRST_EPOCH,
                wrap_epoch(master, FIRST_EPOCH),
            )
    finally:
        await connection.close()
    await _installation_keys(master, addresses)


async def _installation_keys(master: Key, addresses: Addresses) -> None:
    vault = await Database(addresses.vault, size=1).open()
    try:
        keys = KeyService(master, vault)
        await keys.create_scope(INSTALLATION)
        await keys.installation()
    finally:
        await vault.close()


async def _connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    try:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        host = urlsplit(url).hostname or "the embedded server"
        raise CannotPrepare(
            f"The database on {host} can't be reached ({type(error).__name__}: {error}). "
            "Check PARLEY_DATABASE_URL, or start Parley with `parley up` for the embedded one."
        ) from None


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
