"""The simulator on a stage: called in process, with a platform on a loopback port that hears its webhooks."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from parley.sim.app import SimApp
from parley.sim.businesses import Business
from parley.sim.config import Settings, SimConfig
from parley.sim.customers import Customer
from parley.sim.web import Answer, Json, Request, as_list, as_object, encode
from parley.sim.world import World

SECRET = "app secret"
PHONE, WABA, NUMBER, TOKEN = "100", "900", "15559990000", "token"
ADA, STOPPED, SILENT = "15550001111", "15550002222", "15550003333"
QUICK = Settings(
    sent_seconds=0.0, delivered_seconds=0.0, read_seconds=0.0, review_seconds=0.0, retry_first_seconds=0.01
)
PATIENCE = 5.0  # seconds: a test that waits longer has failed


class Platform:
    """A callback that remembers what it heard; `answers` are the statuses it gives first, then always 200."""

    def __init__(self) -> None:
        self.heard: list[Json] = []
        self.wrong_signatures = 0
        self.answers: list[int] = []
        self.verify_token = "verify"
        self.posts = 0
        self._server: asyncio.Server | None = None
        self._talking: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}

    async def open(self, port: int = 0) -> "Platform":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        return self

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/meta"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._talking:
            writer.close()
        await asyncio.gather(*self._talking.values(), return_exceptions=True)
        self._talking.clear()

    def values(self, field_name: str) -> list[Json]:
        changes = [change for body in self.heard for entry in rows(body, "entry") for change in rows(entry, "changes")]
        return [as_object(change["value"]) or {} for change in changes if change["field"] == field_name]

    def messages(self) -> list[Json]:
        return [message for value in self.values("messages") for message in rows(value, "messages")]

    def statuses(self, field_name: str = "messages") -> list[Json]:
        return [one for value in self.values(field_name) for one in rows(value, "statuses")]

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._talking[writer] = asyncio.create_task(self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines[1:])}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                status, answer = self._hear(lines[0], headers, body)
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(answer)}\r\n\r\n{answer}".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _hear(self, line: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        if line.startswith("GET"):
            query = dict(pair.split("=") for pair in line.split("?")[1].split(" ", maxsplit=1)[0].split("&"))
            good = query["hub.verify_token"] == self.verify_token
            return (200, query["hub.challenge"]) if good else (403, "")
        self.posts += 1
        wanted = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if headers.get("x-hub-signature-256") != f"sha256={wanted}":
            self.wrong_signatures += 1
            return 401, ""
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.heard.append(json.loads(body))
        return status, ""


@dataclass
class Stage:
    """A world with one business, Ada who has just written, one who stopped marketing, one who never wrote."""

    world: World
    app: SimApp
    platform: Platform
    headers: list[tuple[bytes, bytes]] = field(default_factory=lambda: [(b"host", b"sim.test")])

    async def call(
        self, line: str, body: object = None, *, token: str = TOKEN, raw: bytes | None = None
    ) -> tuple[int, Json]:
        """`call("POST /v23.0/100/messages", {...})` gives status and JSON."""
        sent = raw if raw is not None else (b"" if body is None else encode(body))
        answer = await self.answer(line, sent, token=token)
        return answer.status, json.loads(answer.body) if answer.body else {}

    async def answer(
        self, line: str, body: bytes = b"", *, token: str = TOKEN, kind: str = "application/json"
    ) -> Answer:
        """The bare answer."""
        method, _, target = line.partition(" ")
        path, _, query = target.partition("?")
        headers = [*self.headers, (b"content-type", kind.encode())]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        parts = [part for part in path.split("/") if part]
        version = int(parts.pop(0)[1:3]) if parts[0].startswith("v") else 23
        request = Request(method=method, parts=parts, version=version, body=body, headers=headers, query_string=query)
        return await self.app.answer(request)

    async def send(self, body: Json, *, to: str = ADA) -> tuple[int, Json]:
        return await self.call(f"POST /v23.0/{PHONE}/messages", {"messaging_product": "whatsapp", "to": to, **body})

    async def say(self, text: str, *, number: str = ADA) -> Json:
        _, said = await self.call(f"POST /sim/phones/+{number}/messages", {"text": text, "to": PHONE})
        return said

    async def until(self, condition: Callable[[], object]) -> None:
        await until(condition)


async def staged(platform: Platform, settings: Settings = QUICK) -> Stage:
    config = SimConfig(callback_url=platform.url, app_secret=SECRET, verify_token="verify", settings=settings)
    world = World(config)
    world.businesses.put(Business(phone_number_id=PHONE, waba_id=WABA, number=NUMBER, token=TOKEN))
    ada = world.customers.put(Customer(number=ADA, name="Ada"))
    ada.wrote_at[PHONE] = world.now()
    stopped = world.customers.put(Customer(number=STOPPED, name="Grace"))
    stopped.wrote_at[PHONE] = world.now()
    stopped.stopped_marketing.add(PHONE)
    world.customers.put(Customer(number=SILENT, name="Alan"))
    return Stage(world, SimApp(world), platform)


def text(body: str = "Hello") -> Json:
    return {"type": "text", "text": {"body": body}}


def code(answer: Json) -> object:
    error = answer.get("error")
    return error.get("code") if isinstance(error, dict) else None


def dig(value: object, path: str) -> object:
    """`dig(answer, "messages.0.id")`."""
    for key in path.split("."):
        if isinstance(value, list):
            value = value[int(key)]
        else:
            assert isinstance(value, dict), f"there is no {path}"
            value = value[key]
    return value


def rows(value: Json, key: str) -> list[Json]:
    """The objects of a list; none when it is not there."""
    return [item for given in as_list(value.get(key)) if (item := as_object(given)) is not None]


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition, as long as PATIENCE."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for happens elsewhere and rings no bell
            await asyncio.sleep(0.002)
