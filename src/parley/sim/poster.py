"""A small HTTP/1.1 client over one kept-alive connection: webhooks by the thousand a second must cost little."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import httptools

CONNECT_SECONDS = 5.0
MOST_ANSWER = 4 * 1024 * 1024  # bytes kept of an answer; the rest is read and thrown away


@dataclass(slots=True)
class Address:
    """A callback URL, split once. `host` carries the port where it is not the scheme's own."""

    url: str
    hostname: str = field(init=False)
    port: int = field(init=False)
    host: str = field(init=False)
    path: str = field(init=False)
    tls: bool = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"Give a callback URL as http://host:port/path; got {self.url!r}.")
        self.tls = parts.scheme == "https"
        self.hostname = parts.hostname
        self.port = parts.port or (443 if self.tls else 80)
        self.host = parts.netloc.rpartition("@")[2]
        self.path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class Connection(asyncio.Protocol):
    """One connection; one request at a time. A closed one is opened again by `exchange`."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._waiter: asyncio.Future[int] | None = None
        self._body = b""

    async def exchange(self, request: bytes, timeout: float) -> tuple[int, bytes]:
        """Send the request; its status and body. Raises OSError or TimeoutError when there is no answer."""
        async with asyncio.timeout(timeout):
            if self._transport is None or self._transport.is_closing():
                await self._connect()
            self._body = b""
            waiter = self._waiter = asyncio.get_running_loop().create_future()
            try:
                self._send(request)
                return await waiter, self._body
            except BaseException:
                self.close()
                raise
            finally:
                self._waiter = None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        context = ssl.create_default_context() if self._address.tls else None
        async with asyncio.timeout(CONNECT_SECONDS):
            await loop.create_connection(lambda: self, self._address.hostname, self._address.port, ssl=context)

    def _send(self, request: bytes) -> None:
        if self._transport is None:
            raise ConnectionResetError("The connection closed before the request was sent.")
        self._transport.write(request)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        try:
            if self._parser is not None:
                self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"The callback does not speak HTTP: {error}"))
            self.close()

    def on_body(self, body: bytes) -> None:
        if len(self._body) < MOST_ANSWER:
            self._body += body

    def on_message_complete(self) -> None:
        parser = self._parser
        if parser is None or self._waiter is None or self._waiter.done():
            return
        self._waiter.set_result(parser.get_status_code())
        if not parser.should_keep_alive():
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._fail(exc or ConnectionResetError("The callback closed the connection without an answer."))

    def _fail(self, error: Exception) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)


def post_request(address: Address, body: bytes, signature: str) -> bytes:
    """The bytes of a signed webhook POST."""
    return (
        f"POST {address.path} HTTP/1.1\r\nHost: {address.host}\r\nUser-Agent: facebookexternalua\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\n\r\n"
    ).encode("latin-1") + body


def json_request(address: Address, method: str, path: str, body: bytes) -> bytes:
    """The bytes of a request with a JSON body to a path of this host."""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: {address.host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode("latin-1") + body


def get_request(address: Address, query: str) -> bytes:
    """The bytes of the handshake's GET."""
    joint = "&" if "?" in address.path else "?"
    return (
        f"GET {address.path}{joint}{query} HTTP/1.1\r\nHost: {address.host}\r\nUser-Agent: facebookplatform/1.0\r\n"
        "Connection: close\r\n\r\n"
    ).encode("latin-1")
