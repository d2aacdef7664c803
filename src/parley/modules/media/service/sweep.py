"""Files whose term has passed are deleted; so is what crashes left on disk."""

from datetime import date, timedelta

import structlog

from parley.core.time import elapsed_seconds, now
from parley.kit.storage import FileId, Storage, moment_of
from parley.kit.telemetry import counters
from parley.kit.unit import Units
from parley.modules.media import store

BATCH = 200
"""Files deleted between two looks at the clock; a second's work for a slow disk."""
SCAN_SECONDS = 3600.0
"""Between two looks through the folders."""
ORPHAN_AGE = timedelta(days=1)
"""A file without a row may be an upload under way until then."""

log = structlog.get_logger("parley.media")


class MediaSweeper:
    """The lane that deletes. Any number may run at once, and be killed at any step: a rerun finishes their work."""

    def __init__(self, units: Units, storage: Storage) -> None:
        self._units = units
        self._storage = storage
        self._scanned_at = float("-inf")

    async def work(self) -> int:
        """Delete a batch of what is past its term; when there is none and it is time, look for orphans."""
        deleted = await self.delete_expired()
        if deleted == 0 and elapsed_seconds() - self._scanned_at >= SCAN_SECONDS:
            self._scanned_at = elapsed_seconds()
            await self.delete_orphans()
        return deleted

    async def delete_expired(self) -> int:
        """A batch of files, each before its row; how many."""
        moment = now()
        async with self._units.begin(lane="sweep") as unit:
            expired = await store.expired(unit, moment, BATCH)
            await store.forget_uploads(unit, moment)
        for workspace, media in expired:
            await self._storage.delete(FileId(workspace, media))
        if expired:
            async with self._units.begin(lane="sweep") as unit:
                await store.delete(unit, expired)
            counters.add("media_swept", "expired", len(expired))
        return len(expired)

    async def delete_orphans(self) -> int:
        """Files without a row and drafts without a writer, both older than a day; how many. Empty folders go too."""
        eldest = now() - ORPHAN_AGE
        deleted = 0
        for day in await self._storage.days():
            if day <= eldest.date():
                deleted += await self._clear(day)
        if deleted:
            counters.add("media_swept", "orphan", deleted)
            log.info("Files that nobody knows were deleted.", action="media_orphans_deleted", count=deleted)
        return deleted

    async def _clear(self, day: date) -> int:
        eldest = now() - ORPHAN_AGE
        listing = await self._storage.listing(day)
        drafts = [draft for draft in listing.drafts if moment_of(draft) < eldest]
        for draft in drafts:
            await self._storage.delete_draft(day, draft)
        old = [file for file in listing.files if moment_of(file.id) < eldest]
        deleted = len(drafts)
        for start in range(0, len(old), BATCH):
            deleted += await self._delete_unknown(old[start : start + BATCH])
        await self._storage.drop_if_empty(day)
        return deleted

    async def _delete_unknown(self, files: list[FileId]) -> int:
        async with self._units.begin(lane="sweep") as unit:
            orphans = await store.unknown(unit, [(file.workspace, file.id) for file in files])
        for workspace, media in orphans:
            await self._storage.delete(FileId(workspace, media))
        return len(orphans)
