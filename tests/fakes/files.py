"""Contents in chunks, and reading stored files whole."""

from collections.abc import AsyncIterator
from uuid import UUID

from parley.kit.crypto import Key, new_secret
from parley.kit.storage import FileId, Storage

KEY = Key.of(UUID(int=7), new_secret())


async def in_chunks(content: bytes, cut: int = 50_000) -> AsyncIterator[bytes]:
    """Content as it comes from a network."""
    for start in range(0, len(content), cut):
        yield content[start : start + cut]


async def read(storage: Storage, file: FileId, key: Key = KEY) -> bytes:
    """A stored file's content, its announced size checked."""
    stored = await storage.open(file, key)
    content = b"".join([chunk async for chunk in stored.chunks])
    assert len(content) == stored.size
    return content
