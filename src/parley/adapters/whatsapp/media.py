"""Files: fetched in two steps (where it is, then its bytes), checked against Meta's hash."""

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urljoin

import msgspec

from parley.adapters.whatsapp.errors import classify
from parley.adapters.whatsapp.graph import NOT_SENT, SUCCESS, Graph, authorization, segment
from parley.adapters.whatsapp.wire import MediaAnswer
from parley.kit.http import HttpFailure, StreamedAnswer
from parley.modules.channels.inbound import MediaFile
from parley.modules.channels.ports import ChannelAccess, Remedy, SendFailed

DOWNLOAD_SECONDS: Final = 120.0
"""Meta holds at most 100 MB; the address itself dies after five minutes."""
MAX_ERROR_BYTES: Final = 65_536
SHA256_BYTES: Final = 32
MAX_HOPS: Final = 4
"""Meta redirects once, if at all."""
MOVED: Final = frozenset({301, 302, 303, 307, 308})
STRANGER: Final = "The file's address is not one of Meta's; the token is not sent there."
GONE: Final = frozenset({401, 403, 404, 410})
"""What a dead address answers; a fresh one is asked for once."""


async def download(graph: Graph, access: ChannelAccess, file: MediaFile) -> AsyncIterator[bytes]:
    """The bytes of a file in chunks. Raises SendFailed; also after the last chunk, when the hash does not fit."""
    if file.url is not None and graph.trusts(file.url):
        try:
            async for chunk in _fetched(graph, access, file.url, file.sha256):
                yield chunk
            return
        except _AddressDied:
            pass
    located = await locate(graph, access, file.provider_id)
    try:
        async for chunk in _fetched(graph, access, located.url or "", file.sha256 or located.sha256):
            yield chunk
    except _AddressDied as error:
        raise SendFailed(
            Remedy.RETRY, code=131052, title="The file's address died before it was read; it is asked for again."
        ) from error


async def locate(graph: Graph, access: ChannelAccess, media_id: str) -> MediaAnswer:
    """Where a file is, for the next five minutes. Raises SendFailed."""
    path = f"{segment(media_id)}?phone_number_id={segment(access.number_id)}"
    answer = await graph.get(access, path)
    try:
        located = msgspec.json.decode(answer.body, type=MediaAnswer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise classify(answer.status, answer.body, answer.headers) from error
    if not located.url or not graph.trusts(located.url):
        raise SendFailed(Remedy.FINAL, code=131052, title=STRANGER)
    return located


class _AddressDied(Exception):
    """The address no longer gives the file; nothing of it was read."""


async def _fetched(graph: Graph, access: ChannelAccess, url: str, expected: str | None) -> AsyncIterator[bytes]:
    digest = hashlib.sha256()
    for _ in range(MAX_HOPS):
        try:
            async with graph.http.stream(url, headers=authorization(access), deadline=DOWNLOAD_SECONDS) as answer:
                if answer.status in MOVED and "location" in answer.headers:
                    url = _next_hop(graph, url, answer.headers["location"])
                    continue
                if answer.status in GONE:
                    raise _AddressDied
                if answer.status != SUCCESS:
                    raise classify(answer.status, await _beginning(answer), answer.headers)
                async for chunk in answer.chunks:
                    digest.update(chunk)
                    yield chunk
                break
        except HttpFailure as error:
            raise SendFailed(Remedy.RETRY, code=0, title=NOT_SENT, detail=str(error)) from error
    else:
        raise SendFailed(Remedy.FINAL, code=131052, title="The file's address leads in circles.")
    wanted = read_digest(expected)
    if wanted is not None and wanted != digest.digest():
        title = "The file arrived damaged: its hash differs from the one Meta gave. It is fetched again."
        raise SendFailed(Remedy.RETRY, code=131052, title=title)


def _next_hop(graph: Graph, url: str, location: str) -> str:
    """Where a redirect leads, when the token may go there too."""
    following = urljoin(url, location)
    if not graph.trusts(following):
        raise SendFailed(Remedy.FINAL, code=131052, title=STRANGER)
    return following


async def _beginning(answer: StreamedAnswer) -> bytes:
    found = b""
    async for chunk in answer.chunks:
        found += chunk
        if len(found) >= MAX_ERROR_BYTES:
            break
    return found


def read_digest(text: str | None) -> bytes | None:
    """A SHA-256 written in hex or base64 (Meta uses both); None when it is neither and nothing can be checked."""
    if not text:
        return None
    try:
        if len(text) == 2 * SHA256_BYTES:
            return bytes.fromhex(text)
        found = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
    return found if len(found) == SHA256_BYTES else None
