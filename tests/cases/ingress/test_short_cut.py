"""The short cut of webhooks answers as the usual way does, on a real connection, whatever is mixed on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn

from parley.adapters.whatsapp.signature import sign
from parley.entrypoints.ingress import MAX_BODY, PATH
from parley.entrypoints.short_cut import ORDINARY_BYTES
from parley.entrypoints.web import Web, config_of
from tests.fakes.stack import SECRET, Stack

pytestmark = pytest.mark.store

PATIENCE = 10.0


def post(body: bytes, *more: str, signature: str | None = None, length: int | None = None) -> bytes:
    lines = [f"POST {PATH} HTTP/1.1", "Host: here", f"X-Hub-Signature-256: {signature or sign(body, SECRET)}", *more]
    if "Transfer-Encoding: chunked" in more:
        return "\r\n".join([*lines, "", ""]).encode() + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    return "\r\n".join([*lines, f"Content-Length: {len(body) if length is None else length}", "", ""]).encode() + body


def large(size: int) -> bytes:
    return b'{"entry":[]}'.ljust(size)


ASKED: dict[str, tuple[bytes, list[int]]] = {
    "ordinary": (post(b'{"a":1}'), [200]),
    "again on the same connection": (post(b'{"a":2}'), [200]),
    "forged": (post(b"{}", signature="sha256=" + "0" * 64), [401]),
    "unsigned": (b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}" % PATH.encode(), [401]),
    "the largest ordinary": (post(large(ORDINARY_BYTES)), [200]),
    "larger": (post(large(ORDINARY_BYTES * 4)), [200]),
    "chunked": (post(b'{"a":3}', "Transfer-Encoding: chunked"), [200]),
    "two in one packet": (post(b'{"a":4}') + post(b'{"a":5}'), [200, 200]),
    "ordinary, then the handshake, pipelined": (
        post(b'{"a":6}') + b"GET %s HTTP/1.1\r\nHost: here\r\n\r\n" % PATH.encode(),
        [200, 403],
    ),
    "another method": (b"PUT %s HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n" % PATH.encode(), [405]),
    "asked to close": (post(b'{"a":7}', "Connection: close"), [200]),
}


async def test_one_connection_gets_each_answer_in_turn(stack: Stack) -> None:
    async with door(stack) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(PATIENCE):
            for name, (request, wanted) in ASKED.items():
                writer.write(request)
                assert [await answer(reader) for _ in wanted] == wanted, name
            assert await reader.read() == b"", "closed as asked"
        writer.close()
    taken = sum(codes.count(200) for _, codes in ASKED.values())
    assert (await stack.look("select count(*) from delivery"))[0][0] == taken


async def test_what_is_too_large_is_refused_unread(stack: Stack) -> None:
    async with door(stack) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(post(b"", length=MAX_BODY + 1))
        async with asyncio.timeout(PATIENCE):
            assert await answer(reader) == 413
        writer.close()


async def test_a_customer_who_left_spoils_nothing(stack: Stack) -> None:
    """The connection is gone before the delivery is durable: it is kept all the same, and the door stays open."""
    async with door(stack) as port:
        _, gone = await asyncio.open_connection("127.0.0.1", port)
        gone.write(post(b'{"a":1}'))
        await gone.drain()
        gone.transport.abort()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(post(b'{"a":2}'))
        async with asyncio.timeout(PATIENCE):
            assert await answer(reader) == 200
        writer.close()


@asynccontextmanager
async def door(stack: Stack) -> AsyncIterator[int]:
    """A web node's server on a free port."""
    process = stack.process
    settings = stack.settings.model_copy(update={"host": "127.0.0.1", "port": 0})
    config = config_of(settings, Web(stack.app, process.ingress), process.ingress)
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        await server.shutdown()


async def answer(reader: asyncio.StreamReader) -> int:
    """The status of the next answer on the connection; its body is read past."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
