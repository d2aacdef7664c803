"""One request to the façade, and what its handlers have in common."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from parley.adapters.whatsapp.graph import Graph, segment
from parley.adapters.whatsapp.passing import Passing, pass_on
from parley.core.ids import WorkspaceId
from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.graph.address import Address
from parley.entrypoints.http.bodies import read_body
from parley.entrypoints.http.edge import RestEdge
from parley.kit.http import Answer, HttpFailure, NotSent
from parley.kit.unit import Caller, Unit
from parley.modules.channels import Channel
from parley.modules.conversations import Outcomes
from parley.modules.partners import MetaRefusal, pages, unknown_object
from parley.wiring import App

OK: Final = 200
WHATSAPP: Final = "whatsapp"
NOBODY_THERE: Final = 2
NO_ANSWER: Final = 131000
INVALID: Final = 100

_decoder = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every request to the façade is served with."""

    app: App
    edge: RestEdge
    graph: Graph
    outcomes: Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose caller is known."""

    desk: Desk
    request: Request
    address: Address

    @property
    def app(self) -> App:
        return self.desk.app

    @property
    def workspace(self) -> WorkspaceId:
        workspace: WorkspaceId = self.request.state.workspace
        return workspace

    @property
    def caller(self) -> Caller:
        caller: Caller = self.request.state.caller
        return caller

    @property
    def node(self) -> str:
        """The object that the address names first."""
        return self.address.parts[0]

    @property
    def base(self) -> str:
        """The address that stands for Meta's root of this version, as the caller reaches us."""
        outside = self.app.settings.public_url or str(self.request.base_url)
        return outside.rstrip("/") + self.address.root

    @property
    def version(self) -> str:
        """The version that Meta is asked in."""
        return self.address.version or self.app.settings.graph_version

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """A unit of the caller's workspace. Not to be held while anything outside is waited for."""
        return self.app.units.begin(self.workspace, caller=self.caller)

    async def once(self, content: bytes, work: Callable[[Unit], Awaitable[Response]]) -> Response:
        """What the work answers in a unit of its own; done once for each Idempotency-Key. `content` says what came."""
        return await self.desk.edge.answer(self.request, content, work)

    async def channels(self) -> list[Channel]:
        """The numbers that this caller reaches."""
        bounds = self.caller.bounds
        own = await self.app.routes.of_workspace(self.workspace)
        return [each for each in own if bounds is None or bounds.show(each.id)]

    async def number(self) -> Channel:
        """The number that the address names. Raises MetaRefusal."""
        for each in await self.channels():
            if each.access.number_id == self.node:
                return each
        raise unknown_object(self.request.method, self.node)

    async def account(self) -> Channel:
        """A number of the WhatsApp account that the address names. Raises MetaRefusal."""
        for each in await self.channels():
            if each.access.account_id == self.node:
                return each
        raise unknown_object(self.request.method, self.node)

    async def body(self) -> dict[str, JsonValue]:
        """The JSON object that was sent; an empty body is the empty object. Raises MetaRefusal and ParleyError."""
        raw = await read_body(self.request)
        try:
            value: object = _decoder.decode(raw) if raw else {}
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise MetaRefusal(INVALID, "The body must be a JSON object.")
        return value

    async def ask_meta(
        self, channel: Channel, path: str, *, query: str = "", body: JsonObject | None = None, method: str | None = None
    ) -> Answer:
        """Meta's answer to this request, made with the channel's own token. Raises MetaRefusal when there is none."""
        if channel.kind != WHATSAPP:
            raise MetaRefusal(INVALID, "This is a test number: it takes messages and files, and nothing else is known.")
        given = Passing(
            method=method or self.request.method,
            version=self.version,
            path=path,
            query=query,
            body=msgspec.json.encode(body) if body is not None else None,
        )
        try:
            return await pass_on(self.app.http, self.app.settings.graph_url, channel.access, given)
        except NotSent as error:
            raise MetaRefusal(NOBODY_THERE, "WhatsApp can't be reached; try again.", retry_after=2) from error
        except HttpFailure as error:
            raise MetaRefusal(NO_ANSWER, "WhatsApp did not answer; it may have been done.") from error

    async def pass_to_meta(self, channel: Channel) -> Answer:
        """The request as it came, but for who asks."""
        body = await self.body() if self.request.method != "GET" else None
        path = "/".join(map(segment, self.address.parts))
        return await self.ask_meta(channel, path, query=self.request.url.query, body=body or None)

    def told(self, answer: Answer) -> Response:
        """Meta's answer as it is, its page addresses turned to us."""
        value = read_object(answer.body)
        if value is None or "paging" not in value:
            return Response(answer.body, answer.status, media_type=answer.headers.get("content-type"))
        return reply(pages.without_token(value, self.base), answer.status)


Handler: TypeAlias = Callable[[Call], Awaitable[Response]]


def reply(body: JsonObject, status: int = OK) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def read_object(body: bytes) -> Mapping[str, JsonValue] | None:
    """The JSON object in an answer of Meta's, if it is one."""
    try:
        value: object = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
