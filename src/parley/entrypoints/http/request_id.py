"""The outermost layer: an id for every request, said in each answer, and an answer even to what nobody foresaw."""

from traceback import extract_tb

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from parley.entrypoints.http.passage import Passage
from parley.entrypoints.http.problems import unexpected
from parley.kit.telemetry import counters
from parley.modules.partners import Recorder

log = structlog.get_logger("parley.http")


class RequestIds:
    """Gives `Request-Id: req_…` to each answer, and notes the request for the API's logs."""

    def __init__(self, app: ASGIApp, recorder: Recorder) -> None:
        self._app = app
        self._recorder = recorder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        passage = Passage(scope, receive, send, self._recorder.captures)
        try:
            await self._app(scope, passage.receive, passage.send)
        except Exception as error:
            tell(scope, passage.request_id, error)
            if passage.status:
                raise
            await unexpected(Request(scope))(scope, passage.receive, passage.send)
        finally:
            self._note(passage)

    def _note(self, passage: Passage) -> None:
        counters.add("api_requests", f"{passage.status // 100}xx" if passage.status else "broken_off")
        entry = passage.entry()
        if entry is not None:
            self._recorder.note(entry)


def tell(scope: Scope, request_id: str, error: Exception) -> None:
    """Log what nobody foresaw."""
    # Not the error's own words, which may quote what somebody wrote.
    log.error(
        "A request failed unexpectedly.",
        action="request_failed",
        request_id=request_id,
        method=scope["method"],
        error=type(error).__name__,
        where=[f"{each.filename}:{each.lineno} {each.name}" for each in extract_tb(error.__traceback__)[-5:]],
    )
