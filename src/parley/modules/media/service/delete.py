"""Delete files: always the file first, then its row, so that one killed in between is found and finished again."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.errors import NotFound
from parley.core.ids import WorkspaceId
from parley.kit.storage import FileId, Storage
from parley.kit.unit import Unit
from parley.modules.media import store
from parley.modules.media.service.read import NO_SUCH_FILE


async def delete_media(unit: Unit, storage: Storage, media: UUID) -> None:
    """Delete one file of the unit's workspace, and what providers call it. Raises NotFound."""
    if await store.one(unit, media) is None:
        raise NotFound(NO_SUCH_FILE)
    await delete_files(unit, storage, [(WorkspaceId(unit.workspace), media)])


async def delete_files(unit: Unit, storage: Storage, files: Sequence[tuple[UUID, UUID]]) -> None:
    """Delete files (workspace, id), then their rows."""
    for workspace, media in files:
        await storage.delete(FileId(workspace, media))
    await store.delete(unit, files)
