"""Ask an ASGI application without a server."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[[], Awaitable[Event]], Callable[[Event], Awaitable[None]]], Awaitable[None]]

CLIENT = ("127.0.0.1", 50_000)
"""From where everybody asks."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: status, headers in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def ask(
    application: Application,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | Sequence[bytes] = b"",
) -> Answered:
    """One request. `body` as a sequence is sent in chunks, without a Content-Length."""
    path, _, query = target.partition("?")
    chunks = [body] if isinstance(body, bytes) else list(body)
    sent = {"host": "test", **(headers or {})}
    if isinstance(body, bytes):
        sent.setdefault("content-length", str(len(body)))
    scope: Scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "client": CLIENT}
    scope["headers"] = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    heard: list[Event] = []
    answered = asyncio.Event()
    if not chunks:
        answered.set()

    async def receive() -> Event:
        if not chunks:
            await answered.wait()
            return {"type": "http.disconnect"}
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def answer(event: Event) -> None:
        heard.append(event)
        if event["type"] == "http.response.body" and not event.get("more_body"):
            answered.set()

    await application(scope, receive, answer)
    return _answered(heard)


def _answered(heard: Sequence[Event]) -> Answered:
    started = heard[0]
    named = {name.decode().lower(): value.decode("latin-1") for name, value in started["headers"]}
    return Answered(started["status"], named, b"".join(event.get("body", b"") for event in heard[1:]))
