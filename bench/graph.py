"""Meta's messages edge as a stub: takes every message, answers at once, and says what it took."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import httptools
import msgspec

from bench.webhooks import Sent

_ANSWER = (
    b'{"messaging_product":"whatsapp","contacts":[{"input":"%(to)s","wa_id":"%(to)s"}],"messages":[{"id":"%(id)s"}]}'
)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class _Text(msgspec.Struct, frozen=True):
    body: str = ""


class _Message(msgspec.Struct):
    to: str = ""
    text: _Text = _Text()
    biz_opaque_callback_data: str = ""


_NOTHING = b"{}"
"""What is answered to questions about numbers, templates and health."""
_decoder = msgspec.json.Decoder(_Message)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that arrived here: what it says, and what its statuses need."""

    text: str
    sent: Sent


class _Requests(asyncio.Protocol):
    def __init__(self, graph: "Graph") -> None:
        self._graph = graph
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._url = b""
        self._parts: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url = url

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        body, self._parts = b"".join(self._parts), []
        if self._transport is not None and not self._transport.is_closing():
            self._graph.take(self._url, body, self._transport)


class Graph:
    """The stub's server. `taken` is called for each message posted; `delay` seconds pass before it is answered."""

    def __init__(self, taken: Callable[[Taken], None], *, run: bytes, delay: float = 0.0) -> None:
        self._taken = taken
        self._run = run
        self._delay = delay
        self._count = 0
        self._server: asyncio.Server | None = None
        self.url = ""

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Requests(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def take(self, url: bytes, body: bytes, transport: asyncio.Transport) -> None:
        if not url.endswith(b"/messages"):
            transport.write(_HEAD % len(_NOTHING) + _NOTHING)
            return
        message = _decoder.decode(body)
        self._count += 1
        wamid = b"wamid.HBgM%sR%020dA=" % (self._run, self._count)
        answer = _ANSWER % {b"to": message.to.encode(), b"id": wamid}
        whole = _HEAD % len(answer) + answer
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, transport.write, whole)
        else:
            transport.write(whole)
        sent = Sent(
            number=url.split(b"/")[-2],
            wamid=wamid,
            to=message.to.lstrip("+").encode(),
            callback=message.biz_opaque_callback_data.encode(),
        )
        self._taken(Taken(message.text.body, sent))
