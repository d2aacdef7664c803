"""The edge of the REST API: who asks, how often, what exactly; then one unit, committed before the answer leaves."""

from fastapi import Request, Response

from parley.entrypoints.http.authentication import SignIn, check_scope
from parley.entrypoints.http.bodies import canonical, given_again, read_body
from parley.entrypoints.http.idempotency import Once, fingerprint, key_of, once
from parley.entrypoints.http.rate_limit import RateLimiter
from parley.kit.rest.route import Handle, Operation
from parley.wiring import App


class RestEdge:
    """Serves every route of the rooms."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._sign_in = SignIn(app.units)
        self._limiter = RateLimiter()

    async def serve(self, request: Request, operation: Operation, handle: Handle) -> Response:
        """The answer, its work committed. Raises ParleyError."""
        principal = await self._sign_in.principal_of(request)
        self._limiter.take(principal.key, request.state.headers)
        check_scope(principal, operation)
        request.state.workspace = principal.workspace
        # Both may need a connection of their own, which must not be asked for while a unit holds another.
        await self._app.routes.refresh()
        await self._app.keys.scope(principal.workspace)
        if operation.streams:
            return await self._stream(request, handle)
        return await self._unit(request, handle)

    async def _unit(self, request: Request, handle: Handle) -> Response:
        body = await read_body(request)
        content = canonical(body)
        key = key_of(request)
        async with self._app.units.begin(request.state.workspace) as unit:
            request.state.unit = unit

            async def work() -> Response:
                return await handle(Request(request.scope, given_again(body)))

            if key is None:
                return await work()
            return await once(unit, self._app.keys, Once(key, fingerprint(request, content)), work)

    async def _stream(self, request: Request, handle: Handle) -> Response:
        """What came is known only when all of it came, so the answer is looked up after the work."""
        key = key_of(request)
        answer = await handle(request)
        if key is None:
            return answer

        async def done() -> Response:
            return answer

        async with self._app.units.begin(request.state.workspace) as unit:
            asked = Once(key, fingerprint(request, request.state.content))
            return await once(unit, self._app.keys, asked, done)
