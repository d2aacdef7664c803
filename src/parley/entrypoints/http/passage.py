"""One request on its way through: named, timed and weighed. What becomes of it is left in its state by those within.

The state (`request.state`) holds `request_id` and `headers` for the answer; the edge leaves `principal`, `operation`
and what it decided (`version`, `idempotency_key`, `replayed`, `rate`), problems leave `error` and `faults`, the façade
leaves what it made (`made`), which its answer does not say.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from parley.core.ids import new_uuid, public
from parley.core.time import elapsed_seconds
from parley.kit.rest.route import Operation
from parley.modules.accounts import Principal
from parley.modules.partners import Entry, Exchange, agent_family, ids_among

MOST_CAPTURED = 64 * 1024
"""Of each body, when bodies are captured at all."""
CLOSED_REQUEST = 499
"""Told in the logs when the caller went away before there was an answer."""
_MADE = re.compile(rb'\{"id":"([a-z]{3}_[0-9a-f]{32})"')
_MADE_STATUS = (201, 202)


class Passage:
    """Stands between the server and the application for one request."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, captures: Callable[[UUID], bool]) -> None:
        self.id = new_uuid()
        self.status = 0
        self._scope, self._receive, self._send, self._captures = scope, receive, send, captures
        self._begun = elapsed_seconds()
        self._weight = [0, 0]
        self._bodies = (bytearray(), bytearray())
        self._made: str | None = None
        self.state: dict[str, Any] = {**scope.get("state", {}), "request_id": self.request_id, "headers": {}}
        scope["state"] = self.state

    @property
    def request_id(self) -> str:
        return public("req", self.id)

    async def receive(self) -> Message:
        message = await self._receive()
        self._weigh(0, message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            extra = {"request-id": self.request_id, **self.state["headers"]}
            message["headers"] = [
                *message.get("headers", ()),
                *((name.encode(), value.encode("latin-1")) for name, value in extra.items()),
            ]
        else:
            body = message.get("body", b"")
            if self.status in _MADE_STATUS and not self._weight[1]:
                found = _MADE.match(body)
                self._made = found[1].decode() if found else None
            self._weigh(1, body)
        await self._send(message)

    def entry(self) -> Entry | None:
        """What is told of this request; None when nobody known asked, or nothing that there is."""
        principal, operation = self.state.get("principal"), self.state.get("operation")
        if not isinstance(principal, Principal) or not isinstance(operation, Operation):
            return None
        client = self._scope.get("client")
        rate_left, rate_violated = self.state.get("rate", (None, None))
        return Entry(
            workspace=principal.workspace,
            id=self.id,
            key=principal.key,
            method=self._scope["method"],
            route=operation.path,
            ids=ids_among(self._scope.get("path_params", {})),
            status=self.status or CLOSED_REQUEST,
            error=self.state.get("error"),
            faults=self.state.get("faults", ()),
            micros=int((elapsed_seconds() - self._begun) * 1e6),
            request_size=self._weight[0],
            response_size=self._weight[1],
            address=client[0] if client else None,
            agent=agent_family(Headers(scope=self._scope).get("user-agent", "")),
            version=self.state.get("version"),
            idempotency=self.state.get("idempotency_key"),
            replayed=self.state.get("replayed", False),
            rate_left=rate_left,
            rate_violated=rate_violated,
            made=self.state.get("made") or self._made,
            exchange=self._exchange(principal, operation),
        )

    def _exchange(self, principal: Principal, operation: Operation) -> Exchange | None:
        if not self._captures(principal.key):
            return None
        asked, answered = map(bytes, self._bodies)
        return Exchange(
            method=self._scope["method"], route=operation.path, status=self.status, request=asked, response=answered
        )

    def _weigh(self, side: int, body: bytes) -> None:
        self._weight[side] += len(body)
        principal = self.state.get("principal")
        if principal is not None and self._captures(principal.key) and len(self._bodies[side]) < MOST_CAPTURED:
            self._bodies[side].extend(body[:MOST_CAPTURED])
