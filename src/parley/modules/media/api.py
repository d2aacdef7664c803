"""Routes of files: uploads and downloads are streams, and hold no unit while the other side is slow."""

from typing import Annotated
from urllib.parse import quote

import msgspec
from fastapi import Depends, Request, Response
from starlette.responses import StreamingResponse

from parley.core.errors import InvalidInput
from parley.core.ids import WorkspaceId
from parley.kit.draft import MAX_FILE_BYTES
from parley.kit.rest.errors import TooLarge
from parley.kit.rest.ids import MediaPath
from parley.kit.rest.multipart import read_file
from parley.kit.rest.route import CallerHere, FinishHere, StreamRoute, UnitHere, WorkspaceHere, provided, resource
from parley.kit.storage import FileTooLarge
from parley.kit.unit import Unit
from parley.modules.media.schemas import MediaShape
from parley.modules.media.service.library import MediaLibrary
from parley.modules.media.service.read import get_media
from parley.modules.media.service.upload import Kept, Upload
from parley.modules.privacy import People

router = resource("media")
streams = resource("media", route=StreamRoute)
ROUTERS = (streams, router)

LibraryHere = Annotated[MediaLibrary, provided(MediaLibrary)]
FIELD = "file"

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "contentMediaType": "application/octet-stream"}},
                }
            }
        },
    }
}
_BYTES = {"content": {"application/octet-stream": {}}, "description": "The file's bytes, under its own content type."}


async def _receive(request: Request, library: LibraryHere, workspace: WorkspaceHere) -> Kept:
    """The uploaded file, on disk."""
    sent = await read_file(request, FIELD, most=MAX_FILE_BYTES)
    upload = Upload(chunks=sent.chunks, filename=sent.filename, content_type=sent.content_type)
    try:
        return await library.keep(WorkspaceId(workspace), upload)
    except InvalidInput as error:
        if error.reason == FileTooLarge.code:
            raise TooLarge(error.detail) from error
        raise


@streams.post(
    "/media",
    operation_id="upload_media",
    summary="Upload a file",
    status_code=201,
    response_model=MediaShape,
    openapi_extra=_FORM,
)
async def upload_media(library: LibraryHere, kept: Annotated[Kept, Depends(_receive)], finish: FinishHere) -> Response:
    """Keep a file that is to be sent, encrypted, for thirty days. A message names it by its id."""

    async def record(unit: Unit) -> MediaShape:
        return MediaShape.of(await library.record(unit, kept))

    return await finish(msgspec.json.encode([kept.size, kept.about]), record)


@router.get("/media/{media_id}", operation_id="get_media", summary="Get a file's description")
async def read_media(unit: UnitHere, people: Annotated[People, provided(People)], media_id: MediaPath) -> MediaShape:
    """What is known of a file, and whether it is there yet."""
    return MediaShape.of(await get_media(unit, people, media_id))


@streams.get(
    "/media/{media_id}/content",
    operation_id="get_media_content",
    summary="Get a file's content",
    response_class=Response,
    responses={200: _BYTES},
)
async def read_content(
    library: LibraryHere, workspace: WorkspaceHere, caller: CallerHere, media_id: MediaPath
) -> Response:
    """The bytes of a file. It is always a download, so that no browser runs what somebody sent."""
    file = await library.open_file(WorkspaceId(workspace), media_id, caller)
    name = f"; filename*=UTF-8''{quote(file.filename, safe='')}" if file.filename else ""
    headers = {
        "Content-Type": file.content_type,
        "Content-Length": str(file.size),
        "Content-Disposition": f"attachment{name}",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(file.chunks, headers=headers)
