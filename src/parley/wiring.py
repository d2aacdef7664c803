"""The application, built once: settings → databases → keys → rooms. Nothing is joined anywhere else."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from parley.adapters.whatsapp.driver import WhatsAppDriver
from parley.core.ids import new_uuid
from parley.kit.crypto import Key
from parley.kit.database import Address, Database
from parley.kit.http import HttpClient
from parley.kit.keys import KeyService
from parley.kit.master_key import load_master_key
from parley.kit.postgres import EmbeddedPostgres
from parley.kit.settings import Settings
from parley.kit.storage import Storage
from parley.kit.unit import Unit, Units
from parley.modules.channels import Routes
from parley.modules.channels.ports import ChannelDriver
from parley.modules.contacts import Directory
from parley.modules.conversations import Desk, Speaker
from parley.modules.flows import Conversing, Hands, Shelf
from parley.modules.media import MediaLibrary
from parley.modules.privacy import People
from parley.reactions import Rooms, finish

CONTENT_CONNECTIONS = 12
"""Of one process: its lanes and some requests at once. Twenty processes stay below PostgreSQL's usual hundreds."""
VAULT_CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Addresses:
    """The two databases, in the application's role."""

    content: Address
    vault: Address


@dataclass(frozen=True, slots=True)
class App:
    """Everything a process needs, made once."""

    settings: Settings
    process: str
    addresses: Addresses
    content: Database
    units: Units
    keys: KeyService
    installation_key: Key
    http: HttpClient
    directory: Directory
    routes: Routes
    drivers: Mapping[str, ChannelDriver]
    speaker: Speaker
    shelf: Shelf
    hands: Hands
    conversing: Conversing
    desk: Desk
    storage: Storage
    media: MediaLibrary
    wake: "Wakes"

    @property
    def people(self) -> People:
        return self.directory.people


class Wakes:
    """Who in this process is to be told when a lane has work, or something in memory is stale."""

    def __init__(self) -> None:
        self._heard: dict[str, Callable[[], None]] = {}

    def on(self, name: str, call: Callable[[], None]) -> None:
        self._heard[name] = call

    def __call__(self, name: str) -> None:
        call = self._heard.get(name)
        if call is not None:
            call()

    @property
    def names(self) -> list[str]:
        return sorted(self._heard)


def addresses_of(settings: Settings) -> Addresses:
    """Where the databases are: the embedded server's, or those of the URLs."""
    if settings.database_url is None:
        return _embedded(settings)
    name = urlsplit(settings.database_url).path.lstrip("/") or "parley"
    vault_url = settings.vault_database_url
    if vault_url is None:
        content = Address(name, url=settings.database_url).as_app()
        return Addresses(content, Address(f"{name}_vault", url=settings.database_url, settings=_RELAXED).as_app())
    vault_name = urlsplit(vault_url).path.lstrip("/") or "parley_vault"
    relaxed = _RELAXED if _server(vault_url) == _server(settings.database_url) else {}
    content = Address(name, url=settings.database_url).as_app()
    return Addresses(content, Address(vault_name, url=vault_url, settings=relaxed).as_app())


_RELAXED = {"synchronous_commit": "off"}
"""Safe for the vault only while both databases share one server, and so one log: the commit of what was sealed with a
new key flushes the key too. On a server of its own the vault commits by itself."""


def _server(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port


def _embedded(settings: Settings) -> Addresses:
    server = EmbeddedPostgres(settings.data_dir)

    def address(database: str, extra: Mapping[str, str]) -> Address:
        found = server.connection_arguments(database)
        return Address(database, socket_dir=str(found["host"]), port=found["port"], settings=dict(extra))

    return Addresses(address("parley", {}), address("parley_vault", _RELAXED))


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[App]:
    """The application while it is needed. Raises ParleyError when the keys or the database can't be used."""
    addresses = addresses_of(settings)
    content = await Database(addresses.content, size=CONTENT_CONNECTIONS).open()
    vault = await Database(addresses.vault, size=VAULT_CONNECTIONS).open()
    http = HttpClient()
    try:
        keys = KeyService(load_master_key(settings.master_key_path, create=False), vault)
        installation = await keys.installation()
        yield _assemble(settings, addresses, content, http, (keys, installation.data))
    finally:
        await http.close()
        await content.close()
        await vault.close()


def _assemble(
    settings: Settings, addresses: Addresses, content: Database, http: HttpClient, keyring: tuple[KeyService, Key]
) -> App:
    keys, installation_key = keyring
    process = new_uuid().hex
    wake = Wakes()
    rooms: list[Rooms] = []

    async def before_commit(unit: Unit) -> None:
        await finish(rooms[0], unit)

    def after_commit(unit: Unit) -> None:
        for name in unit.wakes:
            wake(name)

    units = Units(content, before_commit, after_commit)
    people = People(keys)
    directory = Directory(people)
    routes = Routes(units, keys)
    drivers: Mapping[str, ChannelDriver] = {
        driver.kind: driver for driver in (WhatsAppDriver(http, settings.graph_url, settings.graph_version),)
    }
    speaker = Speaker(people, routes, drivers)
    shelf = Shelf(units, keys)
    hands = Hands(directory, speaker)
    conversing = Conversing(directory, shelf, hands)
    rooms.append(Rooms(directory, speaker, conversing, process))
    storage = Storage(settings.data_dir / "media")
    wake.on("channels", routes.invalidate)
    wake.on("flows", shelf.invalidate)
    return App(
        settings=settings,
        process=process,
        addresses=addresses,
        content=content,
        units=units,
        keys=keys,
        installation_key=installation_key,
        http=http,
        directory=directory,
        routes=routes,
        drivers=drivers,
        speaker=speaker,
        shelf=shelf,
        hands=hands,
        conversing=conversing,
        desk=Desk(directory, routes, speaker),
        storage=storage,
        media=MediaLibrary(units, people, routes, drivers, storage),
        wake=wake,
    )
