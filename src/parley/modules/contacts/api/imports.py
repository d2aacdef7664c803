"""Routes of imports: a file is sent and looked at, then started, watched, and its bad rows read out."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from starlette.responses import StreamingResponse

from parley.core.ids import WorkspaceId
from parley.kit.rest.ids import ImportPath
from parley.kit.rest.multipart import file_form, read_file
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import FinishHere, StreamRoute, UnitHere, WorkspaceHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.contacts.export import bad_row_line
from parley.modules.contacts.schemas.imports import ImportShape, ImportStart
from parley.modules.contacts.service.imports import MAX_BYTES, Import, ImportDesk

router = resource("contacts")
streams = resource("contacts", route=StreamRoute)

DeskHere = Annotated[ImportDesk, provided(ImportDesk)]
FIELD = "file"
_FILE = {"content": {"text/csv": {}}, "description": "The rows that were not taken, as they came, with the reasons."}


async def _receive(request: Request, desk: DeskHere, workspace: WorkspaceHere) -> Import:
    sent = await read_file(request, FIELD, most=MAX_BYTES)
    return await desk.keep(WorkspaceId(workspace), sent.chunks, sent.filename)


@streams.post(
    "/contact-imports",
    operation_id="create_contact_import",
    summary="Send a file of contacts",
    status_code=201,
    response_model=ImportShape,
    openapi_extra=file_form(FIELD, "text/csv"),
)
async def make_import(desk: DeskHere, kept: Annotated[Import, Depends(_receive)], finish: FinishHere) -> Response:
    """Keep a CSV file of up to 20 MB and look at it: columns, what they seem to mean, the first rows.

    Nothing is taken in before it is started. Encoding (UTF-8, UTF-16, Windows) and separator are found out.
    """

    async def record(unit: Unit) -> ImportShape:
        return ImportShape.of(await desk.record(unit, kept))

    return await finish(repr((kept.row.size, kept.about)).encode(), record)


@router.get("/contact-imports", operation_id="list_contact_imports", summary="List imports")
async def read_imports(unit: UnitHere, desk: DeskHere, window: WindowHere) -> Page[ImportShape]:
    """The imports of the last seven days, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Import]:
        return await desk.page(unit, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.row.id)
    return Page(data=[ImportShape.of(each) for each in found], next_cursor=cursor)


@router.get("/contact-imports/{import_id}", operation_id="get_contact_import", summary="Get an import")
async def read_import(unit: UnitHere, desk: DeskHere, import_id: ImportPath) -> ImportShape:
    """How far an import is."""
    return ImportShape.of(await desk.get(unit, import_id))


@router.post("/contact-imports/{import_id}/start", operation_id="start_contact_import", summary="Start an import")
async def start_import(unit: UnitHere, desk: DeskHere, import_id: ImportPath, given: ImportStart) -> ImportShape:
    """Take the file in, in the background. Each row creates or updates a contact; one that does not fit fails alone."""
    return ImportShape.of(await desk.start(unit, import_id, given.mapping, given.tags))


@streams.get(
    "/contact-imports/{import_id}/errors",
    operation_id="get_contact_import_errors",
    summary="Get the rows that were not taken",
    response_class=Response,
    responses={200: _FILE},
)
async def read_errors(desk: DeskHere, workspace: WorkspaceHere, import_id: ImportPath) -> Response:
    """As CSV: the row's number, what is wrong, then the row as it came, to be mended and sent again."""
    own = WorkspaceId(workspace)
    async with desk.units.begin(own) as unit:
        known = await desk.get(unit, import_id)

    async def lines() -> AsyncIterator[bytes]:
        yield bad_row_line(["row", "problem", *known.about.columns])
        async for page in desk.bad_rows(own, import_id):
            for place, bad in page:
                yield bad_row_line([str(place), " ".join(bad.problems), *bad.cells])

    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="errors.csv"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(lines(), headers=headers)
