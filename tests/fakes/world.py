"""A small world for tests of stores and rooms: both databases migrated and empty, keys, one workspace, and its people.

    async def test_something(world: World) -> None:
        channel = await world.channel()
        ada = await world.person("+15550001111")
        async with world.units.begin(world.workspace) as unit:
            ...
        assert [event.kind for event in world.events] == ["contact.created"]

Everything runs under the application's role, which row-level security binds; `world.look` looks as the owner, who sees
all workspaces. One world at a time a cluster: its two databases are made once and emptied for each, which takes
milliseconds where a fresh copy takes hundreds.
"""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import asyncpg

from parley.core.events import Event
from parley.core.ids import ContactId, WorkspaceId, new_uuid
from parley.kit.crypto import Key, blind_index, new_secret
from parley.kit.database import APP_ROLE, Address, Database
from parley.kit.keys import INSTALLATION, KeyService, wrap_epoch
from parley.kit.master_key import MASTER_ID
from parley.kit.migrate import migrate
from parley.kit.storage import Storage
from parley.kit.unit import Unit, Units
from parley.modules.accounts import NewWorkspace, create_workspace
from parley.modules.channels import Channel, NewChannel, Routes, add_channel
from parley.modules.privacy import Lookup, People, Stranger
from tests.fakes.cluster import Cluster

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

CONNECTIONS = 6
DATABASES = {"content": "world_content", "vault": "world_vault"}

# Keys refer to epochs, so epochs go last; no other table refers to another.
_EMPTY = """
do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migration'
            order by tablename = 'epoch_key' loop
        execute format('delete from %I', name);
    end loop;
end $$"""

_numbers = itertools.count(1)


@dataclass(slots=True)
class World:
    """What a test acts in. `events` and `wakes` collect what committed units recorded."""

    owners: dict[str, Connection]
    content: Database
    vault: Database
    master: Key
    keys: KeyService
    people: People
    units: Units
    routes: Routes
    storage: Storage
    workspace: WorkspaceId
    events: list[Event] = field(default_factory=list)
    wakes: list[str] = field(default_factory=list)

    async def add_workspace(self, name: str = "Bakery") -> WorkspaceId:
        """Another workspace with keys and an owner."""
        workspace = WorkspaceId(new_uuid())
        await self.keys.create_scope(workspace)
        async with self.units.begin(workspace) as unit:
            new = NewWorkspace(name=name, owner_email=f"owner@{workspace.hex}.example", id=workspace)
            await create_workspace(unit, self.keys, new)
        return workspace

    async def channel(self, workspace: WorkspaceId | None = None, kind: str = "whatsapp") -> Channel:
        """A number of a workspace, as routes know it."""
        number = next(_numbers)
        new = NewChannel(
            kind=kind,
            number_id=f"10000{number:06d}",
            account_id=f"20000{number:06d}",
            number=f"+1555{number:07d}",
            token=f"token-{number}",
            rate=80,
        )
        async with self.units.begin(workspace or self.workspace) as unit:
            added = await add_channel(unit, self.keys, new)
        self.routes.invalidate()
        return await self.routes.get(added)

    async def person(self, number: str, workspace: WorkspaceId | None = None) -> ContactId:
        """A contact's id with a key in the vault; the same for the same number. No row in `contact`."""
        owner = workspace or self.workspace
        own = await self.keys.scope(owner)
        lookup = Lookup("phone", blind_index(own.index, "phone", number))
        return (await self.people.recognise([Stranger(owner, (lookup,))]))[0].contact

    async def look(self, query: str, *arguments: object, part: str = "content") -> list[asyncpg.Record]:
        """Query a database as its owner, past row-level security."""
        return await self.owners[part].fetch(query, *arguments)

    async def erase_key(self, contact: UUID) -> None:
        """Destroy a person's key, and what this world remembers of it."""
        await self.look("delete from subject_key where key_id = $1", contact, part="vault")
        self.people = People(self.keys)

    def forget_events(self) -> None:
        self.events.clear()
        self.wakes.clear()


@asynccontextmanager
async def open_world(cluster: Cluster, folder: Path) -> AsyncIterator[World]:
    """An empty world with one workspace; `folder` is for its files."""
    master = Key.of(MASTER_ID, new_secret())
    owners = {part: await _emptied(cluster, name) for part, name in DATABASES.items()}
    content, vault = (Database(_address(cluster, name), size=CONNECTIONS) for name in DATABASES.values())
    try:
        await owners["vault"].execute("insert into epoch_key (epoch, wrapped) values (1, $1)", wrap_epoch(master, 1))
        await content.open()
        await vault.open()
        world = _built(owners, content, vault, master, folder)
        await world.keys.create_scope(INSTALLATION)
        world.workspace = await world.add_workspace("Café")
        world.forget_events()
        yield world
    finally:
        await content.close()
        await vault.close()
        for owner in owners.values():
            await owner.close()


def _built(owners: dict[str, Connection], content: Database, vault: Database, master: Key, folder: Path) -> World:
    events: list[Event] = []
    wakes: list[str] = []

    async def before_commit(_: Unit) -> None:
        """No reactions: a test of one room sees what that room did."""

    def after_commit(unit: Unit) -> None:
        events.extend(unit.events)
        wakes.extend(sorted(unit.wakes))

    keys = KeyService(master, vault)
    units = Units(content, before_commit, after_commit)
    return World(
        owners=owners,
        content=content,
        vault=vault,
        master=master,
        keys=keys,
        people=People(keys),
        units=units,
        routes=Routes(units, keys),
        storage=Storage(folder / "media"),
        workspace=WorkspaceId(INSTALLATION),
        events=events,
        wakes=wakes,
    )


def _address(cluster: Cluster, database: str) -> Address:
    return Address(database, url=cluster.url(database, APP_ROLE))


async def _emptied(cluster: Cluster, name: str) -> Connection:
    """The owner's connection to one of the two databases: made and migrated by the first who asks, then emptied."""
    try:
        connection = await asyncpg.connect(cluster.url(name))
    except asyncpg.InvalidCatalogNameError:
        maker = await asyncpg.connect(cluster.url())
        await maker.execute(f'create database "{name}"')
        await maker.close()
        connection = await asyncpg.connect(cluster.url(name))
        await migrate(connection, name.removeprefix("world_"))
    await connection.execute(_EMPTY)
    return connection
