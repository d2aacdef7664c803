"""Meta, as the one who knows the truth: posts what people say until it is taken, counts what it is given to deliver.

Unlike the simulator it is never killed, so that what it remembers can be held against what the platform shows.
"""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass

import aiohttp

from parley.adapters.whatsapp.signature import sign
from tests.fakes.meta import status, text

SECRET = "journey secret"
POST_SECONDS = 12.0
RETRY_SECONDS = 0.3
DONE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Number:
    number_id: str = "555001"
    account_id: str = "555002"


@dataclass(slots=True)
class Faults:
    """Shares of requests: refused unheard, taken but never answered, posted twice; and how late webhooks are."""

    drop_before: float = 0.0
    drop_after: float = 0.0
    duplicates: float = 0.0
    late_seconds: float = 0.0


class Meta:
    """Graph API and webhooks of one number."""

    def __init__(self, seed: int = 1) -> None:
        self.number = Number()
        self.faults = Faults()
        self.chance = random.Random(seed)  # noqa: S311 - a course of events, not a secret
        self.accepted: Counter[str] = Counter()
        """How often each of the platform's message ids was taken."""
        self.texts: dict[str, str] = {}
        self.said: set[str] = set()
        """What people said and the platform answered 200 for."""
        self.refusals: Counter[str] = Counter()
        self.port = 0
        self.webhooks = ""
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=POST_SECONDS))

    async def go_away(self) -> None:
        """Listen no more; whoever is connected is cut off."""
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.close()

    async def close(self) -> None:
        await self.go_away()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def say(self, person: str, words: str) -> None:
        """A person writes."""
        self._post(text(self.number, person, words, id=f"wamid.{words}"), words)

    async def quiet(self) -> None:
        """Until every webhook was taken."""
        async with asyncio.timeout(DONE_SECONDS):
            while self._tasks:
                await asyncio.wait(self._tasks)

    def _post(self, body: bytes, words: str | None = None) -> None:
        for _ in range(2 if self.chance.random() < self.faults.duplicates else 1):
            task = asyncio.create_task(self._post_until_taken(body, words))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post_until_taken(self, body: bytes, words: str | None) -> None:
        assert self._session is not None
        await asyncio.sleep(self.chance.random() * self.faults.late_seconds)
        headers = {"X-Hub-Signature-256": sign(body, SECRET)}
        while True:
            try:
                async with self._session.post(self.webhooks, data=body, headers=headers) as answer:
                    if answer.status == 200:
                        break
                    self.refusals[f"{answer.status} {answer.headers.get('Retry-After')}"] += 1
            except (aiohttp.ClientError, TimeoutError) as error:
                self.refusals[type(error).__name__] += 1
            await asyncio.sleep(RETRY_SECONDS)
        if words is not None:
            self.said.add(words)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if ": " in line)
                body = await reader.readexactly(int(fields.get("content-length", "0")))
                answer = self._take(body)
                if answer is None:
                    return
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(answer), answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _take(self, body: bytes) -> bytes | None:
        """The answer to one send; None when the connection dies instead."""
        if self.chance.random() < self.faults.drop_before:
            return None
        message = json.loads(body)
        ours = str(message["biz_opaque_callback_data"])
        self.accepted[ours] += 1
        self.texts[ours] = message["text"]["body"]
        provider_id = f"wamid.{ours}.{self.accepted[ours]}"
        for kind in ("sent", "delivered", "read"):
            more: dict[str, object] = {"biz_opaque_callback_data": ours, "timestamp": str(int(time.time()))}
            self._post(status(self.number, provider_id, kind, ours=None, **more))
        if self.chance.random() < self.faults.drop_after:
            return None
        return json.dumps({"messaging_product": "whatsapp", "messages": [{"id": provider_id}]}).encode()
