"""The simulator as an ASGI application: the Graph API, and the control API under `/sim`."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import TypeAlias, cast

import structlog

from parley.sim.control import routes as control
from parley.sim.faults import Dropped
from parley.sim.graph import routes as graph
from parley.sim.refusals import MetaError
from parley.sim.web import Answer, Request
from parley.sim.world import World

Message: TypeAlias = MutableMapping[str, object]
Scope: TypeAlias = Mapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

MOST_BODY = 105 * 1024 * 1024  # bytes: a document of 100 MB and its form
USUAL_VERSION = 23  # for a path without a version, as Meta takes the app's own
_VERSION = re.compile(r"v(\d{1,3})(?:\.\d{1,2})?\Z")
_log = structlog.get_logger()


class SimApp:
    """One simulated Meta, served."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.world.deliveries.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            await _write(send, MetaError(100, "The request is too large.").answer())
            return
        try:
            given = await self.answer(_request(scope, body))
        except Dropped:
            await _drop(scope)
            return
        await _write(send, given)

    async def answer(self, request: Request) -> Answer:
        """The answer to a request; raises Dropped when there must be none."""
        try:
            if request.parts[:1] == ["sim"]:
                return await control.handle(self.world, request)
            return await graph.handle(self.world, request)
        except MetaError as refusal:
            return refusal.answer()
        except Dropped:
            raise
        except Exception:  # noqa: BLE001 - whatever fails here, the caller gets an answer in Meta's shape
            _log.exception("The simulator failed on a request.", action="sim.failed", method=request.method)
            return MetaError(1, "The simulator failed; its log says why.").answer()


def _request(scope: Scope, body: bytes) -> Request:
    parts = [part for part in str(scope["path"]).split("/") if part]
    version = USUAL_VERSION
    matched = _VERSION.match(parts[0]) if parts else None
    if matched is not None:
        version = int(matched[1])
        del parts[0]
    return Request(
        method=str(scope["method"]),
        parts=parts,
        version=version,
        body=body,
        headers=cast("Iterable[tuple[bytes, bytes]]", scope["headers"]),
        query_string=cast("bytes", scope.get("query_string", b"")).decode("latin-1"),
    )


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when it is larger than anything Meta takes."""
    message = await receive()
    body = cast("bytes", message.get("body", b""))
    if not message.get("more_body"):
        return body
    chunks, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        chunk = cast("bytes", message.get("body", b""))
        size += len(chunk)
        if size <= MOST_BODY:
            chunks.append(chunk)
    return b"".join(chunks) if size <= MOST_BODY else None


async def _write(send: Send, given: Answer) -> None:
    headers = [(b"content-type", given.content_type), (b"content-length", b"%d" % len(given.body))]
    await send({"type": "http.response.start", "status": given.status, "headers": headers})
    await send({"type": "http.response.body", "body": given.body})


async def _drop(scope: Scope) -> None:
    """Close the connection unanswered, by the hook the server left; without one, by failing."""
    state = scope.get("state")
    drop = state.get("drop") if isinstance(state, dict) else None
    if drop is None:
        raise ConnectionResetError("A fault of the simulator closes this connection without an answer.")
    drop()
    await asyncio.sleep(0)
