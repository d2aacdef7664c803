"""Requests to addresses that others wrote: what is read, what is refused, and what a hostile server can't do."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TypedDict, cast

import pytest
import yaml

from parley.adapters.web.requests import WebRequests
from parley.entrypoints.terminal import NOWHERE
from parley.kit.addresses import is_own, is_public
from parley.kit.egress import Egress, Got, NoAnswer, Wanted, resolve
from parley.kit.settings import load_settings
from parley.kit.targets import Refused, read_target
from parley.modules.flows import HTTP_BODY_BYTES, Answer, EffectFailed, HttpAnswer, HttpEffect

FOLDER = Path(__file__).parent
PATIENCE = 3.0


class Addresses(TypedDict):
    public: list[str]
    own: list[str]
    never: list[str]


class Reading(TypedDict):
    url: str
    host: str
    port: int
    rest: str


class Refusal(TypedDict):
    url: str
    why: str


class Targets(TypedDict):
    read: list[Reading]
    refused: list[Refusal]
    loopback: list[str]


ADDRESSES = cast("Addresses", yaml.safe_load((FOLDER / "addresses.yaml").read_text()))
TARGETS = cast("Targets", yaml.safe_load((FOLDER / "targets.yaml").read_text()))


@pytest.mark.parametrize("kind", ["public", "own", "never"])
def test_addresses(kind: str) -> None:
    expected = (kind == "public", kind == "own")
    table = cast("dict[str, list[str]]", ADDRESSES)[kind]
    judged = {text: (is_public(ip_address(text)), is_own(ip_address(text))) for text in table}
    assert judged == dict.fromkeys(table, expected)


@pytest.mark.parametrize("case", TARGETS["read"], ids=lambda case: case["url"])
def test_read(case: Reading) -> None:
    target = read_target(case["url"])
    assert (target.host, target.port, target.rest) == (case["host"], case["port"], case["rest"])


@pytest.mark.parametrize("case", TARGETS["refused"], ids=lambda case: repr(case["url"]))
def test_refused(case: Refusal) -> None:
    with pytest.raises(Refused, match=case["why"]):
        read_target(case["url"])


@pytest.mark.parametrize("host", TARGETS["loopback"])
async def test_loopback_by_any_name(host: str) -> None:
    target = read_target(f"http://{host}:9/")
    with pytest.raises(Refused, match="not on the public internet"):
        await resolve(target, allow_own=False)
    (first, *_) = await resolve(target, allow_own=True)
    if not host.startswith(("local", "[")):
        assert target.url(first) == "http://127.0.0.1:9/"


async def test_one_bad_address_among_good_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(Refused):
        await resolve(read_target("http://two-faced.example/"), allow_own=False)


async def test_metadata_stays_shut_for_developers(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, ["169.254.169.254"])
    with pytest.raises(Refused):
        await resolve(read_target("http://metadata.example/"), allow_own=True)


def answer_with(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> list[str]:
    """Let every name have these addresses; the names that were asked for."""
    asked: list[str] = []

    async def look_up(_: object, host: str, port: int, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", look_up)
    return asked


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler, host: str = "127.0.0.1") -> AsyncIterator[int]:
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(accept, host, 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        listener.close()
        await listener.wait_closed()


def says(answer: bytes, heard: list[bytes] | None = None) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if heard is not None:
            heard.append(request)
        writer.write(answer)
        await writer.drain()

    return handle


async def ask(url: str, *, seconds: float = PATIENCE, most_bytes: int = 1000, **headers: str) -> Got:
    async with Egress(allow_own=True) as out:
        return await out.ask(Wanted(method="GET", url=url, headers=headers, seconds=seconds, most_bytes=most_bytes))


async def test_the_connection_goes_to_the_checked_address(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    async with serving(says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", heard)) as port:
        asked = answer_with(monkeypatch, ["127.0.0.1"])
        got = await ask(f"http://shop.example:{port}/a%20b?c=1", Host="inside.example", Authorization="Bearer t")
    assert (got.status, got.body, got.cut) == (200, b"ok", False)
    assert asked == ["shop.example"]
    head = heard[0].lower()
    assert head.startswith(b"get /a%20b?c=1 http/1.1\r\n")
    assert b"host: shop.example:" in head
    assert b"inside.example" not in head
    assert b"authorization: bearer t" in head


async def test_the_next_address_when_one_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(says(b"HTTP/1.1 204 No Content\r\n\r\n"), host="127.0.0.3") as port:
        answer_with(monkeypatch, ["127.0.0.2", "127.0.0.3"])
        assert (await ask(f"http://two.example:{port}/")).status == 204


async def test_redirects_are_answers() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    async with serving(says(answer)) as port:
        assert (await ask(f"http://127.0.0.1:{port}/")).status == 302


async def test_a_large_answer_is_cut() -> None:
    body = b"x" * 5000
    async with serving(says(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + body)) as port:
        got = await ask(f"http://127.0.0.1:{port}/", most_bytes=1000)
    assert (len(got.body), got.cut) == (1000, True)


async def test_a_dripping_answer_ends_at_the_deadline() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(drip) as port:
        with pytest.raises(NoAnswer, match="did not answer"):
            await ask(f"http://127.0.0.1:{port}/?secret=7", seconds=0.2)


async def test_no_such_host() -> None:
    with pytest.raises(NoAnswer, match="not known"):
        await ask("http://nowhere.invalid/")


async def test_clients_are_bounded() -> None:
    answer = says(b"HTTP/1.1 204 No Content\r\n\r\n")
    async with serving(answer, host="0.0.0.0") as port, Egress(allow_own=True, clients=2) as out:  # noqa: S104
        for last in range(1, 6):
            wanted = Wanted(method="GET", url=f"http://127.0.0.{last}:{port}/", seconds=PATIENCE, most_bytes=10)
            assert (await out.ask(wanted)).status == 204
        assert len(out._clients) == 2


def effect(url: str, method: str = "GET", body: str | None = None) -> HttpEffect:
    return HttpEffect(method=method, url=url, headers={"X-Kind": "t"}, body=body, timeout=3)


async def perform(given: HttpEffect, *, allow: bool = True) -> Answer:
    requests = WebRequests(load_settings().model_copy(update={"webhooks_allow_private": allow}))
    try:
        return await requests.perform(given, NOWHERE)
    finally:
        await requests.close()


async def test_a_flows_request() -> None:
    heard: list[bytes] = []
    page = "naïve".encode("latin-1")
    head = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=latin-1\r\nContent-Length: 5\r\n\r\n"
    async with serving(says(head + page, heard)) as port:
        answer = await perform(effect(f"http://127.0.0.1:{port}/", "POST", '{"a": "ü"}'))
    assert isinstance(answer, HttpAnswer)
    assert (answer.status, answer.body) == (404, "naïve")
    assert b"content-length: 11" in heard[0].lower()


async def test_a_flow_may_not_look_inside() -> None:
    failed = await perform(effect("http://localhost:1/"), allow=False)
    assert isinstance(failed, EffectFailed)
    assert "not on the public internet" in failed.reason


async def test_what_is_too_large_is_still_too_large_for_the_engine() -> None:
    body = b"x" * (HTTP_BODY_BYTES + 500)
    async with serving(says(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)) as port:
        answer = await perform(effect(f"http://127.0.0.1:{port}/"))
    assert isinstance(answer, HttpAnswer)
    assert len(answer.body) == HTTP_BODY_BYTES + 1
