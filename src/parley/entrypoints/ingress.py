"""Meta's webhooks: the handshake, and deliveries stored before they are answered. Bare ASGI, in front of the REST app.

Nothing is parsed here: a payload of a shape nobody knows yet is stored like any other.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from parley.adapters.whatsapp.signature import verify
from parley.core.errors import Unavailable
from parley.kit.settings import Settings
from parley.modules.channels import Intake

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_BODY = 3 * 1024 * 1024
"""Meta's deliveries are at most 3 MB."""

PATH = "/webhooks/meta"
SIGNATURE = b"x-hub-signature-256"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a knock is answered: status, words, and headers beyond those of every answer."""

    status: int
    words: bytes = b""
    extra: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(self.words)), *self.extra]


STORED = Answer(200)
TOO_LARGE = Answer(413, b"A delivery is at most 3 MB.", ((b"connection", b"close"),))
FORGED = Answer(401, b"The signature does not match; check PARLEY_META_APP_SECRET.")
NO_SUCH_METHOD = Answer(405, b"Only GET and POST.", ((b"allow", b"GET, POST"),))
NO_SUCH_TOKEN = Answer(403, b"The verify token does not match PARLEY_META_VERIFY_TOKEN.")


class Ingress:
    """Answers `GET|POST /webhooks/meta`."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._secrets = settings.app_secrets
        self._verify_token = settings.meta_verify_token
        self._intake = intake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            answer = await self._deliver(scope, receive)
        elif scope["method"] == "GET":
            answer = self._handshake(scope)
        else:
            answer = NO_SUCH_METHOD
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.words})

    def take(self, body: bytes, signature: bytes | None, answer: Callable[[Answer], None]) -> None:
        """Take one delivery in; `answer` is called once it is durable, or refused."""
        if not verify(signature.decode("latin-1") if signature is not None else None, body, self._secrets):
            answer(FORGED)
            return

        def stored(failure: Unavailable | None) -> None:
            answer(STORED if failure is None else _come_back(failure))

        self._intake.offer(body, stored)

    async def _deliver(self, scope: Scope, receive: Receive) -> Answer:
        body = await _read(scope, receive)
        if body is None:
            return TOO_LARGE
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def answer(given: Answer) -> None:
            if not answered.done():
                answered.set_result(given)

        self.take(body, next((value for name, value in _headers(scope) if name == SIGNATURE), None), answer)
        return await answered

    def _handshake(self, scope: Scope) -> Answer:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        token = query.get("hub.verify_token", [""])[0].encode()
        wanted = (self._verify_token or "").encode()
        if query.get("hub.mode") == ["subscribe"] and wanted and hmac.compare_digest(token, wanted):
            return Answer(200, query.get("hub.challenge", [""])[0].encode())
        return NO_SUCH_TOKEN


def _come_back(failure: Unavailable) -> Answer:
    return Answer(503, failure.detail.encode(), ((b"retry-after", b"%d" % failure.retry_after),))


def _headers(scope: Scope) -> Iterable[tuple[bytes, bytes]]:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return headers


async def _read(scope: Scope, receive: Receive) -> bytes | None:
    """The raw body; None when it is larger than MAX_BODY."""
    declared = next((value for name, value in _headers(scope) if name == b"content-length"), b"0")
    if not declared.isdigit() or int(declared) > MAX_BODY:
        return None
    message = await receive()
    if not message.get("more_body"):
        whole: bytes = message.get("body", b"")
        return whole if len(whole) <= MAX_BODY else None
    parts = [message.get("body", b"")]
    size = len(parts[0])
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
    return b"".join(parts)
