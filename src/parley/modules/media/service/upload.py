"""Take a file that is to be sent. In two steps, so that its row can be part of a larger unit."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from parley.core.errors import InvalidInput, fault
from parley.core.ids import MediaId, WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.crypto import Key
from parley.kit.keys import KeyService
from parley.kit.storage import FileId, FileTooLarge, Storage, Written
from parley.kit.unit import Unit
from parley.modules.media import store
from parley.modules.media.domain import KEPT, OCTETS, About, Media, kind_of, read_filename, read_type
from parley.modules.media.service.read import media_of
from parley.modules.media.sniff import GUESSED, UNMISTAKABLE, agrees, is_animated, is_opus, settle, sniff


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file on its way in: its bytes in chunks, and what the sender says of it."""

    chunks: AsyncIterator[bytes]
    filename: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file on disk that has no row yet. Without one it is swept away after a day."""

    file: FileId
    size: int
    about: About


async def keep_upload(storage: Storage, keys: KeyService, workspace: WorkspaceId, upload: Upload) -> Kept:
    """Write the file to disk, under the workspace's key; no connection is held. Raises InvalidInput, StorageFull."""
    file = FileId(workspace, new_uuid())
    own: Key = (await keys.scope(workspace)).data
    try:
        written = await storage.write(file, own, upload.chunks)
    except FileTooLarge as error:
        raise InvalidInput(error.detail, [fault("/file", "too_large", error.detail)], code=error.code) from error
    declared = read_type(upload.content_type)
    try:
        _check(written, declared)
    except InvalidInput:
        await storage.delete(file)
        raise
    return Kept(file=file, size=written.size, about=_about(written, declared, upload.filename))


async def record_upload(unit: Unit, keys: KeyService, kept: Kept) -> Media:
    """Enter the kept file into the books of the unit's workspace."""
    workspace, media, moment = WorkspaceId(kept.file.workspace), MediaId(kept.file.id), now()
    own = (await keys.scope(workspace)).data
    row = store.Row(
        workspace=workspace,
        id=media,
        contact=None,
        message=None,
        channel=None,
        state="stored",
        kind=kind_of("", kept.about.content_type),
        size=kept.size,
        about=store.ABOUT.seal(own, workspace, media, kept.about),
        problem=None,
        attempts=0,
        due_at=None,
        created_at=moment,
        expires_at=moment + KEPT,
    )
    await store.add(unit, row)
    return media_of(row, own)


def _about(written: Written, declared: str | None, filename: str | None) -> About:
    found = sniff(written.head)
    return About(
        filename=read_filename(filename),
        declared=declared,
        sniffed=found,
        content_type=settle(declared, found),
        sha256=written.sha256.hex(),
        animated=is_animated(written.head),
        opus=is_opus(written.head),
    )


def _check(written: Written, declared: str | None) -> None:
    """Raises InvalidInput for an empty file, and for one that shows nothing of what it says it is."""
    if written.size == 0:
        raise InvalidInput("The file is empty.", [fault("/file", "empty", "Send the file's bytes.")])
    found = sniff(written.head)
    unlike = found is not None and found not in GUESSED and declared not in (None, OCTETS)
    if (declared in UNMISTAKABLE and found is None) or (unlike and not agrees(declared or "", found or "")):
        shown = f"its bytes are those of {found}" if found else f"its bytes are no {declared}"
        sentence = f"It is called {declared}, but {shown}; name its true content type, or {OCTETS}."
        raise InvalidInput("The file is not what it says it is.", [fault("/file", "wrong_type", sentence)])
