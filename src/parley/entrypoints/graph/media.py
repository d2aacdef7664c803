"""Files: ours under digits of ours, Meta's under its own; both are told of, downloaded and deleted alike."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import msgspec
from starlette.responses import Response, StreamingResponse

from parley.adapters.whatsapp.graph import segment
from parley.adapters.whatsapp.media import download, locate
from parley.core.json import JsonObject
from parley.core.time import unix_seconds
from parley.entrypoints.graph.call import OK, Call, read_object, reply
from parley.kit.crypto import blind_index
from parley.kit.draft import MAX_FILE_BYTES
from parley.kit.http import Answer
from parley.kit.rest.multipart import read_file
from parley.kit.unit import Unit
from parley.modules.channels import Channel
from parley.modules.channels.inbound import MediaFile
from parley.modules.channels.ports import SendFailed
from parley.modules.media import Media, Upload, find_by_provider_id, get_media
from parley.modules.partners import MetaRefusal, media_ids, unknown_object

DOWNLOAD: Final = ("whatsapp_business", "attachments")
URL_SECONDS: Final = 300
"""An address lives as long as Meta's."""
LOOK_SECONDS: Final = 0.1
LOOKS: Final = 100
"""An inbound file that is being fetched is waited for ten seconds; its webhook may be quicker than the file."""
MOST_NUMBERS: Final = 5
"""Numbers whose files are looked through for an id that only Meta knows, unless the caller names one."""
_GONE, _WRONG_FILE = 131052, 131053
_PURPOSE = "graph_media_url"


async def upload(call: Call) -> Response:
    """`POST /{phone}/media`: keep a file that is to be sent."""
    await call.number()
    sent = await read_file(call.request, "file", most=MAX_FILE_BYTES)
    given = Upload(chunks=sent.chunks, filename=sent.filename, content_type=sent.content_type)
    kept = await call.app.media.keep(call.workspace, given)

    async def work(unit: Unit) -> Response:
        return reply({"id": media_ids.spell((await call.app.media.record(unit, kept)).id)})

    return await call.once(msgspec.json.encode([kept.size, kept.about]), work)


async def read(call: Call) -> Response | None:
    """`GET /{media}`: what it is, and where for the next minutes; None when nobody knows such a file."""
    known = await _known(call)
    if known is None:
        return await _read_at_meta(call)
    if known.state == "failed":
        raise MetaRefusal(_GONE, "The file could not be fetched from the person who sent it.")
    return reply(await _described(call, known.content_type, known.about.sha256, str(known.size)))


async def fetch(call: Call) -> Response:
    """The bytes, for the bearer of a token of the same workspace, while the address lives."""
    query = call.request.query_params
    wanted, until = query.get("mid", ""), query.get("ext", "")
    alive = until.isascii() and until.isdecimal() and int(until[:12]) > unix_seconds()
    seal = await _seal(call, wanted, until)
    if not alive or not hmac.compare_digest(query.get("hash", "").encode(), seal.encode()):
        return Response(status_code=404, media_type="text/plain")
    own = await _own(call, wanted)
    if own is None:
        return await _fetch_at_meta(call, wanted)
    file = await call.app.media.open_file(call.workspace, own, call.caller)
    return _download(file.chunks, file.content_type, file.size)


async def delete(call: Call) -> Response:
    """`DELETE /{media}`."""
    own = await _own(call, call.node)
    if own is not None:
        await call.app.media.delete(call.workspace, own)
        return reply({"success": True})
    async for _, answer in _at_meta(call, call.node, method="DELETE"):
        return call.told(answer)
    raise unknown_object("DELETE", call.node)


async def _known(call: Call) -> Media | None:
    """The file, waited for while it is being fetched."""
    own = await _own(call, call.node)
    if own is None:
        return None
    for _ in range(LOOKS):
        known = await _look(call, own)
        if known.state != "fetching":
            return known
        await asyncio.sleep(LOOK_SECONDS)
    raise MetaRefusal(_GONE, "The file is still being fetched; ask again.", retry_after=2)


async def _look(call: Call, media: UUID) -> Media:
    async with call.unit() as unit:
        return await get_media(unit, call.app.people, media)


async def _own(call: Call, wanted: str) -> UUID | None:
    """The file of ours that an id means, ours or Meta's."""
    own = media_ids.read(wanted)
    if own is not None:
        return own
    async with call.unit() as unit:
        found = await find_by_provider_id(unit, call.app.people, wanted)
    return found.id if found else None


async def _described(call: Call, mime_type: str | None, sha256: str | None, size: object) -> JsonObject:
    until = str(int(unix_seconds()) + URL_SECONDS)
    seal = await _seal(call, call.node, until)
    where = f"{call.base}/{'/'.join(DOWNLOAD)}/?mid={segment(call.node)}&ext={until}&hash={seal}"
    told = {"url": where, "mime_type": mime_type, "sha256": sha256, "file_size": size, "id": call.node}
    return {"messaging_product": "whatsapp", **{k: v for k, v in told.items() if isinstance(v, str | int)}}


async def _seal(call: Call, media: str, until: str) -> str:
    own = await call.app.keys.scope(call.workspace)
    return blind_index(own.index, _PURPOSE, f"{media} {until}").hex()


async def _read_at_meta(call: Call) -> Response | None:
    async for _, answer in _at_meta(call, call.node):
        found = read_object(answer.body) or {}
        if "url" in found:
            mime, digest = (found.get(name) for name in ("mime_type", "sha256"))
            given = (mime if isinstance(mime, str) else None, digest if isinstance(digest, str) else None)
            return reply(await _described(call, *given, found.get("file_size")))
    return None


async def _fetch_at_meta(call: Call, wanted: str) -> Response:
    async for channel, _ in _at_meta(call, wanted, method="GET"):
        try:
            found = await locate(call.desk.graph, channel.access, wanted)
            file = MediaFile(provider_id=wanted, kind="document", url=found.url, sha256=found.sha256)
            chunks = download(call.desk.graph, channel.access, file)
            first = await anext(chunks, b"")
        except SendFailed as error:
            raise MetaRefusal(error.code or _GONE, error.detail or error.title) from error
        return _download(_joined(first, chunks), found.mime_type or "application/octet-stream", None)
    return Response(status_code=404, media_type="text/plain")


async def _at_meta(call: Call, media: str, *, method: str = "GET") -> AsyncIterator[tuple[Channel, Answer]]:
    """Meta's good answers about one of its own ids.

    It is asked number by number, for it then answers of that number's files only: a token may reach other workspaces'.
    """
    named = call.request.query_params.get("phone_number_id")
    for channel in (await call.channels())[:MOST_NUMBERS] if named is None else await call.channels():
        number = channel.access.number_id
        if named in (None, number):
            query = f"phone_number_id={segment(number)}"
            answer = await call.ask_meta(channel, segment(media), query=query, method=method)
            if answer.status == OK:
                yield channel, answer


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


def _download(chunks: AsyncIterator[bytes], content_type: str, size: int | None) -> Response:
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(chunks, headers=headers | ({"Content-Length": str(size)} if size is not None else {}))
