"""Addresses that somebody else wrote, taken apart once and spelled again by us. Pure."""

import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from parley.kit.addresses import IPAddress, read_address

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\Z")
_NUMERIC_END = re.compile(r"(\A|\.)([0-9]+|0x[0-9a-f]*)\Z")
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")


class Refused(Exception):
    """The address may not be called; the text says why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart and spelled again by us, so that no other reader can understand it differently."""

    scheme: str
    host: str
    port: int
    rest: str

    def url(self, address: IPAddress) -> str:
        """The URL to ask for. A host that is a number in any spelling becomes the checked address itself."""
        host = self.host
        if _NUMERIC_END.search(host) or read_address(host) is not None:
            host = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 - the protocol's number
        return f"{self.scheme}://{host}:{self.port}{self.rest}"


def read_target(url: str) -> Target:
    """The parts of an address. Raises Refused with what is wrong with it."""
    if _UNFIT.search(url):
        raise Refused("The address has spaces or characters that don't belong there.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("The address can't be read; it looks like https://shop.example/orders.") from None
    if parts.scheme not in ("http", "https"):
        raise Refused("The address must begin with https:// or http://.")
    if "@" in parts.netloc:
        raise Refused("The address must not carry a user name or password; send them as a header.")
    usual = 443 if parts.scheme == "https" else 80
    return Target(parts.scheme, _host(parts), usual if port is None else port, _rest(parts))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if "[" in parts.netloc:
        address = read_address(host)
        if address is None or "%" in host:
            raise Refused("The address in brackets can't be read.")
        return str(address)
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if not _NAME.match(name):
        raise Refused("The address names no host that can be looked up.")
    return name


def _rest(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def literal_address(target: Target) -> IPAddress | None:
    """The address that a host spells, in whatever way the system's resolver would read it; None for a name."""
    plain = read_address(target.host)
    if plain is not None or not _NUMERIC_END.search(target.host):
        return plain
    try:
        return read_address(socket.inet_ntoa(socket.inet_aton(target.host)))
    except OSError:
        return None
