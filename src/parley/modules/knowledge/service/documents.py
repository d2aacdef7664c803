"""Take documents in, show them, delete them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.knowledge.domain import MAX_BYTES, MAX_DOCUMENTS, Document, Kind
from parley.modules.knowledge.events import KnowledgeDeleted
from parley.modules.knowledge.store import documents as store

LANE = "knowledge"
"""Who reads documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """What somebody wants answers to be drawn from."""

    title: str
    kind: Kind
    language: str
    content: bytes
    filename: str | None = None


async def add_document(unit: Unit, keys: KeyService, given: NewDocument) -> Document:
    """Keep a document; a worker reads it. Raises InvalidInput, Conflict for too many."""
    if not given.content.strip():
        raise InvalidInput("The document is empty.", [fault("/content", "empty", "Send the words of the document.")])
    if len(given.content) > MAX_BYTES:
        sentence = f"A document has at most {MAX_BYTES} bytes; send it in parts."
        raise InvalidInput("The document is too large.", [fault("/content", "too_long", sentence)])
    if await store.number(unit) >= MAX_DOCUMENTS:
        raise Conflict(f"A workspace has at most {MAX_DOCUMENTS} documents; delete some.", code="too_many_documents")
    workspace, document, moment = WorkspaceId(unit.workspace), new_uuid(), now()
    own = (await keys.scope(workspace)).data
    about = store.About(title=given.title, filename=given.filename)
    row = store.Row(
        workspace=workspace,
        id=document,
        state="waiting",
        kind=given.kind,
        language=given.language,
        size=len(given.content),
        passages=0,
        embedded=False,
        problem=None,
        about=store.ABOUT.seal(own, workspace, document, about),
        content=store.CONTENT.seal(own, workspace, document, given.content),
        attempts=0,
        created_at=moment,
        updated_at=moment,
    )
    await store.add(unit, row)
    unit.wake(LANE)
    return row.opened(about)


async def get_document(unit: Unit, keys: KeyService, document: UUID) -> Document:
    """Raises NotFound."""
    row = await store.one(unit, document)
    if row is None:
        raise _nowhere()
    return (await opened(keys, [row]))[0]


async def list_documents(unit: Unit, keys: KeyService, after: UUID | None, limit: int) -> list[Document]:
    """A page, newest first."""
    return await opened(keys, await store.page(unit, after, limit))


async def delete_document(unit: Unit, document: UUID) -> None:
    """Delete a document and its passages: no answer is drawn from it any more. Raises NotFound."""
    if not await store.delete(unit, document):
        raise _nowhere()
    unit.record(KnowledgeDeleted(workspace=unit.workspace, at=now(), subject=document))


async def opened(keys: KeyService, rows: Sequence[store.Row]) -> list[Document]:
    """Rows of one workspace with their sealed words."""
    found: list[Document] = []
    for row in rows:
        own = (await keys.scope(row.workspace)).data
        found.append(row.opened(store.ABOUT.unseal(own, row.workspace, row.id, row.about)))
    return found


def _nowhere() -> NotFound:
    return NotFound("There is no such document in this workspace.")
