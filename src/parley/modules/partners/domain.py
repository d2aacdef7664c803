"""What is told of a request to the API: ids, words of ours, sizes. Nothing that a caller wrote. Pure."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from parley.core.ids import KeyId, WorkspaceId
from parley.core.time import from_unix

ADDRESS_KEPT = timedelta(hours=24)
"""A caller's whole address helps while an incident is fresh; afterwards its network must do."""
MAX_CAPTURE = timedelta(hours=72)
"""Bodies are kept to find a fault, not to have them."""

_REMEMBERED = 4096
"""Callers come again and again from few addresses."""
_NETWORK_BITS = {4: 24, 6: 48}
_AGENTS = (
    "aiohttp",
    "axios",
    "curl",
    "Dart",
    "Deno",
    "Go-http-client",
    "got",
    "GuzzleHttp",
    "Apache-HttpClient",
    "insomnia",
    "Java",
    "k6",
    "node",
    "node-fetch",
    "okhttp",
    "parley",
    "PostmanRuntime",
    "python-httpx",
    "python-requests",
    "Python-urllib",
    "reqwest",
    "Ruby",
    "undici",
    "Wget",
)
_FAMILIES = {name.casefold(): name for name in _AGENTS} | {"mozilla": "browser"}
"""Programs told by name. Any other name could be anything, so it is `other`."""
_PUBLIC_ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}\Z")
_BELOW_TIME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer, as they went over the wire."""

    method: str
    route: str
    status: int
    request: bytes
    response: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A request that was answered. `faults` are (JSON Pointer, code); `idempotency` and `address` are stored sealed."""

    workspace: WorkspaceId
    id: UUID
    key: KeyId | None
    method: str
    route: str
    ids: dict[str, str]
    status: int
    error: str | None = None
    faults: tuple[tuple[str, str], ...] = ()
    micros: int
    request_size: int
    response_size: int
    address: str | None
    agent: str
    version: date | None = None
    idempotency: str | None = None
    replayed: bool = False
    rate_left: int | None = None
    rate_violated: str | None = None
    made: str | None = None
    exchange: Exchange | None = None
    """Only of a key whose bodies are captured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests are asked for; None does not matter. `lowest` and `highest` are bounds of the status."""

    key: UUID | None = None
    route: str | None = None
    method: str | None = None
    lowest: int = 100
    highest: int = 599
    error: str | None = None
    idempotency: bytes | None = None
    made: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def agent_family(user_agent: str) -> str:
    """The program that asks, by its first word if that is a known one; else `other`, or `none`."""
    name = user_agent.partition("/")[0].strip().casefold()
    return _FAMILIES.get(name, "other") if name else "none"


@lru_cache(_REMEMBERED)
def network_of(address: str | None) -> str | None:
    """The network of an address: /24 of an IPv4, /48 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    bits = _NETWORK_BITS[found.version]
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False))


def ids_among(parameters: dict[str, str]) -> dict[str, str]:
    """Those parts of an address that are ids of ours."""
    return {name: value for name, value in parameters.items() if _PUBLIC_ID.match(value)}


def without_values(pointer: str, words: Collection[str]) -> str:
    """A JSON Pointer whose steps are members that the API describes, or places; any other step becomes `*`."""
    steps = pointer.split("/")
    return "/".join(step if not step or step in words or step.isdecimal() else "*" for step in steps)


def first_id_at(moment: datetime) -> UUID:
    """The smallest UUIDv7 of a moment: ids are ordered by time, so a span of time is a span of ids."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << _BELOW_TIME)


def moment_of(request: UUID) -> datetime:
    """When a request came, from its id."""
    return from_unix(request.int >> _BELOW_TIME)
