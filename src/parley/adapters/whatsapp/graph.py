"""One call of the Graph API: addresses, the token, deadlines, and failures in our vocabulary."""

from typing import Final
from urllib.parse import quote, urlsplit

from parley.adapters.whatsapp.errors import classify
from parley.adapters.whatsapp.render import encode
from parley.core.json import JsonObject
from parley.kit.http import Answer, FormFile, HttpClient, NotSent, OutcomeUnknown
from parley.modules.channels.ports import ChannelAccess, Remedy, SendFailed

DEADLINE_SECONDS: Final = 15.0
"""Meta answers within a second as a rule; after this the caller settles by status or history."""
UPLOAD_SECONDS: Final = 120.0
"""A 100 MB document at 1 MB/s, and a little."""
META_HOSTS: Final = ("fbsbx.com", "whatsapp.net", "facebook.com", "fbcdn.net")
"""Hosts of Meta's that serve media; the token goes to these and to the configured Graph host only."""
SUCCESS: Final = 200

NOT_SENT: Final = "Meta can't be reached; the message is sent again."
UNKNOWN: Final = "Meta did not answer; the message may have gone out. Wait for its status."


class Graph:
    """The Graph API at one address and version."""

    def __init__(self, http: HttpClient, url: str, version: str) -> None:
        self.http = http
        self._base = f"{url.rstrip('/')}/{version}"
        parts = urlsplit(url)
        self._origin = (parts.scheme, parts.netloc.lower())

    def trusts(self, url: str) -> bool:
        """Whether the token may go to this address: the configured host, or a host of Meta's over TLS."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        if (parts.scheme, parts.netloc.lower()) == self._origin:
            return True
        host = (parts.hostname or "").lower()
        known = any(host == name or host.endswith(f".{name}") for name in META_HOSTS)
        return parts.scheme == "https" and known and port in (None, 443) and "@" not in parts.netloc

    def address(self, path: str) -> str:
        """The full address of a path."""
        return f"{self._base}/{path}"

    async def get(self, access: ChannelAccess, path: str) -> Answer:
        """Read. A read that failed can always be made again. Raises SendFailed."""
        try:
            headers = authorization(access)
            answer = await self.http.get(self.address(path), headers=headers, deadline=DEADLINE_SECONDS)
        except (NotSent, OutcomeUnknown) as error:
            raise SendFailed(Remedy.RETRY, code=0, title=NOT_SENT, detail=str(error)) from error
        return _successful(answer)

    async def post(self, access: ChannelAccess, path: str, body: JsonObject) -> Answer:
        """Write. Raises SendFailed, with UNSURE when Meta may have done it."""
        headers = {**authorization(access), "Content-Type": "application/json"}
        encoded = _encoded(body)
        try:
            answer = await self.http.post(self.address(path), headers=headers, body=encoded, deadline=DEADLINE_SECONDS)
        except NotSent as error:
            raise SendFailed(Remedy.RETRY, code=0, title=NOT_SENT, detail=str(error)) from error
        except OutcomeUnknown as error:
            raise SendFailed(Remedy.UNSURE, code=0, title=UNKNOWN, detail=str(error)) from error
        return _successful(answer)

    async def delete(self, access: ChannelAccess, path: str) -> Answer:
        """Delete. What was deleted twice is as gone as before, so a failed try can be made again. Raises SendFailed."""
        try:
            headers = authorization(access)
            answer = await self.http.delete(self.address(path), headers=headers, deadline=DEADLINE_SECONDS)
        except (NotSent, OutcomeUnknown) as error:
            raise SendFailed(Remedy.RETRY, code=0, title=NOT_SENT, detail=str(error)) from error
        return _successful(answer)

    async def give_bytes(self, access: ChannelAccess, path: str, data: bytes) -> Answer:
        """All of a resumable upload at once, whose token is spelled in its own way. Raises SendFailed."""
        headers = {
            "Authorization": f"OAuth {access.token}",
            "file_offset": "0",
            "Content-Type": "application/octet-stream",
        }
        try:
            answer = await self.http.post(self.address(path), headers=headers, body=data, deadline=UPLOAD_SECONDS)
        except (NotSent, OutcomeUnknown) as error:
            raise SendFailed(Remedy.RETRY, code=0, title=NOT_SENT, detail=str(error)) from error
        return _successful(answer)

    async def upload(self, access: ChannelAccess, path: str, file: FormFile) -> Answer:
        """Store a file. Storing it twice does no harm, so any failed try can be made again. Raises SendFailed."""
        fields = {"messaging_product": "whatsapp", "type": file.content_type}
        try:
            answer = await self.http.upload(
                self.address(path), headers=authorization(access), fields=fields, file=file, deadline=UPLOAD_SECONDS
            )
        except (NotSent, OutcomeUnknown) as error:
            raise SendFailed(Remedy.RETRY, code=0, title=NOT_SENT, detail=str(error)) from error
        return _successful(answer)


def authorization(access: ChannelAccess) -> dict[str, str]:
    """The header that carries the token."""
    return {"Authorization": f"Bearer {access.token}"}


def segment(text: str) -> str:
    """A provider's id as one segment of a path: nothing in it can lead elsewhere."""
    return quote(text, safe="")


def _encoded(body: JsonObject) -> bytes:
    try:
        return encode(body)
    except (TypeError, ValueError, RecursionError) as error:
        title = "The message can't be written as JSON. Use text, numbers, lists and objects only."
        raise SendFailed(Remedy.TELL_SENDER, code=100, title=title, detail=type(error).__name__) from error


def _successful(answer: Answer) -> Answer:
    if answer.status != SUCCESS:
        raise classify(answer.status, answer.body, answer.headers)
    return answer
