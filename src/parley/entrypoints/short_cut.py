"""The short cut of webhooks: uvicorn's HTTP protocol, but an ordinary delivery goes from the parser to the ingress.

Without an ASGI scope, a task and two calls to send, a webhook costs a third. What is out of the ordinary (large,
chunked, pipelined, another method) takes the usual way through the ASGI application and is answered the same.
"""

import asyncio
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from parley.entrypoints.ingress import PATH, SIGNATURE, STORED, Answer, Ingress

ORDINARY_BYTES = 64 * 1024
"""Larger bodies are read with the usual way's flow control."""

_URL = PATH.encode()
_UNHEARD = asyncio.Event()


class _Delivery(RequestResponseCycle):
    """A delivery on its way. It stands where uvicorn keeps a request under way, and has what uvicorn asks of one."""

    def __init__(self, signature: bytes | None) -> None:
        self.signature = signature
        self.body = bytearray()
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True
        self.message_event = _UNHEARD


class ShortCut(HttpToolsProtocol):
    """One connection. `ingress` takes the ordinary deliveries."""

    def __init__(
        self,
        ingress: Ingress,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._ingress = ingress

    def on_headers_complete(self) -> None:
        delivery = self._ordinary()
        if delivery is None:
            super().on_headers_complete()
        else:
            self.cycle = delivery

    def _ordinary(self) -> _Delivery | None:
        """The delivery that begins, if nothing about it is out of the ordinary."""
        if self.url != _URL or self.parser.get_method() != b"POST" or self.expect_100_continue:
            return None
        before = cast("RequestResponseCycle | None", self.cycle)
        if self.pipeline or (before is not None and not before.response_complete):
            return None
        if not self.parser.should_keep_alive() or self.parser.get_http_version() != "1.1":
            return None
        length, signature = b"", None
        for name, value in self.headers:
            if name == b"content-length":
                length = value
            elif name == SIGNATURE:
                signature = value
        return _Delivery(signature) if length.isdigit() and int(length) <= ORDINARY_BYTES else None

    def on_body(self, body: bytes) -> None:
        if isinstance(self.cycle, _Delivery):
            self.cycle.body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        delivery = self.cycle
        if not isinstance(delivery, _Delivery):
            super().on_message_complete()
        elif not delivery.response_complete:
            self._ingress.take(bytes(delivery.body), delivery.signature, lambda given: self._answer(delivery, given))

    def _answer(self, delivery: _Delivery, answer: Answer) -> None:
        delivery.response_complete = True
        if delivery.disconnected or self.transport.is_closing():
            return
        self.transport.write(_STORED if answer is STORED and delivery.keep_alive else _rendered(answer, delivery))
        if not delivery.keep_alive:
            self.transport.close()
        self.on_response_complete()


def _rendered(answer: Answer, delivery: _Delivery | None = None) -> bytes:
    headers = answer.headers
    if delivery is not None and not delivery.keep_alive:
        headers.append((b"connection", b"close"))
    lines = [b"%s: %s\r\n" % header for header in headers]
    return b"".join((STATUS_LINE[answer.status], *lines, b"\r\n", answer.words))


_STORED = _rendered(STORED)
