"""Somebody's endpoints: takes webhooks, notes when each came, and misbehaves where told to."""

import asyncio
from collections import Counter
from typing import cast

import httptools

from parley.core.time import elapsed_seconds

SLOW_SECONDS = 2.0
_ANSWER = b"HTTP/1.1 %d Answer\r\nContent-Length: 0\r\n\r\n"


class _Requests(asyncio.Protocol):
    def __init__(self, receiver: "Receiver") -> None:
        self._receiver = receiver
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._url = b""
        self._id = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"webhook-id":
            self._id = value

    def on_message_complete(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._receiver.take(self._url.decode(), self._id.decode(), self._transport)


class Receiver:
    """The server. `manners` says of a path what it does instead of answering 200: a status, `slow` or `hang`."""

    def __init__(self) -> None:
        self.manners: dict[str, int | str] = {}
        self.taken: dict[tuple[str, str], float] = {}
        """When each (path, webhook id) first came."""
        self.times: Counter[str] = Counter()
        """How often each webhook id came."""
        self._server: asyncio.Server | None = None
        self.url = ""

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Requests(self), "127.0.0.1", 0, backlog=2048)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def take(self, path: str, webhook_id: str, transport: asyncio.Transport) -> None:
        manner = self.manners.get(path, 200)
        if manner == "hang":
            return
        if manner in (200, "slow"):
            self.taken.setdefault((path, webhook_id), elapsed_seconds())
            self.times[webhook_id] += 1
        answer = _ANSWER % (manner if isinstance(manner, int) else 200)
        if manner == "slow":
            asyncio.get_running_loop().call_later(SLOW_SECONDS, _write, transport, answer)
        else:
            transport.write(answer)


def _write(transport: asyncio.Transport, answer: bytes) -> None:
    if not transport.is_closing():
        transport.write(answer)
