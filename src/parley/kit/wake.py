"""Wake-ups between processes: PostgreSQL's LISTEN/NOTIFY on one connection of its own, remade when it breaks."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Protocol

import asyncpg
import structlog

from parley.core.errors import Unavailable
from parley.kit.database import AWAY, Address, Database

PREFIX = "parley_"
_TELL = """
select set_config('synchronous_commit', 'off', true) from (
    select pg_notify(name, $2) from unnest($1::text[]) as name offset 0) as told"""
RETRY_SECONDS = 0.5
KEEPALIVE_SECONDS = 5.0
"""A connection that died silently is noticed this soon; the lanes' polling covers the meantime."""

log = structlog.get_logger("parley.wake")


class Wakeable(Protocol):
    """Who is told: `names` to listen for, and a call with the name that was heard."""

    @property
    def names(self) -> list[str]: ...

    def __call__(self, name: str) -> None: ...


class Listener:
    """Tells of each wake-up by another process, and once of every name after a reconnect, for some may be lost."""

    def __init__(self, address: Address, heard: Wakeable, process: str) -> None:
        self._address = address
        self._heard = heard
        self._process = process

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._listen()
            except AWAY as error:
                log.info("Listening again soon.", action="listen_lost", error=type(error).__name__)
            except asyncpg.PostgresError as error:
                log.warning("Listening again soon.", action="listen_failed", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        connection = await self._address.connect()
        try:
            for name in self._heard.names:
                await connection.add_listener(PREFIX + name, self._notified)
                self._heard(name)
            while True:
                await asyncio.sleep(KEEPALIVE_SECONDS)
                await connection.execute("select 1", timeout=KEEPALIVE_SECONDS)
        finally:
            connection.terminate()

    def _notified(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        if payload != self._process:
            self._heard(channel.removeprefix(PREFIX))


class Announcer:
    """Tells other processes whom to wake, many names at a time, once what they are to see is committed.

    A notification in the transaction itself would make its commit wait for every other's: PostgreSQL keeps the order of
    notifications by a lock that is held until the commit is on disk. These commits hold nothing, so they need no disk.
    What can't be told is told again; only a crash between the two commits loses a name, which costs a lane's poll.
    """

    def __init__(self, database: Database, process: str) -> None:
        self._database = database
        self._process = process
        self._names: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def tell(self, names: Collection[str]) -> None:
        """Wake these in every other process, soon."""
        self._names.update(names)
        if self._names and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._names:
            names, self._names = sorted(self._names), set()
            try:
                await self._notify(names)
            except (Unavailable, asyncpg.PostgresError, *AWAY) as error:
                log.info("Others are woken later.", action="not_announced", error=type(error).__name__)
                self._names.update(names)
                await asyncio.sleep(RETRY_SECONDS)

    async def _notify(self, names: Sequence[str]) -> None:
        connection = await self._database.acquire()
        try:
            await connection.execute(_TELL, [PREFIX + name for name in names], self._process)
        finally:
            await self._database.release(connection)

    async def close(self) -> None:
        """Tell what is left, unless the database is away: then those who find it again look for themselves."""
        if self._task is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(RETRY_SECONDS):
                await self._task
