"""The room's front desk: takes files, hands them out, and knows what providers call them."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from parley.core.errors import Conflict, NotFound
from parley.core.ids import WorkspaceId
from parley.core.time import now
from parley.kit.storage import FileDamaged, FileId, FileMissing, Storage
from parley.kit.unit import Caller, Unit, Units
from parley.modules.channels import Channel
from parley.modules.channels.ports import ChannelDriver
from parley.modules.media import store
from parley.modules.media.domain import SENDABLE, Media
from parley.modules.media.service.delete import delete_media
from parley.modules.media.service.provider_ids import ProviderIds
from parley.modules.media.service.read import NO_SUCH_FILE, key_of, media_of
from parley.modules.media.service.upload import Kept, Upload, keep_upload, record_upload
from parley.modules.privacy import People


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """A file to be read. Its parts may raise FileDamaged or FileMissing midway: cut the answer then."""

    content_type: str
    filename: str | None
    size: int
    sha256: str | None
    part: Callable[[int, int], AsyncIterator[bytes]]
    """The content from one byte to another."""

    @property
    def chunks(self) -> AsyncIterator[bytes]:
        """All of it."""
        return self.part(0, self.size)


class MediaLibrary:
    """Files of all workspaces. Not for the inside of a unit, save where a unit is taken."""

    def __init__(self, units: Units, people: People, storage: Storage, drivers: Mapping[str, ChannelDriver]) -> None:
        self._drivers = drivers
        self._units = units
        self._people = people
        self._storage = storage
        self._provider_ids = ProviderIds(units, people, storage)

    def sendable_as(self, media: Media) -> list[str]:
        """The kinds of message that some channel takes this file for; none until it is here."""
        if media.state != "stored":
            return []
        drivers = self._drivers.values()
        return [kind for kind in SENDABLE if any(not each.check_file(kind, media.facts) for each in drivers)]

    async def at_provider(self, channel: Channel, driver: ChannelDriver, media: UUID) -> str:
        """The provider's id of a file of ours on this channel, uploading it if need be. Raises SendFailed only."""
        return await self._provider_ids.get(channel, driver, media)

    async def keep(self, workspace: WorkspaceId, upload: Upload) -> Kept:
        """Write a file to disk. `record` must follow within a day. Raises InvalidInput, Unavailable."""
        return await keep_upload(self._storage, self._people.scopes, workspace, upload)

    async def record(self, unit: Unit, kept: Kept) -> Media:
        """Enter a kept file, in the unit of the request that brought it."""
        return await record_upload(unit, self._people.scopes, kept)

    async def store_upload(self, workspace: WorkspaceId, upload: Upload) -> Media:
        """Both in one, with a unit of its own. Raises InvalidInput, Unavailable."""
        kept = await self.keep(workspace, upload)
        async with self._units.begin(workspace) as unit:
            return await self.record(unit, kept)

    async def open_file(self, workspace: WorkspaceId, media: UUID, caller: Caller | None = None) -> OpenFile:
        """A file's content. Raises NotFound; Conflict (`media_fetching`) while it is being fetched."""
        async with self._units.begin(workspace, caller=caller) as unit:
            row = await store.one(unit, media)
        if row is None or row.expires_at <= now():
            raise NotFound(NO_SUCH_FILE)
        if row.state == "fetching":
            raise Conflict("The file is still being fetched; ask again in a few seconds.", code="media_fetching")
        key = await key_of(self._people, row)
        if row.state == "failed" or key is None:
            raise NotFound("The file could not be fetched, or its person was erased.")
        try:
            stored = await self._storage.open(FileId(workspace, media), key)
        except (FileMissing, FileDamaged) as error:
            raise NotFound("The file is damaged or gone from the disk.", code=error.reason) from error
        known = media_of(row, key)
        return OpenFile(
            content_type=known.content_type,
            filename=known.about.filename,
            size=stored.size,
            sha256=known.about.sha256,
            part=stored.part,
        )

    async def remove(self, unit: Unit, media: UUID) -> None:
        """Delete a file and what providers call it. Raises NotFound."""
        await delete_media(unit, self._storage, media)

        async def forget() -> None:
            self._provider_ids.forget()

        unit.then(forget)

    async def delete(self, workspace: WorkspaceId, media: UUID) -> None:
        """The same, in a unit of its own. Raises NotFound."""
        async with self._units.begin(workspace) as unit:
            await self.remove(unit, media)

    async def close(self) -> None:
        """Stop the uploads under way."""
        await self._provider_ids.close()
