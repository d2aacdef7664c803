"""The platform in one process, lane by lane: what web and worker do, called step by step by a test.

    async def test_something(stack: Stack) -> None:
        shop = await stack.shop()
        await stack.post(text_from(shop, "+15550001111", "hello"))
        await stack.settle_down()
        assert stack.provider.sent[0].content.text == "hello"

Real wiring, real databases, the real WhatsApp adapter; only what is posted to Meta ends in a Provider.
"""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from parley.adapters.whatsapp.signature import sign
from parley.core.content import Content
from parley.core.ids import ChannelId, MessageId, WorkspaceId, new_uuid
from parley.core.json import JsonObject
from parley.entrypoints.ingress import Ingress
from parley.entrypoints.prepare import prepare
from parley.kit.settings import Settings
from parley.modules.accounts import NewWorkspace, create_workspace
from parley.modules.channels import Intake, NewChannel, Queue, add_channel
from parley.modules.channels.ports import ChannelDriver
from parley.modules.conversations import (
    Deliverer,
    Message,
    Queued,
    Reader,
    Request,
    Sender,
    Settler,
    Sweeper,
    list_messages,
    send,
)
from parley.modules.flows import Answer, Effect, EffectFailed, HttpEffect, QuietWindows, Resuming, import_flow
from parley.wiring import App, open_app
from tests.fakes.asgi import Answered, ask
from tests.fakes.cluster import Cluster
from tests.fakes.provider import Provider

SECRET = "app secret"
OLD_SECRET = "old app secret"
VERIFY_TOKEN = "verify me"
EMPTIED_CONTENT = """
do $$ declare name text; begin
    for name in select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and c.relname <> 'schema_migration' loop
        execute format('delete from %I', name);
    end loop;
end $$"""
EMPTIED_VAULT = """
delete from identity; delete from subject_key;
delete from scope_key where workspace_id <> '00000000-0000-0000-0000-000000000000'"""
MANY = 100_000


@dataclass(frozen=True, slots=True)
class Shop:
    """A workspace with one number."""

    workspace: WorkspaceId
    channel: ChannelId
    number_id: str
    account_id: str


class World:
    """What flows ask over HTTP, and the answers they get."""

    def __init__(self) -> None:
        self.asked: list[HttpEffect] = []
        self.answer: Answer = EffectFailed(reason="Nobody is there.")
        self.gate: asyncio.Event | None = None

    async def perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:
        assert isinstance(effect, HttpEffect)
        self.asked.append(effect)
        if self.gate is not None:
            await self.gate.wait()
        return self.answer


class Process:
    """One App with the lanes of a worker and the ingress of a web node."""

    def __init__(self, app: App, provider: Provider, world: World) -> None:
        self.app = app
        drivers = cast("MutableMapping[str, ChannelDriver]", app.drivers)
        if not isinstance(drivers["whatsapp"], Provider):
            drivers["whatsapp"] = provider.over(drivers["whatsapp"])
        self.intake = Intake(app.content, app.installation_key)
        self.ingress = Ingress(app.settings, self.intake)
        parts = (app.units, app.routes, app.directory, app.drivers, app.installation_key)
        self.readers = [Reader(*parts, queue) for queue in Queue]
        self.settler = Settler(app.units, app.keys)
        self.deliverer = Deliverer(Sender(app.units, app.people, app.routes, app.drivers, app.media), self.settler)
        self.sweeper = Sweeper(app.units, app.keys)
        self.quiet = QuietWindows(app.units, app.conversing, app.hands)
        self.resuming = Resuming(app.units, app.conversing, app.hands, {"http": world})

    async def read(self) -> int:
        """Read every delivery that waits."""
        total = 0
        for reader in self.readers:
            while done := await reader.work():
                total += done
        return total

    async def deliver(self) -> int:
        """Claim once and wait for the posts, without settling."""
        claimed = await self.deliverer.work()
        await self.deliverer.drain()
        return claimed

    async def settle(self) -> None:
        while await self.settler.work():
            pass

    async def send_all(self) -> None:
        """Claim, post and settle until nothing is due now."""
        while await self.deliver() or self.settler.arrived.is_set():
            await self.settle()


@dataclass(slots=True)
class Stack:
    """A first process, and others opened on the same databases."""

    settings: Settings
    owner_url: str
    process: Process
    provider: Provider
    world: World
    numbers: int = 0
    owners: dict[str, "asyncpg.Connection[asyncpg.Record]"] = field(default_factory=dict)

    @property
    def app(self) -> App:
        return self.process.app

    @asynccontextmanager
    async def another_process(self) -> AsyncIterator[Process]:
        """A process with memories of its own."""
        async with open_app(self.settings) as app:
            yield Process(app, self.provider, self.world)

    async def shop(self, *, flow: JsonObject | None = None, rate: int = 5000, **ids: str) -> Shop:
        """A new workspace with a channel and perhaps a published flow."""
        workspace = WorkspaceId(new_uuid())
        await self.app.keys.create_scope(workspace)
        async with self.app.units.begin(workspace) as unit:
            named = NewWorkspace(id=workspace, name="Bakery", owner_email="owner@example.org")
            await create_workspace(unit, self.app.keys, named)
        shop = await self.number(workspace, rate=rate, **ids)
        if flow is not None:
            await self.publish(shop, flow)
        return shop

    async def number(self, workspace: WorkspaceId, *, rate: int = 5000, **ids: str) -> Shop:
        """Another channel of a workspace."""
        self.numbers += 1
        number_id = ids.get("number_id", f"1000{self.numbers:08d}")
        account_id = ids.get("account_id", f"2000{self.numbers:08d}")
        new = NewChannel(
            kind="whatsapp",
            number_id=number_id,
            account_id=account_id,
            number="+15550009999",
            token="token",
            rate=rate,
        )
        async with self.app.units.begin(workspace) as unit:
            channel = await add_channel(unit, self.app.keys, new)
        return Shop(workspace, channel, number_id, account_id)

    async def publish(self, shop: Shop, flow: JsonObject) -> None:
        """Publish a flow; it answers at once, unless it says how it conducts itself."""
        flow = {**flow, "conduct": flow.get("conduct", {"quiet": "0s"})} if "schema" in flow else flow
        async with self.app.units.begin(shop.workspace) as unit:
            await import_flow(unit, self.app.keys, flow, publish=True)

    async def post(self, *bodies: bytes, secret: str = SECRET) -> list[Answered]:
        """Meta posts signed deliveries, all at once."""
        return await asyncio.gather(*[self.post_with(body, sign(body, secret)) for body in bodies])

    async def post_with(self, body: bytes, signature: str | None) -> Answered:
        headers = {"x-hub-signature-256": signature} if signature is not None else {}
        return await ask(self.process.ingress, "POST", "/webhooks/meta", headers=headers, body=body)

    async def take(self, *bodies: bytes) -> None:
        """Post, expect 200 for each, and read."""
        answered = await self.post(*bodies)
        assert [each.status for each in answered] == [200] * len(bodies)
        await self.process.read()

    async def settle_down(self) -> None:
        """Read, answer and send until nothing is left to do now."""
        await self.process.read()
        await self.process.send_all()

    async def say(self, shop: Shop, to: str, content: Content, **more: object) -> Queued:
        """Send by request, as the API does."""
        request = Request(channel=shop.channel, to=to, content=content, **more)  # type: ignore[arg-type]
        async with self.app.units.begin(shop.workspace) as unit:
            return await send(unit, self.app.desk, request)

    async def messages(self, shop: Shop) -> list[Message]:
        """All messages of a workspace, oldest first."""
        async with self.app.units.begin(shop.workspace) as unit:
            return (await list_messages(unit, self.app.people, None, MANY))[::-1]

    async def message(self, shop: Shop, wanted: MessageId) -> Message:
        return next(each for each in await self.messages(shop) if each.row.id == wanted)

    async def look(self, query: str, *arguments: object, vault: bool = False) -> list[asyncpg.Record]:
        """Query as the owner, past row-level security."""
        url = self.owner_url
        if vault:
            parts = urlsplit(url)
            url = urlunsplit(parts._replace(path=f"{parts.path}_vault"))
        if url not in self.owners:
            self.owners[url] = await asyncpg.connect(url)
        return await self.owners[url].fetch(query, *arguments)

    async def close(self) -> None:
        for connection in self.owners.values():
            await connection.close()


class StackMaker:
    """Prepared pairs of databases, emptied for each test: twenty times quicker than a new pair each."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster = cluster
        self.folder = folder
        self._free: list[str] = []
        self._made = 0

    def settings(self, name: str, folder: Path) -> Settings:
        return Settings.model_validate(
            {
                "data_dir": folder,
                "database_url": self.cluster.url(name),
                "master_key_file": self.folder / "keys" / "master.key",
                "meta_app_secret": f"{OLD_SECRET},{SECRET}",
                "meta_verify_token": VERIFY_TOKEN,
                "graph_url": "http://127.0.0.1:9",
            }
        )

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[Stack]:
        name = self._free.pop() if self._free else await self._prepared()
        await self._owner(name, EMPTIED_CONTENT)
        await self._owner(f"{name}_vault", EMPTIED_VAULT)
        settings = self.settings(name, folder)
        provider, world = Provider(), World()
        async with open_app(settings) as app:
            process = Process(app, provider, world)
            process.intake.start()
            stack = Stack(settings, self.cluster.url(name), process, provider, world)
            try:
                yield stack
            finally:
                await stack.close()
                await process.intake.stop()
        self._free.append(name)

    async def _prepared(self) -> str:
        self._made += 1
        name = f"stack_{self._made}"
        await self._owner("postgres", f"create database {name}")
        await prepare(self.settings(name, self.folder))
        return name

    async def _owner(self, database: str, statement: str) -> None:
        connection = await asyncpg.connect(self.cluster.url(database))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def make_stacks(cluster: Cluster, folder: Path) -> StackMaker:
    return StackMaker(cluster, folder)
