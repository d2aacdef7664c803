"""The address of the socket: its folder, or a short link to it when the path is too long for a socket."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

from parley.kit.postgres.errors import PostgresFailed
from parley.kit.postgres.settings import PORT

SOCKET_PATH_LIMIT = 107  # bytes: sun_path of unix(7) less its closing zero
SOCKET_NAME = f".s.PGSQL.{PORT}"
PLAIN_PATH = re.compile(r"/[\w./+-]*")  # others need escapes that drivers read differently: a comma separates hosts


class ConnectionArguments(TypedDict):
    """Keyword arguments of `asyncpg.connect` and `asyncpg.create_pool`."""

    host: str
    port: int
    user: str
    database: str


def socket_host(run: Path) -> Path:
    """A path to the socket's folder that drivers accept. The link is made anew when it has been cleaned away."""
    if _fits(run):
        return run
    name = hashlib.sha256(os.fsencode(run)).hexdigest()[:16]
    for parent in _private_folders():
        link = parent / f"parley-{os.geteuid()}" / name
        if _fits(link) and _linked(link, run):
            return link
    raise PostgresFailed(f"The path of {run} is too long for a socket. Set PARLEY_DATA_DIR to a shorter one.")


def database_url(run: Path, database: str, role: str) -> str:
    """The address as a URL, for settings and for child processes."""
    host = quote(str(socket_host(run)), safe="")
    return f"postgresql://{quote(role, safe='')}@/{quote(database, safe='')}?host={host}&port={PORT}"


def connection_arguments(run: Path, database: str, role: str) -> ConnectionArguments:
    """The address as arguments of asyncpg."""
    return ConnectionArguments(host=str(socket_host(run)), port=PORT, user=role, database=database)


def _fits(folder: Path) -> bool:
    short = len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    return short and PLAIN_PATH.fullmatch(str(folder)) is not None


def _private_folders() -> list[Path]:
    places = [os.environ.get("XDG_RUNTIME_DIR"), "/run" if os.geteuid() == 0 else None, tempfile.gettempdir(), "/tmp"]  # noqa: S108 - owner and mode are verified
    return [Path(place) for place in places if place]


def _linked(link: Path, run: Path) -> bool:
    """Whether the link leads to the folder, after making it if need be; False when the place is not safely ours."""
    try:
        link.parent.mkdir(mode=0o700, exist_ok=True)
        status = link.parent.lstat()
        if link.parent.is_symlink() or status.st_uid != os.geteuid() or status.st_mode & 0o077:
            return False
        if not link.is_symlink() or link.readlink() != run:
            aside = link.with_name(f"{link.name}.{os.getpid()}")
            aside.symlink_to(run)
            aside.replace(link)
    except OSError:
        return False
    return True
