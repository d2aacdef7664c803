"""`Idempotency-Key`: a POST that is repeated with the same key does its work once and is answered the same.

The answer is kept in the transaction of the work, so there is never one without the other. Errors are not kept: a
request that failed may be mended and sent again with its key. A request that comes while another with its key is
being worked on waits a little for that one's answer, holding no connection, and is told 409 after that.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response

from parley.core.errors import InvalidInput, fault
from parley.core.time import elapsed_seconds
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts import BeingWorkedOn, Stored, finish_request, take_request

HEADER = "idempotency-key"
REPLAYED = "Idempotent-Replayed"
WAIT_SECONDS = 2.0
"""An honest request is done within this; a client that retried too early then still gets its answer."""
LOOK_SECONDS = 0.05
"""How often we look whether another process is done."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
_OF_THE_BODY = frozenset({"content-length"})
"""Headers that are made again with the answer."""

Begin = Callable[[], AbstractAsyncContextManager[Unit]]
Work = Callable[[Unit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Once:
    """A request that must do its work once: the key it came with, in which mode, and what it asks for."""

    workspace: UUID
    mode: str
    given: str
    fingerprint: bytes

    @property
    def key(self) -> str:
        """A test's key is never the live one's: no key that is given has a space in it."""
        return self.given if self.mode == "live" else f"{self.mode} {self.given}"


def key_of(request: Request) -> str | None:
    """The key that a POST came with, if it did. Raises InvalidInput."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return None
    if not _KEY.match(key):
        sentence = "Use 1 to 255 visible ASCII characters; a UUID does well."
        raise InvalidInput("The Idempotency-Key can't be used.", [fault("/Idempotency-Key", "bad_format", sentence)])
    request.state.idempotency_key = key
    return key


def fingerprint(request: Request, content: bytes) -> bytes:
    """What a request asks for: the same for the same method, address and content."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(asked + content).digest()


class Repeats:
    """Does work in a unit of its own, once for each key."""

    def __init__(self, keys: KeyService) -> None:
        self._keys = keys
        self._running: dict[tuple[UUID, str], asyncio.Event] = {}

    async def answer(self, asked: Once, begin: Begin, work: Work) -> Response:
        """The answer of the first request with this key, committed. Raises BeingWorkedOn, InvalidInput, the work's."""
        end = elapsed_seconds() + WAIT_SECONDS
        async with self._alone((asked.workspace, asked.key), end):
            while True:
                try:
                    async with begin() as unit:
                        return await self._once(unit, asked, work)
                except BeingWorkedOn:
                    if elapsed_seconds() >= end:
                        raise
                await asyncio.sleep(LOOK_SECONDS)

    async def _once(self, unit: Unit, asked: Once, work: Work) -> Response:
        stored = await take_request(unit, self._keys, asked.key, asked.fingerprint)
        if stored is not None:
            return Response(stored.body, stored.status, {**stored.headers, REPLAYED: "true"})
        answer = await work(unit)
        headers = {name: value for name, value in answer.headers.items() if name not in _OF_THE_BODY}
        kept = Stored(status=answer.status_code, headers=headers, body=bytes(answer.body).decode())
        await finish_request(unit, self._keys, asked.key, asked.fingerprint, kept)
        return answer

    @asynccontextmanager
    async def _alone(self, place: tuple[UUID, str], end: float) -> AsyncIterator[None]:
        """Requests with one key pass one by one in this process: a repeat waits here, and not for a connection."""
        while (other := self._running.get(place)) is not None:
            try:
                async with asyncio.timeout(end - elapsed_seconds()):
                    await other.wait()
            except TimeoutError:
                raise BeingWorkedOn from None
        self._running[place] = done = asyncio.Event()
        try:
            yield
        finally:
            del self._running[place]
            done.set()
