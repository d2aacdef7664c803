"""The simulator as a server, and a customer talking in the terminal."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator

import pytest

from parley.core.errors import Refused
from parley.sim import ChatOptions, SimConfig, server
from parley.sim.chat import talk
from parley.sim.poster import Address, Connection, json_request
from parley.sim.web import Json, encode
from tests.unit.sim.stage import NUMBER, PHONE, QUICK, SECRET, TOKEN, WABA, Platform, dig, until


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
async def address(platform: Platform) -> AsyncIterator[Address]:
    config = SimConfig(port=free_port(), callback_url=platform.url, app_secret=SECRET, settings=QUICK)
    running = server(config)
    task = asyncio.create_task(running.serve())
    await until(lambda: running.started)
    made = Address(f"http://127.0.0.1:{config.port}")
    business: Json = {"phone_number_id": PHONE, "waba_id": WABA, "number": f"+{NUMBER}", "token": TOKEN}
    await ask(made, "POST", "/sim/businesses", business)
    yield made
    running.should_exit = True
    await task


async def ask(address: Address, method: str, path: str, body: Json) -> tuple[int, bytes]:
    connection = Connection(address)
    try:
        return await connection.exchange(json_request(address, method, path, encode(body)), 5)
    finally:
        connection.close()


async def test_a_dropped_connection_gives_no_answer(address: Address) -> None:
    await ask(address, "PUT", "/sim/faults", {"timeout_after_accept": 1})
    message: Json = {"messaging_product": "whatsapp", "to": "15550001111", "text": {"body": "x"}}
    with pytest.raises(OSError, match="answer"):
        await ask(address, "POST", f"/v23.0/{PHONE}/messages?access_token={TOKEN}", message)
    _, state = await ask(address, "GET", "/sim/state", {})
    assert b'"accepted":1' in state


async def test_a_scripted_customer_talks_to_a_bot(address: Address, platform: Platform) -> None:
    bot = asyncio.create_task(answer_everything(address, platform))
    screen = io.StringIO()
    lines = io.StringIO("Hello\n2\n/image\n/help\n/read\n")
    options = ChatOptions(
        sim_url=address.url, phone="+15550004444", business=NUMBER, source=lines, screen=screen, answer_seconds=5
    )
    try:
        async with asyncio.timeout(10):
            await talk(options)
    finally:
        bot.cancel()
    shown = screen.getvalue().splitlines()
    assert shown[1:4] == ["< You said Hello", "  [1] Yes", "  [2] No"]
    assert "< You said No" in shown
    assert "< You said a picture" in shown
    assert "/quit" in shown[-1]


async def answer_everything(address: Address, platform: Platform) -> None:
    """A bot: says what it heard, with two buttons."""
    answered = 0
    while True:
        for message in platform.messages()[answered:]:
            answered += 1
            await ask(address, "POST", f"/v23.0/{PHONE}/messages?access_token={TOKEN}", reply(message))
        await asyncio.sleep(0.005)


def reply(message: Json) -> Json:
    spoken = message.get("text")
    tapped = message.get("interactive")
    words = "a picture"
    if isinstance(spoken, dict):
        words = spoken["body"]
    if isinstance(tapped, dict):
        words = str(dig(tapped, "button_reply.title"))
    buttons = [{"type": "reply", "reply": {"id": name, "title": name}} for name in ("Yes", "No")]
    interactive = {"type": "button", "body": {"text": f"You said {words}"}, "action": {"buttons": buttons}}
    return {"messaging_product": "whatsapp", "to": message["from"], "type": "interactive", "interactive": interactive}


def test_never_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_ENV", "production")
    with pytest.raises(Refused, match="never started in production"):
        server(SimConfig())
