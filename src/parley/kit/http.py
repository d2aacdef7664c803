"""Outgoing HTTP, thin: one client per process, a deadline on every call, and errors that say whether the peer may know.

    HttpFailure
    ├── NotSent          certainly never reached the peer: refused, no such host, connect or pool timeout, bad address
    └── OutcomeUnknown   it may have been received: timeout or reset after connecting, a broken or oversized answer

pyreqwest names every failure before the answer's head `ConnectError` or `ConnectTimeoutError`, also those after the
request was written; the true phase is in the cause `client error (Connect)`. A kept-alive connection that the peer
closed while it was idle is replaced by the library before anything is written, so it never shows as a failure.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import BuilderError, ClientClosedError, PoolTimeoutError, PyreqwestError, RequestError
from pyreqwest.multipart import FormBuilder, PartBuilder
from pyreqwest.request import RequestBuilder
from pyreqwest.response import Response

CONNECT_SECONDS = 5.0
"""Longer means the peer or the way to it is down. Shorter than any deadline, or a slow connect is taken for unknown."""
POOL_SECONDS = 2.0
"""Waiting longer for a free connection slot means we are the bottleneck; the caller should try later."""
IDLE_SECONDS = 30.0
"""Below the 60 s after which common proxies drop an idle connection."""
MAX_CONNECTIONS = 256
MAX_ANSWER_BYTES = 8 * 1024 * 1024
"""An answer kept in memory is never larger; files are streamed."""
READ_CHUNK_BYTES = 64 * 1024

_CONNECT_PHASE = "client error (Connect)"
_NEVER_WRITTEN = ("operation was canceled", "connection was not ready")


class HttpFailure(Exception):
    """No usable answer. The text names the cause, never headers or bodies."""


class NotSent(HttpFailure):
    """The request certainly never reached the peer; sending again cannot do it twice."""


class OutcomeUnknown(HttpFailure):
    """The peer may have received and done it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A complete answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedAnswer:
    """An answer whose body is read in chunks while the context is open."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """The file of a multipart form, in the field `file`."""

    data: bytes
    content_type: str
    filename: str


class HttpClient:
    """Connections are kept and shared; redirects are never followed; loopback is reached without the system's proxy."""

    def __init__(self, *, user_agent: str = "Parley", max_connections: int = MAX_CONNECTIONS) -> None:
        self._direct = _builder(user_agent, max_connections).no_proxy().build()
        self._outside = _builder(user_agent, max_connections).build()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Drop all connections."""
        await self._direct.close()
        await self._outside.close()

    async def get(self, url: str, *, headers: Mapping[str, str], deadline: float) -> Answer:
        """One GET. `deadline` in seconds covers everything up to the last byte. Raises HttpFailure."""
        return await self._exchange(self._request("GET", url, headers, deadline))

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, deadline: float) -> Answer:
        """One POST. `deadline` in seconds covers everything up to the last byte. Raises HttpFailure."""
        return await self.request("POST", url, headers=headers, body=body, deadline=deadline)

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, deadline: float
    ) -> Answer:
        """One request of any method. `deadline` in seconds covers everything. Raises HttpFailure."""
        request = self._request(method, url, headers, deadline)
        return await self._exchange(request if body is None else request.body_bytes(body))

    async def delete(self, url: str, *, headers: Mapping[str, str], deadline: float) -> Answer:
        """One DELETE. `deadline` in seconds covers everything up to the last byte. Raises HttpFailure."""
        return await self._exchange(self._request("DELETE", url, headers, deadline))

    async def upload(
        self, url: str, *, headers: Mapping[str, str], fields: Mapping[str, str], file: FormFile, deadline: float
    ) -> Answer:
        """One POST of a multipart form: text fields, then the file. Raises HttpFailure."""
        form = FormBuilder()
        for name, value in fields.items():
            form = form.text(name, value)
        try:
            part = PartBuilder.from_bytes(file.data).mime(file.content_type).file_name(file.filename)
        except (PyreqwestError, ValueError) as error:
            message = f"{file.content_type!r} is not a media type"
            raise NotSent(message) from error
        return await self._exchange(self._request("POST", url, headers, deadline).multipart(form.part("file", part)))

    @asynccontextmanager
    async def stream(self, url: str, *, headers: Mapping[str, str], deadline: float) -> AsyncIterator[StreamedAnswer]:
        """One GET whose body is read in chunks. `deadline` covers the whole transfer. Raises HttpFailure."""
        request = self._request("GET", url, headers, deadline)
        try:
            async with request.build_streamed() as response:
                yield StreamedAnswer(status=response.status, headers=_headers(response), chunks=_chunks(response))
        except (BuilderError, RequestError) as error:
            raise _told(error) from error

    def _request(self, method: str, url: str, headers: Mapping[str, str], deadline: float) -> RequestBuilder:
        client = self._direct if _is_loopback(url) else self._outside
        try:
            return client.request(method, url).headers(headers).timeout(timedelta(seconds=deadline))
        except (BuilderError, ClientClosedError, ValueError) as error:
            message = f"the request could not be built: {error}"
            raise NotSent(message) from error

    async def _exchange(self, request: RequestBuilder) -> Answer:
        try:
            async with request.build_streamed() as response:
                body = await _bounded_body(response)
                return Answer(status=response.status, headers=_headers(response), body=body)
        except (BuilderError, RequestError) as error:
            raise _told(error) from error


def _builder(user_agent: str, max_connections: int) -> ClientBuilder:
    return (
        ClientBuilder()
        .user_agent(user_agent)
        .max_connections(max_connections)
        .connect_timeout(timedelta(seconds=CONNECT_SECONDS))
        .pool_timeout(timedelta(seconds=POOL_SECONDS))
        .pool_idle_timeout(timedelta(seconds=IDLE_SECONDS))
        .follow_redirects(enable=False)
        .referer(enable=False)
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _headers(response: Response) -> Mapping[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


async def _chunks(response: Response) -> AsyncIterator[bytes]:
    while chunk := await response.body_reader.read(READ_CHUNK_BYTES):
        yield bytes(chunk)


async def _bounded_body(response: Response) -> bytes:
    length = response.get_header("content-length")
    if length is not None and length.isdecimal() and int(length) <= MAX_ANSWER_BYTES:
        return bytes(await response.bytes())
    parts: list[bytes] = []
    size = 0
    async for chunk in _chunks(response):
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            message = f"the answer is larger than {MAX_ANSWER_BYTES} bytes"
            raise OutcomeUnknown(message)
        parts.append(chunk)
    return b"".join(parts)


def _told(error: BuilderError | RequestError) -> HttpFailure:
    causes = [cause["message"] for cause in error.details["causes"] or ()]
    # The first cause quotes the URL, which may hold a secret in its query.
    text = ": ".join(causes[1:]) or error.message
    if isinstance(error, BuilderError | PoolTimeoutError | ClientClosedError) or _CONNECT_PHASE in causes:
        return NotSent(text)
    if any(phrase in cause for phrase in _NEVER_WRITTEN for cause in causes):
        return NotSent(text)
    return OutcomeUnknown(text)


__all__ = ["Answer", "FormFile", "HttpClient", "HttpFailure", "NotSent", "OutcomeUnknown", "StreamedAnswer"]
