"""Is a child ready? Small questions over HTTP, and about ports before anything is started."""

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

PROBE_SECONDS = 5.0
_OK = b" 200 "


def answers(host: str, port: int, path: str) -> Callable[[], Awaitable[bool]]:
    """A probe: whether GET of this path is answered with 200. Raises OSError or TimeoutError when nobody answers."""

    async def probe() -> bool:
        async with asyncio.timeout(PROBE_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                return _OK in await reader.readline()
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()

    return probe


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now. Raises OSError when the host is not an address of this machine."""
    family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(where)
            trial.listen(1)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True
