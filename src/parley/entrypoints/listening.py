"""A webhook endpoint on this machine for as long as somebody looks: each delivery checked, shown, handed on."""

import asyncio
import json
import signal
from dataclasses import dataclass
from typing import cast

import click
import httptools

from parley.core.json import JsonObject, JsonValue
from parley.core.time import unix_seconds
from parley.entrypoints.cli.api.calling import Api
from parley.entrypoints.cli.api.words_given import Asked
from parley.kit.http import HttpClient, HttpFailure
from parley.modules.webhooks import check_signature

LOCAL = "127.0.0.1"
FORWARD_SECONDS = 10.0
"""Below the 15 s that a delivery waits for its answer."""
MAX_BYTES = 4 * 1024 * 1024
_OURS = frozenset({"host", "content-length", "connection", "transfer-encoding", "accept-encoding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """What is listened to, with which key, and where it is handed on."""

    url: str
    key: str | None
    event_types: tuple[str, ...]
    forward: str | None
    as_json: bool


async def listen_until_stopped(wanted: Listening) -> int:
    """How many deliveries came until SIGINT or SIGTERM. Raises ParleyError when no endpoint can be made."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with HttpClient(user_agent="parley-cli") as http:
        api = Api(http, wanted.url, wanted.key)
        receiver = _Receiver(wanted, http)
        server = await loop.create_server(lambda: _Connection(receiver), LOCAL, 0)
        port = server.sockets[0].getsockname()[1]
        body: JsonObject = {
            "url": f"http://{LOCAL}:{port}/",
            "event_types": list(wanted.event_types),
            "description": "parley listen",
        }
        endpoint = await api.ask(Asked(method="POST", target="/v1/webhook-endpoints", body=body))
        name, receiver.secret = _told(endpoint)
        try:
            click.echo(f"Listening as {name}; its secret is {receiver.secret}. Ctrl-C ends.", err=True)
            await stop.wait()
        finally:
            await api.ask(Asked(method="DELETE", target=f"/v1/webhook-endpoints/{name}"))
            server.close()
    return receiver.count


def _told(endpoint: JsonValue) -> tuple[str, str]:
    """Id and secret of the endpoint that was made."""
    told = endpoint if isinstance(endpoint, dict) else {}
    return str(told.get("id")), str(told.get("secret"))


class _Receiver:
    """Takes deliveries: their status is what is answered."""

    def __init__(self, wanted: Listening, http: HttpClient) -> None:
        self._wanted = wanted
        self._http = http
        self.secret = ""
        self.count = 0

    async def take(self, headers: dict[str, str], body: bytes) -> int:
        wrong = [each.detail for each in check_signature(self.secret, headers, body, unix_seconds()) if not each.ok]
        if wrong:
            click.echo(f"Refused: {' '.join(wrong)}", err=True)
            return 401
        self.count += 1
        event = json.loads(body)
        click.echo(json.dumps(event, ensure_ascii=False) if self._wanted.as_json else _line(event))
        return await self._hand_on(headers, body) if self._wanted.forward else 200

    async def _hand_on(self, headers: dict[str, str], body: bytes) -> int:
        passed = {name: value for name, value in headers.items() if name not in _OURS}
        try:
            answer = await self._http.post(
                str(self._wanted.forward), headers=passed, body=body, deadline=FORWARD_SECONDS
            )
        except HttpFailure as error:
            click.echo(f"  {self._wanted.forward} did not answer ({error}); Parley tries again.", err=True)
            return 503
        click.echo(f"  {self._wanted.forward} answered {answer.status}", err=True)
        return answer.status


def _line(event: JsonObject) -> str:
    data = event.get("data")
    ids = [f"{name}={value}" for name, value in data.items() if name.endswith("_id")] if isinstance(data, dict) else []
    return f"{event.get('timestamp')}  {event.get('type'):<24}  {event.get('id')}  {' '.join(ids)}"


class _Connection(asyncio.Protocol):
    """One connection; requests come one after the other."""

    def __init__(self, receiver: _Receiver) -> None:
        self._receiver = receiver
        self._parser = httptools.HttpRequestParser(self)
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > MAX_BYTES:
            self._transport.close()

    def on_message_complete(self) -> None:
        headers, body = self._headers, bytes(self._body)
        self._headers, self._body = {}, bytearray()
        self._task = asyncio.get_running_loop().create_task(self._answer(headers, body))

    async def _answer(self, headers: dict[str, str], body: bytes) -> None:
        status = await self._receiver.take(headers, body)
        self._transport.write(f"HTTP/1.1 {status} Taken\r\nContent-Length: 0\r\n\r\n".encode())
