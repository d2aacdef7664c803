"""What providers call our files: remembered while they know them, uploaded otherwise. One upload at a time a file."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from parley.core.errors import ParleyError, Unavailable
from parley.core.time import now
from parley.kit.cache import Bounded
from parley.kit.crypto import CannotUnseal
from parley.kit.storage import FileId, Storage
from parley.kit.unit import Units
from parley.modules.channels import Channel
from parley.modules.channels.ports import ChannelDriver, Remedy, SendFailed
from parley.modules.media import store
from parley.modules.media.domain import OCTETS, UPLOAD_LIVES
from parley.modules.media.service.read import key_of
from parley.modules.media.sniff import ending_of
from parley.modules.privacy import People

PATIENCE_SECONDS = 25.0
"""A message waits this long for its file: claim, upload and post stay within the minute that a claim holds. The upload
goes on; the message's next attempt finds it."""
UPLOAD_SECONDS = 150.0
"""100 MB to a slow provider; the driver's own deadlines are shorter."""
REMEMBERED = 20_000
"""Provider's ids kept in memory, about 400 bytes each."""
REMEMBERED_FOR = timedelta(minutes=5)
"""A file deleted elsewhere is not sent for longer than this."""
LARGE_BYTES = 16 * 1024 * 1024
SMALL_UPLOADS = 8
"""At once, of less than 16 MB each: a file is held in memory while it is uploaded."""
LARGE_UPLOADS = 1
"""At once, of up to 100 MB each."""

log = structlog.get_logger("parley.media")


@dataclass(frozen=True, slots=True)
class _Known:
    provider_id: str
    until: datetime


class ProviderIds:
    """The provider's id of each file on each channel."""

    def __init__(self, units: Units, people: People, storage: Storage) -> None:
        self._units = units
        self._people = people
        self._storage = storage
        self._known: Bounded[tuple[UUID, UUID], _Known] = Bounded(REMEMBERED)
        self._under_way: dict[tuple[UUID, UUID], asyncio.Task[_Known]] = {}
        self._small = asyncio.Semaphore(SMALL_UPLOADS)
        self._large = asyncio.Semaphore(LARGE_UPLOADS)

    async def get(self, channel: Channel, driver: ChannelDriver, media: UUID) -> str:
        """The provider's id of a file on this channel. Raises SendFailed, nothing else; never UNSURE."""
        place = (channel.id, media)
        known = self._known.get(place)
        if known is not None and known.until > now():
            return known.provider_id
        task = self._under_way.get(place) or self._start(channel, driver, media)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return (await asyncio.shield(task)).provider_id
        except TimeoutError:
            title = "The file is still on its way to the provider; the message follows it."
            raise SendFailed(Remedy.RETRY, code=0, title=title, retry_after=5) from None

    def forget(self) -> None:
        """A file was deleted here: look again before sending any."""
        self._known.clear()

    async def close(self) -> None:
        """Stop the uploads under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, channel: Channel, driver: ChannelDriver, media: UUID) -> "asyncio.Task[_Known]":
        place = (channel.id, media)
        task = asyncio.create_task(self._find(channel, driver, media))
        self._under_way[place] = task
        task.add_done_callback(lambda done: self._finished(place, done))
        return task

    def _finished(self, place: tuple[UUID, UUID], done: "asyncio.Task[_Known]") -> None:
        self._under_way.pop(place, None)
        if not done.cancelled() and done.exception() is None:
            known = done.result()
            self._known.put(place, _Known(known.provider_id, min(known.until, now() + REMEMBERED_FOR)))

    async def _find(self, channel: Channel, driver: ChannelDriver, media: UUID) -> _Known:
        try:
            async with self._units.begin(channel.workspace) as unit:
                found = await store.at_channel(unit, media, channel.id)
            row, upload = _sendable(found)
            known = await self._remembered(channel, row, upload)
            return known or await self._upload(channel, driver, row)
        except Unavailable as error:
            raise SendFailed(Remedy.RETRY, code=0, title=error.detail, retry_after=error.retry_after) from error
        except (ParleyError, CannotUnseal) as error:
            raise _refused("The file can't be read any more; upload it again.") from error

    async def _remembered(self, channel: Channel, row: store.Row, upload: store.Upload | None) -> _Known | None:
        if upload is None or upload.expires_at <= now():
            return None
        own = (await self._people.scopes.scope(channel.workspace)).data
        try:
            known = store.PROVIDER_ID.unseal(own, channel.workspace, _row_id(channel, row), upload.provider_id)
        except CannotUnseal:
            return None
        return _Known(known, min(upload.expires_at, row.expires_at))

    async def _upload(self, channel: Channel, driver: ChannelDriver, row: store.Row) -> _Known:
        key = await key_of(self._people, row)
        if key is None:
            raise _refused("The person whose file this is was erased.")
        about = store.ABOUT.unseal(key, row.workspace, row.id, row.about)
        content_type = about.content_type or about.declared or OCTETS
        async with self._large if (row.size or 0) >= LARGE_BYTES else self._small:
            stored = await self._storage.open(FileId(row.workspace, row.id), key)
            content = b"".join([chunk async for chunk in stored.chunks])
            name = about.filename or f"file{ending_of(content_type)}"
            provider_id = await _sent(driver, channel, (content, content_type, name))
        known = _Known(provider_id, min(now() + UPLOAD_LIVES, row.expires_at))
        await self._remember(channel, row, known)
        return known

    async def _remember(self, channel: Channel, row: store.Row, known: _Known) -> None:
        own = (await self._people.scopes.scope(channel.workspace)).data
        sealed = store.PROVIDER_ID.seal(own, channel.workspace, _row_id(channel, row), known.provider_id)
        try:
            async with self._units.begin(channel.workspace) as unit:
                await store.remember(unit, row.id, channel.id, store.Upload(sealed, known.until))
        except Unavailable:
            log.warning("An upload is known to this process only.", action="media_upload_unsaved", media=str(row.id))


async def _sent(driver: ChannelDriver, channel: Channel, file: tuple[bytes, str, str]) -> str:
    """Upload; an outcome unknown is only a file stored twice, so it is tried again like any other."""
    content, content_type, name = file
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await driver.upload(channel.access, content, content_type, name)
    except TimeoutError:
        raise SendFailed(Remedy.RETRY, code=0, title="The provider took too long over the file.") from None
    except SendFailed as error:
        if error.remedy is not Remedy.UNSURE:
            raise
        raise SendFailed(Remedy.RETRY, code=error.code, title=error.title, detail=error.detail) from error


def _sendable(found: tuple[store.Row, store.Upload | None] | None) -> tuple[store.Row, store.Upload | None]:
    """The file, if it is here. Raises SendFailed."""
    if found is None:
        raise _refused("There is no such file in this workspace; upload it, and use the id given for it.")
    row = found[0]
    if row.expires_at <= now():
        raise _refused("The file's term has passed; upload it again.")
    if row.state == "failed":
        raise _refused("The file could not be fetched from the person who sent it.")
    if row.state == "fetching":
        raise SendFailed(Remedy.RETRY, code=0, title="The file is still being fetched.", retry_after=5)
    return found


def _refused(title: str) -> SendFailed:
    return SendFailed(Remedy.FINAL, code=0, title=title)


def _row_id(channel: Channel, row: store.Row) -> UUID:
    """Both parts of the row's key in one, for the sealed value is bound to its row."""
    return UUID(int=channel.id.int ^ row.id.int)
