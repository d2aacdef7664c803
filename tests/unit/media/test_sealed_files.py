"""A stored file opens whole and in its own place, or not at all."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.core.ids import new_uuid
from parley.kit.crypto import CannotUnseal, Key, key_id_of, new_secret
from parley.kit.sealed_file import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    TAG_BYTES,
    chunks_in,
    clear_size,
)
from parley.kit.storage import FileDamaged, FileId, FileMissing, Storage
from tests.fakes.files import KEY, in_chunks, read

SIZES = [0, 1, 15, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 20 * CHUNK_BYTES + 5]


def content_of(size: int) -> bytes:
    return (b"+16503879439 " * (size // 13 + 1))[:size]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "media")


@pytest.fixture
def file() -> FileId:
    return FileId(new_uuid(), new_uuid())


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_written_is_read(storage: Storage, file: FileId, size: int) -> None:
    content = content_of(size)
    written = await storage.write(file, KEY, in_chunks(content))
    assert (written.size, written.head) == (size, content[:4096])
    assert await read(storage, file) == content
    sealed = storage.path(file).stat().st_size
    assert clear_size(sealed) == size
    assert chunks_in(sealed) == max(1, -(-size // CHUNK_BYTES))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=3000), repeat=st.integers(1, 60), cut=st.integers(1, 200_000))
async def test_any_content_in_any_chunks_comes_back(storage: Storage, content: bytes, repeat: int, cut: int) -> None:
    file = FileId(new_uuid(), new_uuid())
    await storage.write(file, KEY, in_chunks(content * repeat, max(cut, len(content * repeat) // 50 + 1)))
    assert await read(storage, file) == content * repeat


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(0, 3 * CHUNK_BYTES), kept=st.floats(0, 1, exclude_max=True))
async def test_a_file_cut_anywhere_does_not_open(storage: Storage, size: int, kept: float) -> None:
    file = FileId(new_uuid(), new_uuid())
    await storage.write(file, KEY, in_chunks(content_of(size)))
    path = storage.path(file)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(FileDamaged):
        await read(storage, file)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(0, 2 * CHUNK_BYTES + 100), where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
async def test_a_flipped_bit_anywhere_is_noticed(storage: Storage, size: int, where: float, bit: int) -> None:
    file = FileId(new_uuid(), new_uuid())
    await storage.write(file, KEY, in_chunks(content_of(size)))
    path = storage.path(file)
    sealed = bytearray(path.read_bytes())
    at = int(len(sealed) * where)
    sealed[at] ^= 1 << bit
    path.write_bytes(sealed)
    if 2 <= at < 18:  # the key's id: tells which key to use, and is bound in by using it
        assert key_id_of(bytes(sealed)) != KEY.id
        return
    with pytest.raises(FileDamaged):
        await read(storage, file)


def chunk(sealed: bytes, number: int) -> bytes:
    start = HEADER_BYTES + number * SEALED_CHUNK_BYTES
    return sealed[start : start + SEALED_CHUNK_BYTES]


MUTILATIONS: dict[str, Callable[[bytes], bytes]] = {
    "two chunks swapped": lambda s: s[:HEADER_BYTES] + chunk(s, 1) + chunk(s, 0) + chunk(s, 2) + chunk(s, 3),
    "the last chunk left out": lambda s: s[: HEADER_BYTES + 3 * SEALED_CHUNK_BYTES],
    "a chunk left out": lambda s: s[:HEADER_BYTES] + chunk(s, 0) + chunk(s, 2) + chunk(s, 3),
    "a chunk repeated": lambda s: s[:HEADER_BYTES] + chunk(s, 0) + s[HEADER_BYTES:],
    "the last chunk repeated": lambda s: s + chunk(s, 3),
    "something added": lambda s: s + b"\x00",
    "an empty chunk added": lambda s: s + bytes(TAG_BYTES),
    "the header only": lambda s: s[:HEADER_BYTES],
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("how", MUTILATIONS)
async def test_a_mutilated_file_does_not_open(storage: Storage, file: FileId, how: str) -> None:
    await storage.write(file, KEY, in_chunks(content_of(4 * CHUNK_BYTES)))
    path = storage.path(file)
    path.write_bytes(MUTILATIONS[how](path.read_bytes()))
    with pytest.raises(FileDamaged):
        await read(storage, file)


async def test_a_chunk_of_another_file_does_not_fit(storage: Storage, file: FileId) -> None:
    other = FileId(file.workspace, new_uuid())
    for each in (file, other):
        await storage.write(each, KEY, in_chunks(content_of(2 * CHUNK_BYTES)))
    ours, theirs = storage.path(file).read_bytes(), storage.path(other).read_bytes()
    storage.path(file).write_bytes(ours[: HEADER_BYTES + SEALED_CHUNK_BYTES] + chunk(theirs, 1))
    with pytest.raises(FileDamaged):
        await read(storage, file)


async def test_a_file_opens_under_its_own_name_only(storage: Storage, file: FileId) -> None:
    other = FileId(new_uuid(), file.id)
    await storage.write(file, KEY, in_chunks(b"hello"))
    storage.path(file).rename(storage.path(other))
    with pytest.raises(FileDamaged):
        await read(storage, other)
    with pytest.raises(FileMissing):
        await read(storage, file)


async def test_another_key_opens_nothing(storage: Storage, file: FileId) -> None:
    await storage.write(file, KEY, in_chunks(b"hello"))
    with pytest.raises(FileDamaged):
        await read(storage, file, Key.of(KEY.id, new_secret()))


@pytest.mark.parametrize("length", [0, 1, HEADER_BYTES, HEADER_BYTES + 15, HEADER_BYTES + SEALED_CHUNK_BYTES + 3])
def test_impossible_lengths_are_told(length: int) -> None:
    with pytest.raises(CannotUnseal):
        clear_size(length)
