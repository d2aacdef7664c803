"""Files on disk, encrypted: `<root>/YYYY-MM-DD/<workspace>.<id>`, the day being that of the id. Never any clear byte.

A file is written under a draft's name, synced, then renamed: it is there whole or not at all. Disk work is done off the
event loop. What a crash leaves behind (drafts, files nobody knows) is found by `days` and `listing`.
"""

import errno
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from parley.core.errors import NotFound, ParleyError, Unavailable
from parley.kit.crypto import CannotUnseal, Key
from parley.kit.draft import Draft, FileTooLarge, Written, WrongDigest
from parley.kit.file_names import FileId, Listing, day_in, draft_name, listing_of, moment_of
from parley.kit.off_loop import off_loop
from parley.kit.sealed_file import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    FileOpener,
    chunks_in,
    clear_size,
)

BATCH_BYTES = 1024 * 1024
"""Handed to a thread at once: large enough that the hop costs nothing beside the work, small enough to hold many."""
BATCH_CHUNKS = 16
"""The same, when reading."""

_FULL = {errno.ENOSPC, errno.EDQUOT}

Result = TypeVar("Result")


class StorageFull(Unavailable):
    code = "storage_full"


class StorageFailed(Unavailable):
    code = "storage_failed"


class FileMissing(NotFound):
    code = "file_missing"


class FileDamaged(ParleyError):
    """The file does not open with its key: cut, altered, or another's."""

    code = "file_damaged"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is there and opens. `size` is the length of its content."""

    size: int
    part: Callable[[int, int], AsyncIterator[bytes]]
    """The content from one byte (included) to another (excluded). Raises FileDamaged when a part was altered,
    FileMissing when it is deleted meanwhile."""

    @property
    def chunks(self) -> AsyncIterator[bytes]:
        """All of it."""
        return self.part(0, self.size)


class Storage:
    """A folder of encrypted files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, file: FileId) -> Path:
        return self._folder(file.day) / file.name

    async def write(
        self, file: FileId, key: Key, chunks: AsyncIterator[bytes], *, sha256: bytes | None = None
    ) -> Written:
        """Keep a file, replacing one of the same id. With `sha256` given, content of another hash is refused.

        Raises FileTooLarge, WrongDigest, StorageFull, StorageFailed, and what `chunks` raises; nothing is left then.
        """
        draft = Draft(self._folder(file.day), key, file.place)
        try:
            await _on_disk(lambda: draft.begin(self.root))
            async for batch in _batches(chunks):
                await _on_disk(lambda part=batch: draft.add(part))  # type: ignore[misc]
            return await _on_disk(lambda: draft.finish(self.path(file), sha256))
        finally:
            draft.discard()

    async def open(self, file: FileId, key: Key) -> StoredFile:
        """Open a file for reading. Raises FileMissing, FileDamaged."""
        opener, length = await _on_disk(lambda: self._open(file, key))
        count, size = chunks_in(length), clear_size(length)

        def part(start: int, stop: int) -> AsyncIterator[bytes]:
            last = count if stop >= size else -(-stop // CHUNK_BYTES)
            whole = self._chunks(file, opener, range(start // CHUNK_BYTES, last), count)
            return whole if (start, stop) == (0, size) else _cut(whole, start % CHUNK_BYTES, stop - start)

        return StoredFile(size, part)

    async def exists(self, file: FileId) -> bool:
        return await off_loop(self.path(file).exists)

    async def delete(self, file: FileId) -> None:
        """Delete a file; one that isn't there is no error."""
        await _on_disk(lambda: self.path(file).unlink(missing_ok=True))

    async def days(self) -> list[date]:
        """The days that have a folder, oldest first."""
        return await _on_disk(self._days)

    async def listing(self, day: date) -> Listing:
        """What is in a day's folder; names that are not ours are left out."""
        return await _on_disk(lambda: self._listing(day))

    async def delete_draft(self, day: date, draft: UUID) -> None:
        await _on_disk(lambda: (self._folder(day) / draft_name(draft)).unlink(missing_ok=True))

    async def drop_if_empty(self, day: date) -> None:
        """Remove a day's folder when nothing is in it."""
        await off_loop(lambda: _remove_folder(self._folder(day)))

    def _folder(self, day: date) -> Path:
        return self.root / day.isoformat()

    def _open(self, file: FileId, key: Key) -> tuple[FileOpener, int]:
        with self.path(file).open("rb") as stored:
            header = stored.read(HEADER_BYTES)
            length = stored.seek(0, 2)
        chunks_in(length)
        return FileOpener(key, file.place, header), length

    async def _chunks(self, file: FileId, opener: FileOpener, wanted: range, count: int) -> AsyncIterator[bytes]:
        for first in range(0, len(wanted), BATCH_CHUNKS):
            batch = wanted[first : first + BATCH_CHUNKS]
            for chunk in await _on_disk(lambda numbers=batch: self._read(file, opener, numbers, count)):  # type: ignore[misc]
                yield chunk

    def _read(self, file: FileId, opener: FileOpener, numbers: range, count: int) -> list[bytes]:
        with self.path(file).open("rb") as stored:
            stored.seek(HEADER_BYTES + numbers.start * SEALED_CHUNK_BYTES)
            return [
                opener.unseal(number, stored.read(SEALED_CHUNK_BYTES), last=number == count - 1) for number in numbers
            ]

    def _days(self) -> list[date]:
        names = [entry.name for entry in self.root.iterdir()] if self.root.exists() else []
        return sorted(day for name in names if (day := day_in(name)) is not None)

    def _listing(self, day: date) -> Listing:
        folder = self._folder(day)
        return listing_of([entry.name for entry in folder.iterdir()] if folder.exists() else [])


async def _batches(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    async for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= BATCH_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


async def _cut(chunks: AsyncIterator[bytes], skipped: int, length: int) -> AsyncIterator[bytes]:
    """So many bytes after those skipped."""
    left = length
    async for chunk in chunks:
        yield chunk[skipped : skipped + left]
        left -= max(0, len(chunk) - skipped)
        skipped = 0
        if left <= 0:
            return


async def _on_disk(work: Callable[[], Result]) -> Result:
    """Do disk work off the loop, its failures told in our vocabulary."""
    try:
        return await off_loop(work)
    except FileNotFoundError as error:
        raise FileMissing("The file is not there any more.") from error
    except CannotUnseal as error:
        raise FileDamaged(f"The file can't be read: {error}.") from error
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                "The disk that holds the media files is full; free space in the data folder.", retry_after=60
            ) from error
        raise StorageFailed(f"The media folder can't be used: {error.strerror}.", retry_after=10) from error


def _remove_folder(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return


__all__ = [
    "FileDamaged",
    "FileId",
    "FileMissing",
    "FileTooLarge",
    "Listing",
    "Storage",
    "StorageFailed",
    "StorageFull",
    "StoredFile",
    "Written",
    "WrongDigest",
    "moment_of",
]
