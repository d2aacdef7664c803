"""Requests to addresses that somebody else wrote: a flow's author, a webhook's owner. They must not reach our inside.

The name is resolved here, every address it has is checked, and the connection goes to a checked address and nowhere
else: a name that answers differently a moment later changes nothing. No redirects, no proxy, bounded in time and size.
"""

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Self

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestError
from pyreqwest.response import Response

from parley.core.time import elapsed_seconds
from parley.kit.addresses import IPAddress, is_own, is_public, read_address
from parley.kit.cache import Bounded
from parley.kit.targets import Refused, Target, read_target

CLIENTS: Final = 64
"""Connections are kept for so many peers; making a client costs milliseconds of CPU (its TLS roots)."""
FRESH_SECONDS: Final = 5.0
"""What a name was found to mean is believed so long. It was checked, and only what was checked is connected to."""
NAMES: Final = 2_000
ADDRESSES: Final = 4
"""Of a name with many addresses so many are tried; the deadline would not allow more."""
CONNECT_SECONDS: Final = 3.0
IDLE_SECONDS: Final = 20.0
READ_CHUNK_BYTES: Final = 64 * 1024

_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "keep-alive", "te", "upgrade"})
_TIMED_OUT = "the time was up before the answer was complete"
_CONNECT_PHASE = "client error (Connect)"


class NoAnswer(Exception):
    """No usable answer came; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request. `seconds` is the deadline of the whole, `most_bytes` how much of the answer is read."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float
    most_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """An answer; header names in lower case. The body may be cut off right after `most_bytes`, and is then `cut`."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool


async def resolve(target: Target, *, allow_own: bool) -> list[IPAddress]:
    """The addresses of a host, each checked. Raises Refused when one is not to be called, NoAnswer when it has none."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoAnswer(f"The host {target.host} is not known.") from None
    addresses: list[IPAddress] = []
    for *_, where in found:
        address = read_address(str(where[0]))
        if address is None or not (is_public(address) or (allow_own and is_own(address))):
            raise Refused(
                f"The host {target.host} is not on the public internet, so it is not called. "
                "While developing, PARLEY_WEBHOOKS_ALLOW_PRIVATE=1 allows this machine and private networks."
            )
        if address not in addresses:
            addresses.append(address)
    return addresses[:ADDRESSES]


class Egress:
    """Makes such requests. One per process; close it."""

    def __init__(self, *, allow_own: bool, user_agent: str = "Parley", clients: int = CLIENTS) -> None:
        self._allow_own = allow_own
        self._user_agent = user_agent
        self._most_clients = clients
        self._resolved: Bounded[tuple[str, int], tuple[float, list[IPAddress]]] = Bounded(NAMES)
        self._clients: OrderedDict[tuple[str, IPAddress], Client] = OrderedDict()
        self._in_use: dict[tuple[str, IPAddress], int] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Drop all connections."""
        while self._clients:
            await self._clients.popitem()[1].close()

    async def ask(self, wanted: Wanted) -> Got:
        """One request. Raises Refused or NoAnswer."""
        target = read_target(wanted.url)
        try:
            async with asyncio.timeout(wanted.seconds):
                addresses = await self._addresses(target)
                return await self._ask_one_of(addresses, target, wanted)
        except TimeoutError:
            raise NoAnswer(f"{target.host} did not answer: {_TIMED_OUT}.") from None

    async def _addresses(self, target: Target) -> list[IPAddress]:
        key = (target.host, target.port)
        known = self._resolved.get(key)
        if known is not None and elapsed_seconds() - known[0] < FRESH_SECONDS:
            return known[1]
        self._resolved.drop(key)
        addresses = await resolve(target, allow_own=self._allow_own)
        self._resolved.put(key, (elapsed_seconds(), addresses))
        return addresses

    async def _ask_one_of(self, addresses: list[IPAddress], target: Target, wanted: Wanted) -> Got:
        """From the first address that a connection can be made to; a request once written is not written again."""
        for address in addresses[:-1]:
            try:
                return await self._exchange(address, target, wanted)
            except _NotConnected:
                continue
        return await self._exchange(addresses[-1], target, wanted)

    async def _exchange(self, address: IPAddress, target: Target, wanted: Wanted) -> Got:
        key = (target.host, address)
        client = await self._client(key)
        self._in_use[key] = self._in_use.get(key, 0) + 1
        try:
            headers = {name: value for name, value in wanted.headers.items() if name.lower() not in _OURS}
            request = client.request(wanted.method, target.url(address)).headers(headers)
            request = request.timeout(timedelta(seconds=wanted.seconds))
            if wanted.body is not None:
                request = request.body_bytes(wanted.body)
            async with request.build_streamed() as response:
                body = await _read(response, wanted.most_bytes)
                named = {name.lower(): value for name, value in response.headers.items()}
                return Got(
                    status=response.status,
                    headers=named,
                    body=body[: wanted.most_bytes],
                    cut=len(body) > wanted.most_bytes,
                )
        except (PyreqwestError, ValueError) as error:
            raise _told(error, target.host) from error
        finally:
            self._in_use[key] -= 1

    async def _client(self, key: tuple[str, IPAddress]) -> Client:
        found = self._clients.get(key)
        if found is None:
            found = self._clients[key] = _pinned(key[0], key[1], self._user_agent)
            await self._drop_one_too_many()
        self._clients.move_to_end(key)
        return found

    async def _drop_one_too_many(self) -> None:
        idle = [key for key in self._clients if not self._in_use.get(key)]
        if len(self._clients) > self._most_clients and len(idle) > 1:
            self._in_use.pop(idle[0], None)
            await self._clients.pop(idle[0]).close()


def _pinned(host: str, address: IPAddress, user_agent: str) -> Client:
    builder = ClientBuilder().user_agent(user_agent).no_proxy().follow_redirects(enable=False).referer(enable=False)
    builder = builder.connect_timeout(timedelta(seconds=CONNECT_SECONDS))
    builder = builder.pool_idle_timeout(timedelta(seconds=IDLE_SECONDS))
    return builder.resolve(host, str(address), 0).build()


async def _read(response: Response, most_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= most_bytes and (chunk := await response.body_reader.read(READ_CHUNK_BYTES)):
        parts.append(bytes(chunk))
        size += len(chunk)
    return b"".join(parts)


class _NotConnected(NoAnswer):
    """No connection could be made, so nothing was written."""


def _told(error: Exception, host: str) -> NoAnswer:
    # The first cause quotes the URL, which may hold a secret in its query.
    causes = [cause["message"] for cause in (error.details["causes"] or ())] if isinstance(error, RequestError) else []
    text = ": ".join(causes[2:] or causes[1:]) or "the request can't be built"
    kind = _NotConnected if _CONNECT_PHASE in causes else NoAnswer
    return kind(f"{host} did not answer: {text}.")
