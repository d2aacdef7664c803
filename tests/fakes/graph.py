"""A Cloud API program in process, pointed at the façade; its messages leave while it waits."""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any, Literal

from starlette.types import ASGIApp

from parley.entrypoints.graph.app import make_facade
from parley.entrypoints.http.app import make_api
from parley.modules.accounts import KeyTerms, create_key
from tests.fakes.asgi import ask
from tests.fakes.stack import Shop, Stack

Json = Any
ADA = "+15550001111"


@dataclass(frozen=True, slots=True)
class Told:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.raw)

    @property
    def wamid(self) -> str:
        return str(self.json["messages"][0]["id"])

    @property
    def code(self) -> tuple[int, int, int | None]:
        """HTTP status, code, subcode."""
        error = self.json["error"]
        return self.status, error["code"], error.get("error_subcode")


@dataclass
class Program:
    """Somebody's program with a key of one workspace."""

    stack: Stack
    facade: ASGIApp
    shop: Shop
    key: str
    headers: dict[str, str] = member(default_factory=dict)

    async def __call__(self, method: str, target: str, body: Json = None, **headers: str) -> Told:
        """One request; `body` is sent as JSON, or as it is when it is bytes."""
        sent = {"authorization": f"Bearer {self.key}", "content-type": "application/json", **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        answered = await ask(self.facade, method, target, headers=sent, body=data)
        return Told(answered.status, answered.headers, answered.body)

    async def send(self, kind: str = "text", content: Json = None, *, moving: bool = True, **more: Any) -> Told:
        """Send a message; with `moving` the worker's lanes run until there is an answer."""
        headers = more.pop("headers", {})
        edge = more.pop("edge", "messages")
        body = {"messaging_product": "whatsapp", "to": ADA, "type": kind, kind: content or {"body": "Hello"}, **more}
        asked = self("POST", f"/graph/v23.0/{self.shop.number_id}/{edge}", body, **headers)
        return (await moved(self.stack, asked))[0] if moving else await asked


async def moved(stack: Stack, *asked: Coroutine[None, None, Told]) -> list[Told]:
    """The answers to requests made at once, the worker's lanes running meanwhile."""
    all_told = asyncio.gather(*asked)
    while not all_told.done():
        await stack.process.send_all()
        await asyncio.sleep(0.005)
    return await all_told


async def program(
    stack: Stack, shop: Shop | None = None, *, scopes: tuple[str, ...] = ("*",), mode: Literal["live", "test"] = "live"
) -> Program:
    """A program with a fresh key, of a fresh shop unless one is given."""
    own = shop or await stack.shop()
    async with stack.app.units.begin(own.workspace) as unit:
        key = await create_key(unit, stack.app.key_desk, KeyTerms(name="test", scopes=scopes, mode=mode))
    return Program(stack, make_facade(stack.app, make_api(stack.app).state.edge), own, key.secret)
