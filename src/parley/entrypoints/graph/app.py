"""The façade as an ASGI application: the edge of `/v1` finds out who asks; what goes wrong is told as Meta does."""

from math import ceil

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from parley.adapters.whatsapp.graph import Graph
from parley.core.errors import ParleyError
from parley.entrypoints.graph.address import Address, read_address
from parley.entrypoints.graph.call import Call, Desk, reply
from parley.entrypoints.graph.routes import route_of
from parley.entrypoints.http.edge import RestEdge
from parley.entrypoints.http.request_id import RequestIds, tell
from parley.modules.conversations import Outcomes
from parley.modules.partners import MetaRefusal, refusal_of
from parley.wiring import App

UNFORESEEN, TOKEN = 1, 190
SENDING = ("/messages", "/marketing_messages")
_D360_KEY = b"d360-api-key"


def make_facade(app: App, edge: RestEdge) -> ASGIApp:
    """The application that answers below `/graph`."""
    return RequestIds(Facade(app, edge), app.recorder)


class Facade:
    """Serves both dialects."""

    def __init__(self, app: App, edge: RestEdge) -> None:
        settings = app.settings
        graph = Graph(app.http, settings.graph_url, settings.graph_version)
        self._desk = Desk(app=app, edge=edge, graph=graph, outcomes=Outcomes(app.units, app.people))
        self._edge = edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await self._answer(request)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        sending = request.url.path.endswith(SENDING)
        try:
            return await self._serve(request)
        except MetaRefusal as refusal:
            return _refused(request, refusal)
        except ParleyError as error:
            return _refused(request, refusal_of(error, sending=sending))
        except Exception as error:  # noqa: BLE001 - whatever fails, the caller gets an answer in Meta's shape
            tell(request.scope, request.state.request_id, error)
            return _refused(request, MetaRefusal(UNFORESEEN, "Something went wrong on our side; it was logged."))

    async def _serve(self, request: Request) -> Response:
        address = read_address(request.url.path)
        route = route_of(address, request.method)

        async def handle(inner: Request) -> Response:
            return await route.handle(Call(desk=self._desk, request=inner, address=address))

        return await self._edge.serve(_signed(request, address), route.operation, handle)


def _signed(request: Request, address: Address) -> Request:
    """The request with 360dialog's header spelled as Meta's."""
    if address.dialect != "d360":
        return request
    headers: list[tuple[bytes, bytes]] = [
        (b"authorization", b"Bearer " + value) if name == _D360_KEY else (name, value)
        for name, value in request.scope["headers"]
        if name != b"authorization"
    ]
    return Request({**request.scope, "headers": headers}, request.receive)


def _refused(request: Request, refusal: MetaRefusal) -> Response:
    request.state.error = f"meta_{refusal.code}"
    answer = reply(refusal.body(request.state.request_id), refusal.kind.status)
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(max(1, ceil(refusal.retry_after)))
    if refusal.code == TOKEN:
        answer.headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{TOKEN}"'
    return answer
