"""Routes of a resource. Each request is handed to the edge, which tells who asks, counts, and begins the unit."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from parley.kit.rest.ending import Ending, ending_in
from parley.kit.unit import Caller, Unit

PREFIX = "/v1"
SAFE = frozenset({"GET", "HEAD"})

Handle = Callable[[Request], Awaitable[Response]]
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a route does, as the edge needs to know it. Its scope is `resource:read` or `resource:write`."""

    path: str
    """As documented: `/v1/messages/{message_id}`."""
    resource: str
    action: str
    streams: bool
    """Its body or answer is large: it gets no unit, for none may be held while the other side is slow."""
    public: bool = False
    """Anyone may ask, without a key: it gets a unit of no workspace, in the lane `sign_in`."""
    ending: Ending | None = None
    """It is not to be used any more."""
    outside: bool = False
    """It waits for a provider: it gets no unit either, and its body is small and JSON."""


class Edge(Protocol):
    """Who stands between the world and a route."""

    async def serve(self, request: Request, operation: Operation, handle: Handle) -> Response:
        """The answer. Raises ParleyError."""
        ...


class Finish(Protocol):
    """Ends a streamed POST: its work in one unit, done once for each Idempotency-Key."""

    async def __call__(self, content: bytes, work: Callable[[Unit], Awaitable[BaseModel]]) -> Response:
        """The answer of status 201. `content` says what came: its hash, and all else that matters."""
        ...


class EdgeRoute(APIRoute):
    """A route that is served through `app.state.edge`, in a unit bound to the caller's workspace."""

    streams = False
    public = False
    outside = False
    answer: Handle
    """What it does within a unit that the edge has begun."""

    @property
    def operation(self) -> Operation:
        action = "read" if (self.methods or set()) <= SAFE else "write"
        return Operation(
            path=self.path_format,
            resource=str(self.tags[0]),
            action=action,
            streams=self.streams,
            public=self.public,
            outside=self.outside,
            ending=ending_in(self.openapi_extra),
        )

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = self.answer = super().get_route_handler()
        operation = self.operation

        async def served(request: Request) -> Response:
            edge: Edge = request.app.state.edge
            return await edge.serve(request, operation, handle)

        return served


class QueryRoute(EdgeRoute):
    """A POST that only reads: its question holds what must not stand in an address."""

    @property
    def operation(self) -> Operation:
        return replace(super().operation, action="read")


class StreamRoute(EdgeRoute):
    """A route that reads or writes a stream; it begins its own units."""

    streams = True


class PublicRoute(EdgeRoute):
    """A route that needs no key."""

    public = True


class OutsideRoute(StreamRoute):
    """A route with a JSON body that waits for a provider; it begins its own units, before and after."""

    outside = True


def resource(name: str, *, route: type[EdgeRoute] = EdgeRoute) -> APIRouter:
    """A router for the routes of one resource, whose name is also their tag and the first word of their scopes."""
    return APIRouter(prefix=PREFIX, tags=[name], route_class=route)


def provided(kind: type[Thing]) -> object:
    """Depends on the one thing of a kind that wiring made; stands in `Annotated`."""

    async def find(request: Request) -> Thing:
        found: Thing = request.app.state.provided[kind]
        return found

    return Depends(find)


async def _unit(request: Request) -> Unit:
    unit: Unit = request.state.unit
    return unit


async def _workspace(request: Request) -> UUID:
    workspace: UUID = request.state.workspace
    return workspace


async def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


async def _finish(request: Request) -> Finish:
    finish: Finish = request.state.finish
    return finish


UnitHere = Annotated[Unit, Depends(_unit)]
"""The request's unit; it is committed before the answer leaves."""
WorkspaceHere = Annotated[UUID, Depends(_workspace)]
"""The workspace of who asks."""
CallerHere = Annotated[Caller, Depends(_caller)]
"""Who asks, for a route that begins its own units."""
FinishHere = Annotated[Finish, Depends(_finish)]
