"""No webhook reaches our inside: by no spelling, no name, no redirect; and no answer costs us time or memory."""

import asyncio
import gzip
import socket
from pathlib import Path
from typing import TypedDict, cast

import pytest
import yaml

from parley.adapters.web import messenger
from parley.adapters.web.messenger import MOST_ANSWER_BYTES, WebMessenger
from parley.kit.settings import Settings
from parley.modules.webhooks.ports import Answer, NoAnswer, Post
from tests.fakes.api import caller
from tests.fakes.meta import text
from tests.fakes.receiver import Outgoing, endpoint
from tests.fakes.stack import Stack
from tests.unit.egress.test_egress import serving


class Cases(TypedDict):
    written: list[str]
    meant: list[list[str]]
    spelled: list[str]


CASES = cast("Cases", yaml.safe_load((Path(__file__).parent / "ssrf.yaml").read_text()))


async def ask(url: str, *, private: bool = False) -> Answer | NoAnswer:
    out = WebMessenger(Settings.model_validate({"webhooks_allow_private": private}))
    try:
        return await out.ask(Post(url=url, headers={}, body=b"{}"))
    finally:
        await out.close()


def mean(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let every name mean these addresses, at each question the next ones."""
    left = list(answers)

    async def look_up(_: object, _host: str, port: int, **__: object) -> list[tuple[object, ...]]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", look_up)


@pytest.mark.parametrize("url", [*CASES["written"], *CASES["spelled"]])
async def test_by_what_is_written(url: str) -> None:
    answer = await ask(url)
    assert isinstance(answer, NoAnswer)
    assert answer.refused
    assert answer.reason.endswith(".")


@pytest.mark.parametrize("addresses", CASES["meant"], ids=lambda each: each[-1])
async def test_by_what_a_name_means(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    mean(monkeypatch, addresses)
    answer = await ask("https://shop.example/hook")
    assert isinstance(answer, NoAnswer)
    assert answer.refused
    assert "not on the public internet" in answer.reason


async def test_a_name_that_changes_its_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked is what is connected to: the second meaning is never asked for."""

    async def never(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        raise AssertionError("our inside was reached")

    async with serving(never) as port:
        mean(monkeypatch, ["192.0.2.1"], ["127.0.0.1"])
        monkeypatch.setattr("parley.kit.egress.is_public", lambda address: str(address) == "192.0.2.1")
        monkeypatch.setattr(messenger, "REQUEST_SECONDS", 0.3)
        answer = await ask(f"http://shop.example:{port}/")
    assert isinstance(answer, NoAnswer)


async def test_a_redirect_is_an_answer() -> None:
    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 307 Go\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")

    async with serving(redirect) as port:
        answer = await ask(f"http://127.0.0.1:{port}/", private=True)
    assert isinstance(answer, Answer)
    assert answer.status == 307


async def test_a_bomb_is_not_unpacked() -> None:
    packed = gzip.compress(b"\x00" * (32 * 1024 * 1024))

    async def bomb(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        writer.write(head.encode() + packed)
        await writer.drain()

    async with serving(bomb) as port:
        answer = await ask(f"http://127.0.0.1:{port}/", private=True)
    assert isinstance(answer, Answer)
    assert len(answer.body) == MOST_ANSWER_BYTES


async def test_a_drip_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    monkeypatch.setattr(messenger, "REQUEST_SECONDS", 0.2)
    async with serving(drip) as port:
        answer = await ask(f"http://127.0.0.1:{port}/", private=True)
    assert isinstance(answer, NoAnswer)
    assert "did not answer" in answer.reason


@pytest.mark.store
async def test_the_reason_is_shown_with_the_attempt(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    call = await caller(stack)
    out = Outgoing.of(stack)
    guarded = WebMessenger(stack.settings)
    monkeypatch.setattr(out.receiver, "ask", guarded.ask, raising=False)
    await endpoint(call, "message.received", url="https://shop.example/hook")
    await stack.take(text(call.shop, "+15550001111", "hello"))
    mean(monkeypatch, ["10.0.0.1"])
    await out.tell()
    [listed] = (await call("GET", "/v1/webhook-deliveries")).json["data"]
    [tried] = (await call("GET", f"/v1/webhook-deliveries/{listed['id']}")).json["tries"]
    assert (tried["outcome"], tried["response"]) == ("refused", None)
    assert "not on the public internet" in tried["problem"]
    await guarded.close()
