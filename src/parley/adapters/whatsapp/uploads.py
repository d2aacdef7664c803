"""Resumable uploads: files that are samples of templates or pictures of profiles, and not messages."""

from typing import Final
from urllib.parse import quote, urlencode

import msgspec

from parley.adapters.whatsapp.graph import Graph, segment
from parley.modules.channels.ports import ChannelAccess, Remedy, SendFailed

TOKENS_APP: Final = "app"
"""Meta's name for the app that a token is of."""
UPLOAD: Final = "upload:"


class WhatsAppUploads:
    """Implements the media room's SampleProvider."""

    def __init__(self, graph: Graph, app_id: str | None) -> None:
        self.graph = graph
        self._app = app_id or TOKENS_APP

    async def upload_sample(self, access: ChannelAccess, data: bytes, content_type: str, filename: str) -> str:
        """Begin an upload, give all of it, and get its handle. What broke off is begun anew. Raises SendFailed."""
        about = urlencode({"file_name": filename, "file_length": len(data), "file_type": content_type})
        try:
            begun = (await self.graph.post(access, f"{segment(self._app)}/uploads?{about}", {})).body
            upload = _text(begun, "id")
            if not upload.startswith(UPLOAD):
                raise _unreadable()
            return _text((await self.graph.give_bytes(access, quote(upload, safe=":?=&"), data)).body, "h")
        except SendFailed as error:
            if error.remedy is not Remedy.UNSURE:
                raise
            raise SendFailed(Remedy.RETRY, code=error.code, title="Meta did not answer; upload it again.") from error


def _text(body: bytes, member: str) -> str:
    try:
        found = msgspec.json.decode(body, type=dict)[member]
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError) as error:
        raise _unreadable() from error
    if not isinstance(found, str):
        raise _unreadable()
    return found


def _unreadable() -> SendFailed:
    return SendFailed(Remedy.RETRY, code=0, title="Meta's answer could not be read.")
