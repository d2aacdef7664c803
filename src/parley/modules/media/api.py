"""Routes of files: uploads and downloads are streams, and hold no unit while the other side is slow."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import Depends, Request, Response
from starlette.responses import StreamingResponse

from parley.core.errors import InvalidInput
from parley.core.ids import WorkspaceId
from parley.kit.draft import MAX_FILE_BYTES
from parley.kit.rest.errors import TooLarge
from parley.kit.rest.ids import MediaPath
from parley.kit.rest.multipart import file_form, read_file
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.ranges import read_range
from parley.kit.rest.route import CallerHere, FinishHere, StreamRoute, UnitHere, WorkspaceHere, provided, resource
from parley.kit.storage import FileTooLarge
from parley.kit.unit import Unit
from parley.modules.media.domain import Media
from parley.modules.media.schemas import MediaShape
from parley.modules.media.service.library import MediaLibrary
from parley.modules.media.service.read import get_media, list_media
from parley.modules.media.service.upload import Kept, Upload
from parley.modules.privacy import People

router = resource("media")
streams = resource("media", route=StreamRoute)
ROUTERS = (streams, router)

PeopleHere = Annotated[People, provided(People)]
LibraryHere = Annotated[MediaLibrary, provided(MediaLibrary)]
FIELD = "file"

_BYTES = {"content": {"application/octet-stream": {}}, "description": "The file's bytes, under its own content type."}

_PART = {**_BYTES, "description": "The part of the file that was asked for."}


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
    openapi_extra=file_form(FIELD, "application/octet-stream"),
)
async def upload_media(library: LibraryHere, kept: Annotated[Kept, Depends(_receive)], finish: FinishHere) -> Response:
    """Keep a file that is to be sent, encrypted, for thirty days. A message names it by its id."""

    async def record(unit: Unit) -> MediaShape:
        return _shown(library, await library.record(unit, kept))

    return await finish(msgspec.json.encode([kept.size, kept.about]), record)


@router.get("/media", operation_id="list_media", summary="List files")
async def read_list(unit: UnitHere, people: PeopleHere, library: LibraryHere, window: WindowHere) -> Page[MediaShape]:
    """The workspace's files, those that came and those that were uploaded, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Media]:
        return await list_media(unit, people, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[_shown(library, each) for each in found], next_cursor=cursor)


@router.get("/media/{media_id}", operation_id="get_media", summary="Get a file's description")
async def read_media(unit: UnitHere, people: PeopleHere, library: LibraryHere, media_id: MediaPath) -> MediaShape:
    """What is known of a file, whether it is there yet, and what it can be sent as."""
    return _shown(library, await get_media(unit, people, media_id))


@router.delete("/media/{media_id}", operation_id="delete_media", summary="Delete a file", status_code=204)
async def drop_media(unit: UnitHere, library: LibraryHere, media_id: MediaPath) -> None:
    """Delete a file before its term. A message that names it and has not left yet fails."""
    await library.remove(unit, media_id)


@streams.get(
    "/media/{media_id}/content",
    operation_id="get_media_content",
    summary="Get a file's content",
    response_class=Response,
    responses={200: _BYTES, 206: _PART, 416: {"description": "The file has no such part."}},
)
async def read_content(
    library: LibraryHere, workspace: WorkspaceHere, caller: CallerHere, media_id: MediaPath, request: Request
) -> Response:
    """The bytes of a file, or the part that a `Range` asks for.

    It is always a download, so that no browser runs what somebody sent.
    """
    file = await library.open_file(WorkspaceId(workspace), media_id, caller)
    tag = f'"{file.sha256}"'
    wanted = request.headers.get("range") if request.headers.get("if-range", tag) == tag else None
    part = read_range(wanted, file.size)
    name = f"; filename*=UTF-8''{quote(file.filename, safe='')}" if file.filename else ""
    headers = {
        "Content-Type": file.content_type,
        "Content-Length": str(file.size if part is None else len(part)),
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Content-Disposition": f"attachment{name}",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    if part is None:
        return StreamingResponse(file.chunks, headers=headers)
    if not part:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{file.size}"})
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    return StreamingResponse(file.part(part.start, part.stop), status_code=206, headers=headers)


def _shown(library: MediaLibrary, media: Media) -> MediaShape:
    return MediaShape.of(media, library.sendable_as(media))
