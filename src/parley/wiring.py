"""The application, built once: settings → databases → keys → rooms. Nothing is joined anywhere else."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from parley.adapters.llm.models import LanguageModels
from parley.adapters.sandbox.driver import SandboxDriver
from parley.adapters.whatsapp.driver import WhatsAppDriver
from parley.adapters.whatsapp.graph import Graph
from parley.adapters.whatsapp.numbers import WhatsAppNumbers
from parley.adapters.whatsapp.signup import WhatsAppSignup
from parley.adapters.whatsapp.templates import WhatsAppTemplates
from parley.adapters.whatsapp.uploads import WhatsAppUploads
from parley.core.ids import new_uuid
from parley.kit.crypto import Key
from parley.kit.database import Database
from parley.kit.http import HttpClient
from parley.kit.keys import KeyService
from parley.kit.locate import Addresses, addresses_of
from parley.kit.master_key import load_master_key
from parley.kit.settings import Settings
from parley.kit.storage import Storage
from parley.kit.unit import Unit, Units
from parley.kit.wake import Announcer
from parley.modules.accounts import SETTINGS_CHANGED, Allowances, KeyDesk, KeyUses
from parley.modules.channels import HealthDesk, OnboardingDesk, PlannedDeliveries, Routes
from parley.modules.channels.ports import ChannelDriver
from parley.modules.contacts import Directory, ImportDesk
from parley.modules.conversations import Crowding, Desk, Speaker
from parley.modules.flows import Conversing, Hands, Shelf
from parley.modules.knowledge import Finder
from parley.modules.media import MediaLibrary, SampleDesk
from parley.modules.partners import Recorder
from parley.modules.privacy import ModelMeter, People
from parley.modules.templates import TemplateDesk
from parley.reactions import Rooms, finish

CONTENT_CONNECTIONS = 12
"""Of one process: its lanes and some requests at once. Twenty processes stay below PostgreSQL's usual hundreds."""
VAULT_CONNECTIONS = 4
_PLAN_ONCE = {"plan_cache_mode": "force_generic_plan"}


@dataclass(frozen=True, slots=True)
class ProviderDesks:
    """Where providers are asked while somebody waits, and no unit is held."""

    health: HealthDesk
    templates: TemplateDesk
    onboarding: OnboardingDesk
    models: LanguageModels


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
    hands: Hands
    conversing: Conversing
    desk: Desk
    desks: "ProviderDesks"
    storage: Storage
    media: MediaLibrary
    planned: PlannedDeliveries
    recorder: Recorder
    key_desk: KeyDesk
    key_uses: KeyUses
    allowances: Allowances
    announcer: Announcer
    wake: "Wakes"

    @property
    def health(self) -> HealthDesk:
        return self.desks.health

    @property
    def templates(self) -> TemplateDesk:
        return self.desks.templates

    @property
    def finder(self) -> Finder:
        """It remembers nothing either."""
        return Finder(self.units, self.keys, self.models)

    @property
    def models(self) -> LanguageModels:
        return self.desks.models

    @property
    def people(self) -> People:
        return self.directory.people

    @property
    def imports(self) -> ImportDesk:
        """It remembers nothing, so each may have its own."""
        return ImportDesk(self.units, self.keys, Storage(self.settings.data_dir / "imports"))


class Wakes:
    """Who in this process is to be told when a lane has work, or something in memory is stale."""

    def __init__(self) -> None:
        self._heard: dict[str, list[Callable[[], None]]] = {}

    def on(self, name: str, call: Callable[[], None]) -> None:
        self._heard.setdefault(name, []).append(call)

    def __call__(self, name: str) -> None:
        for call in self._heard.get(name, ()):
            call()

    @property
    def names(self) -> list[str]:
        return sorted(self._heard)


@asynccontextmanager
async def open_app(settings: Settings, *, plan_once: bool = False) -> AsyncIterator[App]:
    """The application while it is needed. Raises ParleyError when the keys or the database can't be used.

    `plan_once`: statements keep their first plan. Those of the message path are written so that one plan serves, and
    planning them anew costs a millisecond each; pages of the API are not.
    """
    addresses = addresses_of(settings)
    if plan_once:
        addresses = Addresses(addresses.content.with_settings(_PLAN_ONCE), addresses.vault.with_settings(_PLAN_ONCE))
    content = await Database(addresses.content, size=CONTENT_CONNECTIONS).open()
    vault = await Database(addresses.vault, size=VAULT_CONNECTIONS).open()
    http = HttpClient()
    try:
        keys = KeyService(load_master_key(settings.master_key_path, create=False), vault)
        installation = await keys.installation()
        app = _assemble(settings, addresses, content, http, (keys, installation.data))
        try:
            yield app
        finally:
            await app.announcer.close()
            await app.media.close()
            await app.models.close()
    finally:
        await http.close()
        await content.close()
        await vault.close()


def _assemble(
    settings: Settings, addresses: Addresses, content: Database, http: HttpClient, keyring: tuple[KeyService, Key]
) -> App:
    keys, installation_key = keyring
    edge = _Edge(Wakes())
    units = Units(content, edge.before_commit, edge.after_commit)
    directory = Directory(People(keys))
    routes = Routes(units, keys)
    planned = PlannedDeliveries(units, installation_key)
    drivers = _drivers(settings, http, planned)
    speaker = Speaker(directory.people, routes, drivers)
    shelf = Shelf(units, keys)
    app = App(
        settings=settings,
        process=(process := new_uuid().hex),
        addresses=addresses,
        content=content,
        units=units,
        keys=keys,
        installation_key=installation_key,
        http=http,
        directory=directory,
        routes=routes,
        drivers=drivers,
        hands=(hands := Hands(directory, speaker)),
        conversing=Conversing(directory, shelf, hands),
        desk=Desk(directory, routes, speaker, Crowding(allowances := Allowances(units))),
        storage=(storage := Storage(settings.data_dir / "media")),
        media=(media := MediaLibrary(units, directory.people, storage, drivers)),
        desks=_desks(settings, http, (units, keys, routes), media),
        planned=planned,
        recorder=Recorder(units, keys),
        key_desk=KeyDesk(keys, routes),
        key_uses=KeyUses(units, keys),
        allowances=allowances,
        announcer=Announcer(content, process),
        wake=edge.wake,
    )
    _connect(app, edge, shelf)
    return app


def _connect(app: App, edge: "_Edge", shelf: Shelf) -> None:
    """Let the edge know the rooms, and what is kept in memory be read anew when it is told to be stale."""
    edge.rooms = Rooms(app.directory, app.routes, app.desk.speaker, app.conversing)
    edge.announcer = app.announcer
    app.wake.on("channels", app.routes.invalidate)
    app.wake.on("flows", shelf.invalidate)
    app.wake.on(SETTINGS_CHANGED, app.allowances.invalidate)
    app.wake.on("captures", app.recorder.invalidate)


def _drivers(settings: Settings, http: HttpClient, planned: PlannedDeliveries) -> Mapping[str, ChannelDriver]:
    known: tuple[ChannelDriver, ...] = (
        WhatsAppDriver(http, settings.graph_url, settings.graph_version),
        SandboxDriver(planned.plan),
    )
    return {driver.kind: driver for driver in known}


def _desks(
    settings: Settings, http: HttpClient, common: tuple[Units, KeyService, Routes], media: MediaLibrary
) -> ProviderDesks:
    graph = Graph(http, settings.graph_url, settings.graph_version)
    secrets = settings.app_secrets
    app_token = f"{settings.meta_app_id}|{secrets[0]}" if settings.meta_app_id and secrets else None
    samples = SampleDesk(media, {"whatsapp": WhatsAppUploads(graph, settings.meta_app_id)})
    return ProviderDesks(
        health=HealthDesk(*common, {"whatsapp": WhatsAppNumbers(graph, app_token)}, samples),
        templates=TemplateDesk(*common, {"whatsapp": WhatsAppTemplates(graph)}, samples),
        onboarding=OnboardingDesk(*common, WhatsAppSignup(graph, settings.meta_app_id, next(iter(secrets), None))),
        models=LanguageModels(settings, ModelMeter(*common[:2])),
    )


class _Edge:
    """What happens around every commit. The rooms are given once they are built: they need units themselves."""

    rooms: Rooms
    announcer: Announcer

    def __init__(self, wake: Wakes) -> None:
        self.wake = wake

    async def before_commit(self, unit: Unit) -> None:
        await finish(self.rooms, unit)

    def after_commit(self, unit: Unit) -> None:
        for name in unit.wakes:
            self.wake(name)
        self.announcer.tell(unit.wakes)
