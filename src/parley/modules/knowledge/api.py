"""Routes of knowledge: documents in, and what would be found for a question."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from parley.core.errors import InvalidInput, fault
from parley.core.ids import WorkspaceId
from parley.kit.keys import KeyService
from parley.kit.rest.ids import DocumentPath
from parley.kit.rest.multipart import file_form, read_file
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import FinishHere, StreamRoute, UnitHere, WorkspaceHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.knowledge.domain import MAX_BYTES, MOST_FOUND, QUERY_CHARACTERS, TITLE_CHARACTERS, Document, Kind
from parley.modules.knowledge.schemas import DocumentShape, FoundShape, Language, NewDocumentShape, PassageShape
from parley.modules.knowledge.service.documents import (
    NewDocument,
    add_document,
    delete_document,
    get_document,
    list_documents,
)
from parley.modules.knowledge.service.search import Finder

router = resource("knowledge")
streams = resource("knowledge", route=StreamRoute)
ROUTERS = (streams, router)

KeysHere = Annotated[KeyService, provided(KeyService)]
FinderHere = Annotated[Finder, provided(Finder)]
CREATED = 201
FIELD = "file"
ENDINGS: dict[str, Kind] = {
    "pdf": "pdf",
    "html": "html",
    "htm": "html",
    "md": "markdown",
    "markdown": "markdown",
    "txt": "text",
}


@router.post(
    "/knowledge-documents",
    operation_id="create_knowledge_document",
    summary="Give words that answers are drawn from",
    status_code=CREATED,
)
async def make_document(unit: UnitHere, keys: KeysHere, given: NewDocumentShape) -> DocumentShape:
    """Keep a text, encrypted, and let it be read. It is `waiting` until its passages can be found."""
    document = NewDocument(
        title=given.title, kind=given.format, language=given.language, content=given.content.encode()
    )
    return DocumentShape.of(await add_document(unit, keys, document))


async def _receive(
    request: Request,
    language: Annotated[Language, Query(description="The document's language, BCP 47.")] = "en",
) -> NewDocument:
    sent = await read_file(request, FIELD, most=MAX_BYTES)
    content = b"".join([chunk async for chunk in sent.chunks])
    name = sent.filename or ""
    kind = ENDINGS.get(name.rpartition(".")[2].casefold())
    if kind is None:
        sentence = f"Name the file with one of the endings {', '.join(ENDINGS)}."
        raise InvalidInput("The kind of file is not known.", [fault(f"/{FIELD}", "unknown_kind", sentence)])
    title = name.rpartition(".")[0][:TITLE_CHARACTERS].strip() or name
    return NewDocument(title=title, kind=kind, language=language, content=content, filename=name[:TITLE_CHARACTERS])


@streams.post(
    "/knowledge-documents/upload",
    operation_id="upload_knowledge_document",
    summary="Send a file that answers are drawn from",
    status_code=CREATED,
    response_model=DocumentShape,
    openapi_extra=file_form(FIELD, "application/pdf"),
)
async def upload_document(
    keys: KeysHere, given: Annotated[NewDocument, Depends(_receive)], finish: FinishHere
) -> Response:
    """Keep a file of up to 8 MB (PDF, HTML, Markdown, text), encrypted, and let it be read. Its name is its title."""

    async def record(unit: Unit) -> DocumentShape:
        return DocumentShape.of(await add_document(unit, keys, given))

    digest = sha256(given.content).hexdigest()
    return await finish(repr((digest, given.title, given.kind, given.language)).encode(), record)


@router.get("/knowledge-documents", operation_id="list_knowledge_documents", summary="List documents")
async def read_documents(unit: UnitHere, keys: KeysHere, window: WindowHere) -> Page[DocumentShape]:
    """The workspace's documents, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Document]:
        return await list_documents(unit, keys, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[DocumentShape.of(each) for each in found], next_cursor=cursor)


@router.get("/knowledge-documents/{document_id}", operation_id="get_knowledge_document", summary="Get a document")
async def read_document(unit: UnitHere, keys: KeysHere, document_id: DocumentPath) -> DocumentShape:
    """Whether it has been read, and if it could not be, why."""
    return DocumentShape.of(await get_document(unit, keys, document_id))


@router.delete(
    "/knowledge-documents/{document_id}",
    operation_id="delete_knowledge_document",
    summary="Delete a document",
    status_code=204,
)
async def drop_document(unit: UnitHere, document_id: DocumentPath) -> None:
    """Delete a document and its passages; from now on no answer is drawn from it."""
    await delete_document(unit, document_id)


@streams.get("/knowledge/search", operation_id="search_knowledge", summary="Search the documents")
async def search_documents(
    finder: FinderHere,
    workspace: WorkspaceHere,
    q: Annotated[str, Query(min_length=1, max_length=QUERY_CHARACTERS, description="A question, or some words.")],
    limit: Annotated[int, Query(ge=1, le=MOST_FOUND, description="How many passages at most.")] = 5,
) -> FoundShape:
    """What an agent would find for a question: by words, and by meaning where an embedding model is switched on."""
    found = await finder.search(WorkspaceId(workspace), q, limit)
    return FoundShape(data=[PassageShape.of(each) for each in found])
