"""Wake-ups between processes: PostgreSQL's LISTEN/NOTIFY on one connection of its own, remade when it breaks."""

import asyncio
from typing import Protocol

import asyncpg
import structlog

from parley.kit.database import AWAY, Address

PREFIX = "parley_"
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
