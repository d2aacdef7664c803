"""The outermost layer: an id for every request, said in every answer, and an answer even to what nobody foresaw."""

from traceback import extract_tb
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parley.core.ids import new_uuid, public
from parley.entrypoints.http.problems import unexpected

log = structlog.get_logger("parley.http")


class RequestIds:
    """Gives `Request-Id: req_…` to each answer, with the headers that were left in `state.headers` on the way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id = public("req", new_uuid())
        state: dict[str, Any] = {**scope.get("state", {}), "request_id": request_id, "headers": {}}
        scope["state"] = state
        started = False

        async def send_named(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                extra = {"request-id": request_id, **state["headers"]}
                message["headers"] = [
                    *message.get("headers", ()),
                    *((name.encode(), value.encode("latin-1")) for name, value in extra.items()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        except Exception as error:
            # Not the error's own words, which may quote what somebody wrote.
            log.error(  # noqa: TRY400 - the same reason
                "A request failed unexpectedly.",
                action="request_failed",
                request_id=request_id,
                method=scope["method"],
                error=type(error).__name__,
                where=[f"{each.filename}:{each.lineno} {each.name}" for each in extract_tb(error.__traceback__)[-5:]],
            )
            if started:
                raise
            await unexpected(Request(scope))(scope, receive, send_named)
