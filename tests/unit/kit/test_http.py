"""The HTTP client against a real local server: what certainly was not sent, and what may have been."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from parley.core.time import elapsed_seconds
from parley.kit import http
from parley.kit.http import FormFile, HttpClient, NotSent, OutcomeUnknown

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: Good\r\n\r\nok"


class Server:
    """Runs one handler for each connection; remembers what it read."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.url = ""

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._handler(reader, writer)
        except (asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[Server]:
    server = Server(handler)
    listener = await asyncio.start_server(server.accept, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/x?token=secret"
    try:
        yield server
    finally:
        await server.stop()
        listener.close()
        await listener.wait_closed()


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    async with HttpClient() as found:
        yield found


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
    return head + await reader.readexactly(int(length.split(b":")[1]))


async def post(client: HttpClient, url: str, body: bytes = b"{}", deadline: float = 3.0) -> http.Answer:
    return await client.post(url, headers={"Authorization": "Bearer t"}, body=body, deadline=deadline)


async def answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await read_request(reader)
        writer.write(OK)


async def test_an_answer_is_whole(client: HttpClient) -> None:
    async with serving(answer_all) as server:
        first, second = await post(client, server.url), await post(client, server.url)
        assert (first.status, first.body, first.headers["x-kind"]) == (200, b"ok", "Good")
        assert second == first
        assert server.connections == 1


async def test_a_redirect_is_not_followed(client: HttpClient) -> None:
    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    async with serving(redirect) as server:
        assert (await post(client, server.url)).status == 302


async def test_a_refused_connection_was_not_sent(client: HttpClient) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotSent, match="refused"):
        await post(client, f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("url", ["http://no-such-host.invalid/", "http://exa mple/", "nonsense", "ftp://127.0.0.1/x"])
async def test_an_address_that_leads_nowhere_was_not_sent(client: HttpClient, url: str) -> None:
    client._outside = client._direct  # the system's proxy would answer for the host
    with pytest.raises(NotSent):
        await post(client, url)


async def test_a_connection_that_is_not_taken_up_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.2)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        async with HttpClient() as client:
            with pytest.raises(NotSent):
                await post(client, f"http://127.0.0.1:{address[1]}/", deadline=5)
        for one in waiting:
            one.close()


async def test_no_free_connection_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "POOL_SECONDS", 0.1)
    async with serving(hang) as server, HttpClient(max_connections=1) as client:
        busy = asyncio.create_task(post(client, server.url, deadline=1))
        await asyncio.sleep(0.05)
        with pytest.raises(NotSent):
            await post(client, server.url)
        with pytest.raises(OutcomeUnknown):
            await busy


async def test_a_closed_client_sends_nothing(client: HttpClient) -> None:
    await client.close()
    with pytest.raises(NotSent):
        await post(client, "http://127.0.0.1:9/")


async def test_a_header_that_is_none_was_not_sent(client: HttpClient) -> None:
    with pytest.raises(NotSent):
        await client.post("http://127.0.0.1:9/", headers={"Authorization": "a\nb"}, body=b"", deadline=1)


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def accept_and_drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)


async def drop_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"what?\r\n\r\n")


async def half_an_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


async def half_an_answer_then_silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await half_an_answer(reader, writer)
    await asyncio.sleep(30)


async def too_much(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (http.MAX_ANSWER_BYTES + 1))
    await writer.drain()


@pytest.mark.parametrize(
    "handler",
    [hang, accept_and_drop, drop_at_once, reset, garbage, half_an_answer, half_an_answer_then_silence, too_much],
)
async def test_after_the_connection_stands_the_outcome_is_unknown(client: HttpClient, handler: Handler) -> None:
    async with serving(handler) as server:
        started = elapsed_seconds()
        with pytest.raises(OutcomeUnknown) as caught:
            await post(client, server.url, deadline=0.4 if handler in (hang, half_an_answer_then_silence) else 5.0)
        assert elapsed_seconds() - started < 4
        assert "secret" not in str(caught.value)


async def test_a_large_body_that_is_cut_off_is_unknown(client: HttpClient) -> None:
    async with serving(reset) as server:
        with pytest.raises(OutcomeUnknown):
            await post(client, server.url, body=b"x" * 20_000_000)


async def test_a_connection_that_died_while_idle_is_replaced(client: HttpClient) -> None:
    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(OK)

    async with serving(answer_once) as server:
        for _ in range(5):
            assert (await post(client, server.url)).body == b"ok"
            await asyncio.sleep(0.01)
        assert server.connections == 5


async def test_a_kept_connection_that_drops_a_request_is_unknown(client: HttpClient) -> None:
    async def answer_then_drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(OK)
        await read_request(reader)

    async with serving(answer_then_drop) as server:
        assert (await post(client, server.url)).status == 200
        with pytest.raises(OutcomeUnknown):
            await post(client, server.url)
        assert server.connections == 1


async def test_a_file_streams_in_chunks_and_a_broken_one_says_so(client: HttpClient) -> None:
    async def file(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await read_request(reader)
        length = 200_000 if b"whole" in head else 300_000
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode() + b"x" * 200_000)
        await writer.drain()

    async with serving(file) as server:
        assert await read_stream(client, server.url + "&whole") == 200_000
        with pytest.raises(OutcomeUnknown):
            await read_stream(client, server.url)


async def read_stream(client: HttpClient, url: str) -> int:
    async with client.stream(url, headers={}, deadline=5) as answer:
        return sum([len(chunk) async for chunk in answer.chunks])


async def test_a_form_carries_fields_and_file(client: HttpClient) -> None:
    seen: list[bytes] = []

    async def form(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(OK)

    async with serving(form) as server:
        file = FormFile(data=b"\x00\xff", content_type="image/png", filename="ä.png")
        await client.upload(server.url, headers={"X-A": "b"}, fields={"type": "image/png"}, file=file, deadline=3)
    body = seen[0]
    assert b'name="type"\r\n\r\nimage/png' in body
    assert b"Content-Type: image/png\r\n\r\n\x00\xff" in body
    assert b"X-A: b" in body
    bad = FormFile(data=b"", content_type="no type", filename="a")
    with pytest.raises(NotSent, match="media type"):
        await client.upload(server.url, headers={}, fields={}, file=bad, deadline=3)
