"""A scripted model server that speaks OpenAI's protocol: chat completions with tools, and embeddings.

    async with model_server() as server:
        server.answers(reply={"text": "Hello", "kind": "chat", "confidence": 1})
        server.url                                  the base URL to set at PUT /v1/processors/model
        server.asked[0]["messages"]                 what it was sent

A server without an answer left says so with status 500; `gate` holds answers back until it is set.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Json = Any


class ModelServer:
    """What it was asked, and what it is to answer."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Json] = []
        self.keys: list[str | None] = []
        self.embedded: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._script: deque[tuple[int, Json]] = deque()

    def answers(self, text: str | None = None, **calls: Json) -> None:
        """The next answer: words, or tools with their arguments."""
        called = [
            {"id": f"call_{len(self._script)}_{at}", "type": "function", "function": _function(name, given)}
            for at, (name, given) in enumerate(calls.items())
        ]
        message = {"role": "assistant", "content": text} | ({"tool_calls": called} if called else {})
        reason = "tool_calls" if called else "stop"
        choice = {"index": 0, "finish_reason": reason, "message": message}
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        self._script.append((200, {"choices": [choice], "usage": usage}))

    def fails(self, status: int, body: Json) -> None:
        """The next answer is an error."""
        self._script.append((status, body))

    async def chat(self, request: web.Request) -> web.Response:
        self.keys.append(request.headers.get("authorization"))
        self.asked.append(await request.json())
        await self.gate.wait()
        status, body = self._script.popleft() if self._script else (500, {"error": {"message": "no answer is left"}})
        named = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": self.asked[-1]["model"]}
        return web.json_response({**named, **body}, status=status)

    async def embed(self, request: web.Request) -> web.Response:
        """A vector of how often each letter stands in the text: enough to tell texts apart."""
        given = await request.json()
        texts = [given["input"]] if isinstance(given["input"], str) else given["input"]
        self.embedded += texts
        vectors = [[float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]
        data = [{"object": "embedding", "index": at, "embedding": each} for at, each in enumerate(vectors)]
        usage = {"prompt_tokens": 7, "total_tokens": 7}
        return web.json_response({"object": "list", "data": data, "model": given["model"], "usage": usage})


def _function(name: str, given: Json) -> Json:
    return {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)}


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    """On loopback, on a port of its own."""
    server = ModelServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.chat)
    app.router.add_post("/v1/embeddings", server.embed)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}/v1"
    try:
        yield server
    finally:
        server.gate.set()
        await runner.cleanup()
