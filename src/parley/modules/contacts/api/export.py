"""The route that reads all contacts out, as a stream."""

from typing import Annotated, Literal

from fastapi import Query, Response
from starlette.responses import StreamingResponse

from parley.core.ids import WorkspaceId
from parley.kit.rest.route import StreamRoute, WorkspaceHere, provided, resource
from parley.modules.contacts.api.contacts import OfState, OfTag, conditions_of
from parley.modules.contacts.service.export import Exporter

router = resource("contacts", route=StreamRoute)

_FILE = {
    "content": {"text/csv": {}, "application/x-ndjson": {}},
    "description": "The file, in the format that was asked for.",
}
_TYPES = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}

Format = Annotated[Literal["csv", "ndjson"], Query(description="csv for spreadsheets; ndjson: one object a line.")]


@router.get(
    "/contacts/export",
    operation_id="export_contacts",
    summary="Export contacts",
    response_class=Response,
    responses={200: _FILE},
)
async def export_contacts(
    exporter: Annotated[Exporter, provided(Exporter)],
    workspace: WorkspaceHere,
    format: Format = "csv",
    tag_id: OfTag = None,
    marketing: OfState = None,
) -> Response:
    """All contacts, or those of a tag or consent, newest first. What a spreadsheet could take for a formula is quoted.

    The file of this format is what an import takes.
    """
    own = WorkspaceId(workspace)
    async with exporter.units.begin(own) as unit:
        whom = await conditions_of(unit, exporter.directory, tag_id, marketing)
    headers = {
        "Content-Type": _TYPES[format],
        "Content-Disposition": f'attachment; filename="contacts.{format}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(exporter.lines(own, whom, format), headers=headers)
