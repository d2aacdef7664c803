"""Connections to one PostgreSQL database under the application's role, which row-level security binds."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from parley.core.errors import Unavailable
from parley.kit import known_types

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

APP_ROLE = "parley_app"
CONNECT_SECONDS = 5.0
"""A database that does not answer in this time is away; callers retry or answer 503."""
STATEMENT_SECONDS = 30.0
"""Nothing on the message path takes longer; a stuck statement must not hold a connection for ever."""

AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    TimeoutError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
"""What the driver raises when the database is away or going."""


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach one database. Either a server's URL, or the embedded one's socket folder."""

    database: str
    url: str | None = None
    socket_dir: str | None = None
    port: int = 5432
    user: str = APP_ROLE
    settings: dict[str, str] = field(default_factory=dict)

    async def connect(self) -> known_types.Connection:
        """One new connection, in the application's role. Raises what AWAY lists when the database is away."""
        options = {"application_name": "parley", "jit": "off", **self.settings}
        if self.url is not None:
            return await asyncpg.connect(
                self.url,
                database=self.database,
                timeout=CONNECT_SECONDS,
                command_timeout=STATEMENT_SECONDS,
                server_settings=options,
                connection_class=known_types.Connection,
            )
        return await asyncpg.connect(
            host=self.socket_dir,
            port=self.port,
            user=self.user,
            database=self.database,
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            server_settings=options,
            connection_class=known_types.Connection,
        )

    def as_app(self) -> "Address":
        """The same database in the role that row-level security binds."""
        if self.url is None:
            return Address(self.database, socket_dir=self.socket_dir, port=self.port, settings=self.settings)
        return Address(self.database, url=self.url, settings={**self.settings, "role": APP_ROLE})

    def with_settings(self, more: dict[str, str]) -> "Address":
        """The same, its connections begun with these settings of PostgreSQL too."""
        return replace(self, settings={**self.settings, **more})


class Database:
    """A small pool of connections to one database; connections are made on demand and dropped when broken."""

    def __init__(self, address: Address, *, size: int) -> None:
        self.address = address
        self._size = size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._types = known_types.KnownTypes()
        self._turns = asyncio.Semaphore(size)
        """First come, first served; the pool itself lets a newcomer take what was meant for one who waited."""

    async def open(self) -> "Database":
        self._pool = await asyncpg.create_pool(
            connect=self._connect,
            min_size=0,
            max_size=self._size,
            reset=_no_reset,
            init=None,
            max_inactive_connection_lifetime=300.0,
            command_timeout=STATEMENT_SECONDS,
        )
        return self

    async def acquire(self) -> "PoolConnectionProxy[asyncpg.Record]":
        """A connection; give it back with `release`. Raises Unavailable when the database is away."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._turns.acquire()
        except TimeoutError as error:
            raise Unavailable("Too much waits for the database; try again shortly.", retry_after=2) from error
        try:
            return await self._opened().acquire(timeout=CONNECT_SECONDS)
        except BaseException as error:
            self._turns.release()
            if isinstance(error, AWAY):
                raise Unavailable("The database can't be reached; try again shortly.", retry_after=2) from error
            raise

    async def release(self, connection: "PoolConnectionProxy[asyncpg.Record]") -> None:
        try:
            await self._opened().release(connection)
        finally:
            self._turns.release()

    def _opened(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._pool is None:
            raise RuntimeError("open() comes first")
        return self._pool

    @property
    def in_use(self) -> int:
        """Connections open now."""
        return self._pool.get_size() if self._pool is not None else 0

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()

    async def _connect(self, *_: object, **__: object) -> known_types.Connection:
        connection = await self.address.connect()
        connection.known = self._types
        return connection


async def _no_reset(_: object) -> None:
    """Units set what they need with SET LOCAL only, so there is nothing to reset and a round trip to save."""
