"""Posting webhooks as Meta does: kept connections, one request at a time on each, the rest waiting in order."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools

from bench.webhooks import signature

RETRY_SECONDS = 0.2
"""A webhook that was not taken is posted again after this, as Meta does (only sooner)."""

Done = Callable[[int], None]
"""Told the status of the answer; 0 when the connection broke before it came."""


@dataclass(frozen=True, slots=True)
class Post:
    body: bytes
    done: Done | None


class _Connection(asyncio.Protocol):
    def __init__(self, poster: "Poster") -> None:
        self._poster = poster
        self._parser = httptools.HttpResponseParser(self)
        self.transport: asyncio.Transport | None = None
        self.post: Post | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._poster.free(self)

    def send(self, post: Post) -> None:
        assert self.transport is not None
        self.post = post
        head = b"%sX-Hub-Signature-256: %s\r\nContent-Length: %d\r\n\r\n"
        self.transport.write(head % (self._poster.head, signature(post.body), len(post.body)) + post.body)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        post, self.post = self.post, None
        code = self._parser.get_status_code()
        self._parser = httptools.HttpResponseParser(self)
        if post is not None:
            self._poster.answered(post, code)
        self._poster.free(self)

    def connection_lost(self, _error: Exception | None) -> None:
        post, self.post = self.post, None
        self._poster.lost(self, post)


class Poster:
    """Posts bodies; one that is not answered by 200 is posted again until it is, unless `again` is off."""

    def __init__(self, url: str, *, connections: int = 96, again: bool = True) -> None:
        parts = urlsplit(url)
        self._place = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.head = b"POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n" % (
            parts.path.encode(),
            parts.netloc.encode(),
        )
        self._size = connections
        self._again = again
        self._waiting: deque[Post] = deque()
        self._free: list[_Connection] = []
        self._open = True
        self._tasks: set[asyncio.Task[None]] = set()
        self.refused: dict[int, int] = {}
        """Answers other than 200, by status; 0 for broken connections."""

    async def start(self) -> None:
        for _ in range(self._size):
            await self._connect()

    def close(self) -> None:
        self._open = False
        for task in self._tasks:
            task.cancel()
        for connection in self._free:
            if connection.transport is not None:
                connection.transport.close()

    @property
    def waiting(self) -> int:
        """Webhooks not yet written to a connection."""
        return len(self._waiting)

    def post(self, body: bytes, done: Done | None = None) -> None:
        post = Post(body, done)
        if self._free:
            self._free.pop().send(post)
        else:
            self._waiting.append(post)

    def free(self, connection: _Connection) -> None:
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._free.append(connection)

    def answered(self, post: Post, code: int) -> None:
        if code != 200:
            self.refused[code] = self.refused.get(code, 0) + 1
            if self._again:
                asyncio.get_running_loop().call_later(RETRY_SECONDS, self.post, post.body, post.done)
                return
        if post.done is not None:
            post.done(code)

    def lost(self, connection: _Connection, post: Post | None) -> None:
        """A connection broke: its webhook's fate is unknown, so it is posted again; another connection replaces it."""
        if connection in self._free:
            self._free.remove(connection)
        if not self._open:
            return
        if post is not None:
            self.answered(post, 0)
        task = asyncio.get_running_loop().create_task(self._reconnect())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reconnect(self) -> None:
        while self._open:
            try:
                await self._connect()
            except OSError:
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: _Connection(self), *self._place)
