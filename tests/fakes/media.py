"""One contact who sends files, the provider that holds them, and the room of media around both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict, Unpack

from parley.core.ids import ContactId, MessageId, WorkspaceId, new_uuid
from parley.kit.storage import FileId
from parley.modules.channels import Channel
from parley.modules.channels.inbound import MediaFile
from parley.modules.channels.ports import ChannelDriver
from parley.modules.media import (
    ExpectedFile,
    Fetching,
    Media,
    MediaFetcher,
    MediaLibrary,
    MediaSweeper,
    Upload,
    expect_files,
    media_of_messages,
)
from tests.fakes.file_provider import FileProvider
from tests.fakes.files import in_chunks
from tests.fakes.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of +16503879439 " * 40


class Words(TypedDict, total=False):
    """What a provider says of a file."""

    filename: str
    content_type: str
    sha256: str


def upload_of(content: bytes, filename: str | None = "picture.png", content_type: str | None = "image/png") -> Upload:
    return Upload(chunks=in_chunks(content), filename=filename, content_type=content_type)


@dataclass(slots=True)
class Files:
    world: World
    workspace: WorkspaceId
    channel: Channel
    contact: ContactId
    provider: FileProvider
    drivers: Mapping[str, ChannelDriver]
    library: MediaLibrary = field(init=False)
    fetcher: MediaFetcher = field(init=False)
    sweeper: MediaSweeper = field(init=False)

    @classmethod
    async def open(cls, world: World, workspace: WorkspaceId | None = None) -> "Files":
        owner = workspace or world.workspace
        provider = FileProvider()
        drivers: dict[str, ChannelDriver] = {"whatsapp": provider}
        files = cls(
            world=world,
            workspace=owner,
            channel=await world.channel(owner),
            contact=await world.person("+16503879439", owner),
            provider=provider,
            drivers=drivers,
        )
        files.restart()
        world.forget_events()
        return files

    def expected(self, content: bytes, **words: Unpack[Words]) -> ExpectedFile:
        """A file of the contact's, held by the provider."""
        name = f"file-{new_uuid().hex}"
        self.provider.files[name] = content
        return ExpectedFile(
            workspace=self.workspace,
            contact=self.contact,
            message=MessageId(new_uuid()),
            channel=self.channel.id,
            file=MediaFile(provider_id=name, kind="image", **words),
        )

    async def expect(self, content: bytes, **words: Unpack[Words]) -> MessageId:
        """A message with a file arrives: its id."""
        expected = self.expected(content, **words)
        async with self.world.units.begin(self.workspace) as unit:
            await expect_files(unit, self.world.people, [expected])
        return expected.message

    async def fetch(self) -> None:
        """Fetch everything that is due."""
        while await self.fetcher.work():
            await self.fetcher.drain()

    async def of(self, message: MessageId) -> Media:
        async with self.world.units.begin(self.workspace) as unit:
            return (await media_of_messages(unit, self.world.people, [message]))[message]

    async def content(self, media: Media) -> bytes:
        """A file as the API hands it out."""
        opened = await self.library.open_file(self.workspace, media.id)
        content = b"".join([chunk async for chunk in opened.chunks])
        assert len(content) == opened.size
        return content

    async def at_provider(self, media: Media, channel: Channel | None = None) -> str:
        return await self.library.at_provider(channel or self.channel, self.provider, media.id)

    def restart(self) -> None:
        """A new process: nothing is in memory."""
        world = self.world
        self.library = MediaLibrary(world.units, world.people, world.storage, {})
        self.fetcher = MediaFetcher(Fetching(world.units, world.people, world.routes, self.drivers, world.storage))
        self.sweeper = MediaSweeper(world.units, world.storage)

    async def close(self) -> None:
        if self.provider.gate is not None:
            self.provider.gate.set()
        await self.fetcher.drain(seconds=5)
        await self.library.close()

    async def rows(self) -> int:
        return len(await self.world.look("select from media"))

    async def uploads(self) -> int:
        """How many providers' ids are remembered."""
        return len(await self.world.look("select from media_upload"))

    def path(self, media: Media) -> Path:
        return self.world.storage.path(FileId(media.workspace, media.id))

    def on_disk(self) -> list[Path]:
        """Every file below the storage's folder."""
        root = self.world.storage.root
        return sorted(path for path in root.rglob("*") if path.is_file()) if root.exists() else []
