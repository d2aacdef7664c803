"""The edge of the REST API: who asks, how often, what exactly; then one unit, committed before the answer leaves."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from parley.core.errors import Unauthorized
from parley.entrypoints.http.authentication import SignIn, check_scope, refuse_key_in_query
from parley.entrypoints.http.bodies import canonical, given_again, read_body
from parley.entrypoints.http.changes import CHANGES
from parley.entrypoints.http.expand import expanded, wanted
from parley.entrypoints.http.idempotency import REPLAYED, Once, Repeats, fingerprint, key_of
from parley.entrypoints.http.rate_limit import Gate
from parley.entrypoints.http.versions import Change, Versions, downgraded, is_versioned, upgraded
from parley.kit.cache import Bounded
from parley.kit.rest.route import Handle, Operation
from parley.kit.unit import Unit
from parley.modules.accounts import Principal, pin_version
from parley.wiring import App

PINNED_KEYS = 10_000
"""Keys known to have a version; asking again changes nothing."""


class RestEdge:
    """Serves every route of the rooms."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._sign_in = SignIn(app)
        self._gate = Gate(app)
        self._repeats = Repeats(app.keys)
        self.versions = Versions(CHANGES)
        self._pinned: Bounded[UUID, None] = Bounded(PINNED_KEYS)

    async def serve(self, request: Request, operation: Operation, handle: Handle) -> Response:
        """The answer, its work committed. Raises ParleyError."""
        request.state.operation = operation
        refuse_key_in_query(request)
        if operation.public:
            return await self._open(request, handle)
        principal = await self._known(request)
        request.state.principal = principal
        allowance = await self._gate.count(request, principal)
        check_scope(principal, operation)
        changes = await self._changes(request, operation, principal)
        request.state.workspace = principal.workspace
        # Both may need a connection of their own, which must not be asked for while a unit holds another.
        await self._app.routes.refresh()
        await self._app.keys.scope(principal.workspace)
        request.state.caller = await self._sign_in.caller_of(principal)
        with self._gate.under_way(principal.key, allowance.at_once):
            if operation.outside:
                body = await read_body(request)
                return await self._stream(Request(request.scope, given_again(body)), handle)
            if operation.streams:
                return await self._stream(request, handle)
            return await self._unit(request, handle, changes)

    async def _known(self, request: Request) -> Principal:
        """Who asks. An address that shows many wrong keys is not listened to for a while. Raises ParleyError."""
        if not self._sign_in.remembers(request):
            self._gate.check_stranger(request)
        try:
            return await self._sign_in.principal_of(request)
        except Unauthorized:
            self._gate.count_stranger(request)
            raise

    async def _changes(self, request: Request, operation: Operation, principal: Principal) -> Sequence[Change]:
        """What changed of the operation since the version that is served. Raises BadRequest."""
        if operation.ending is not None:
            request.state.headers.update(operation.ending.headers)
        if not is_versioned(operation):
            return ()
        version = self.versions.choose(request, principal)
        if principal.version is None and principal.app is None and principal.key not in self._pinned:
            self._pinned.put(principal.key, None)
            await self._pin(principal, version)
        return self.versions.between(operation, request.method, version)

    async def _pin(self, principal: Principal, version: date) -> None:
        """Once for all requests that come at the same time."""
        try:
            await pin_version(self._app.units, principal, version)
        except BaseException:
            self._pinned.drop(principal.key)
            raise

    async def _open(self, request: Request, handle: Handle) -> Response:
        """For anyone: counted by address."""
        self._gate.count_stranger(request)
        body = await read_body(request)
        async with self._app.units.begin(lane="sign_in") as unit:
            request.state.unit = unit
            return await handle(Request(request.scope, given_again(body)))

    async def _unit(self, request: Request, handle: Handle, changes: Sequence[Change]) -> Response:
        body = await read_body(request)
        content = canonical(body)
        names = wanted(request)

        def allow(operation: Operation) -> None:
            check_scope(request.state.principal, operation)

        async def work(unit: Unit) -> Response:
            request.state.unit = unit
            newest = upgraded(changes, body) if changes else body
            answer = await handle(Request(request.scope, given_again(newest)))
            return await expanded(request, answer, names, allow) if names else answer

        answer = await self.answer(request, content, work)
        return downgraded(changes, answer) if changes else answer

    async def _stream(self, request: Request, handle: Handle) -> Response:
        key_of(request)

        async def finish(content: bytes, work: Callable[[Unit], Awaitable[BaseModel]]) -> Response:
            async def answer(unit: Unit) -> Response:
                made = await work(unit)
                return Response(made.model_dump_json(), status_code=201, media_type="application/json")

            return await self.answer(request, content, answer)

        request.state.finish = finish
        return await handle(request)

    async def answer(self, request: Request, content: bytes, work: Callable[[Unit], Awaitable[Response]]) -> Response:
        """What the work answers, committed; done once for the request's Idempotency-Key. `content` says what came."""
        key = key_of(request)
        caller, workspace = request.state.caller, request.state.workspace

        def begin() -> AbstractAsyncContextManager[Unit]:
            return self._app.units.begin(workspace, caller=caller)

        if key is None:
            async with begin() as unit:
                return await work(unit)
        asked = Once(workspace, request.state.principal.mode, key, fingerprint(request, content))
        answer = await self._repeats.answer(asked, begin, work)
        request.state.replayed = REPLAYED in answer.headers
        return answer
