"""The addresses of the authorization server."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response
from starlette.responses import JSONResponse

from parley.adapters.oauth.request import Asked
from parley.adapters.oauth.server import NO_STORE, Answer, endpoint, token
from parley.entrypoints.http.authentication import address_of
from parley.entrypoints.http.bodies import read_bytes
from parley.entrypoints.http.oauth.consent import ConsentDesk
from parley.entrypoints.http.oauth.metadata import metadata
from parley.entrypoints.http.rate_limit import Gate
from parley.modules.accounts import Known, Verdict, look_up, write_down
from parley.wiring import App

MAX_PARAMETERS = 40
MAX_VALUE = 4096
FORM = "application/x-www-form-urlencoded"
INVALID = {"error": "invalid_request"}

Judge = Callable[[Known, Asked], tuple[Answer, Verdict]]
Handler = Callable[[Request], Awaitable[Response]]


class OAuth:
    """Serves /oauth/… and the description of it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._consent = ConsentDesk(app)
        self._gate = Gate(app)

    def add_to(self, api: FastAPI) -> None:
        """Mount the addresses, which need no key."""
        for path, methods, serve in (
            ("/oauth/authorize", ["GET"], self._ask),
            ("/oauth/authorize", ["POST"], self._decide),
            ("/oauth/token", ["POST"], self._judged(token)),
            ("/oauth/revoke", ["POST"], self._judged(lambda known, asked: endpoint("revocation", known, asked))),
            ("/oauth/introspect", ["POST"], self._judged(lambda known, asked: endpoint("introspection", known, asked))),
            ("/.well-known/oauth-authorization-server", ["GET"], self._metadata),
        ):
            api.router.add_route(path, serve, methods=methods)

    async def _metadata(self, request: Request) -> Response:
        base = self._app.settings.public_url or str(request.base_url)
        return JSONResponse(metadata(base.rstrip("/")), headers={"Cache-Control": "public, max-age=300"})

    async def _ask(self, request: Request) -> Response:
        given = _parameters(request.url.query)
        if given is None:
            return self._consent.unreadable()
        return await self._consent.ask(request, given)

    async def _decide(self, request: Request) -> Response:
        given = await _form(request)
        if given is None:
            return self._consent.unreadable()
        return await self._consent.decide(request, given, address_of(request))

    def _judged(self, judge: Judge) -> Handler:
        """An address that apps talk to: looked up, judged, written down, in one unit.

        An address that shows many wrong credentials is not listened to for a while, and no app may ask in a loop: 429.
        """

        async def serve(request: Request) -> Response:
            given = await _form(request)
            if given is None or request.url.query:
                return JSONResponse(INVALID, status_code=400, headers=NO_STORE)
            asked = Asked("POST", given, request.headers.get("authorization", ""))
            self._gate.check_stranger(request)
            self._gate.count_app(request, asked.client_id)
            async with self._app.units.begin(lane="oauth") as unit:
                answer, verdict = judge(await look_up(unit, self._app.keys, asked), asked)
                await write_down(unit, verdict)
            if answer.status == HTTPStatus.UNAUTHORIZED:
                self._gate.count_stranger(request)
            return JSONResponse(answer.body, status_code=answer.status, headers={**NO_STORE, **dict(answer.headers)})

        return serve


async def _form(request: Request) -> dict[str, str] | None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return None
    try:
        return _parameters((await read_bytes(request)).decode())
    except UnicodeDecodeError:
        return None


def _parameters(text: str) -> dict[str, str] | None:
    """The parameters, each named once (RFC 6749, section 3.1); None when they can't be read like that."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=MAX_PARAMETERS)
    except ValueError:
        return None
    found = dict(pairs)
    if len(found) != len(pairs) or any(len(value) > MAX_VALUE or "\0" in value for value in found.values()):
        return None
    return found
