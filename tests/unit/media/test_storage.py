"""The folder of files: whole or not there, nothing in clear, its troubles told in a sentence."""

import asyncio
import errno
import os
import stat
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from parley.core.ids import new_uuid
from parley.kit import draft
from parley.kit.storage import FileId, FileTooLarge, Storage, StorageFailed, StorageFull, WrongDigest
from tests.fakes.files import KEY, in_chunks, read
from tests.fakes.universe import frozen_universe

MARKER = b"+16503879439"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "media")


@pytest.fixture
def file() -> FileId:
    return FileId(new_uuid(), new_uuid())


def everything_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_the_path_is_of_the_day_and_opaque(storage: Storage) -> None:
    with frozen_universe():
        file = FileId(new_uuid(), new_uuid())
    await storage.write(file, KEY, in_chunks(b"hello"))
    path = storage.path(file)
    assert path.relative_to(storage.root) == Path("2026-11-23") / f"{file.workspace.hex}.{file.id.hex}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_nothing_is_on_disk_in_clear_not_even_meanwhile(storage: Storage, file: FileId) -> None:
    seen: list[bytes] = []

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield MARKER * 100_000
            seen.extend(path.read_bytes() for path in everything_below(storage.root))

    await storage.write(file, KEY, chunks())
    seen.extend(path.read_bytes() for path in everything_below(storage.root))
    assert len(seen) >= 3
    assert any(len(part) > 1_000_000 for part in seen)
    assert not any(MARKER in part for part in seen)


async def test_writing_again_replaces_the_file(storage: Storage, file: FileId) -> None:
    await storage.write(file, KEY, in_chunks(b"first"))
    await storage.write(file, KEY, in_chunks(b"second"))
    assert await read(storage, file) == b"second"
    assert len(everything_below(storage.root)) == 1


async def broken(error: Exception) -> AsyncIterator[bytes]:
    yield b"x" * 3_000_000
    raise error


async def test_a_source_that_breaks_leaves_nothing(storage: Storage, file: FileId) -> None:
    with pytest.raises(ConnectionResetError):
        await storage.write(file, KEY, broken(ConnectionResetError()))
    assert everything_below(storage.root) == []
    assert not await storage.exists(file)


async def test_a_cancelled_write_leaves_nothing(storage: Storage, file: FileId) -> None:
    started = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 2_000_000
            started.set()
            await asyncio.sleep(0)

    task = asyncio.create_task(storage.write(file, KEY, endless()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert everything_below(storage.root) == []


async def test_a_wrong_digest_is_refused_and_the_old_file_stays(storage: Storage, file: FileId) -> None:
    await storage.write(file, KEY, in_chunks(b"good"))
    with pytest.raises(WrongDigest):
        await storage.write(file, KEY, in_chunks(b"bad"), sha256=bytes(32))
    assert await read(storage, file) == b"good"
    assert len(everything_below(storage.root)) == 1


async def test_the_limit_holds(storage: Storage, file: FileId, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MAX_FILE_BYTES", 1_000_000)
    await storage.write(file, KEY, in_chunks(b"x" * 1_000_000))
    with pytest.raises(FileTooLarge):
        await storage.write(file, KEY, in_chunks(b"x" * 1_000_001))
    assert len(await read(storage, file)) == 1_000_000


TROUBLES = {
    errno.ENOSPC: (StorageFull, "disk .* is full"),
    errno.EDQUOT: (StorageFull, "disk .* is full"),
    errno.EIO: (StorageFailed, "can't be used"),
}


@pytest.mark.parametrize("number", TROUBLES)
async def test_a_disk_in_trouble_is_told(
    storage: Storage, file: FileId, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    told, sentence = TROUBLES[number]
    with pytest.raises(told, match=sentence) as caught:
        await storage.write(file, KEY, in_chunks(b"hello"))
    assert caught.value.retry_after > 0
    assert everything_below(storage.root) == []


async def test_what_is_in_a_folder_is_listed_and_strangers_are_left_alone(storage: Storage) -> None:
    with frozen_universe():
        files = sorted(FileId(new_uuid(), new_uuid()) for _ in range(3))
        draft_id = new_uuid()
    for each in files:
        await storage.write(each, KEY, in_chunks(b"hello"))
    day = date(2026, 11, 23)
    folder = storage.root / "2026-11-23"
    (folder / f"{draft_id.hex}.draft").write_bytes(b"left by a crash")
    (folder / "notes.txt").write_text("somebody's")
    (storage.root / "lost+found").mkdir()
    assert await storage.days() == [day]
    listing = await storage.listing(day)
    assert (listing.files, listing.drafts) == (files, [draft_id])
    await storage.delete_draft(day, draft_id)
    for each in files:
        await storage.delete(each)
        await storage.delete(each)
    await storage.drop_if_empty(day)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    (folder / "notes.txt").unlink()
    await storage.drop_if_empty(day)
    assert await storage.days() == []
