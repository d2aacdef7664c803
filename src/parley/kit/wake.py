"""Wake-ups between processes: PostgreSQL's LISTEN/NOTIFY on one connection of its own, remade when it breaks."""

import asyncio
from collections.abc import Callable

import asyncpg
import structlog

from parley.kit.database import AWAY, Address

PREFIX = "parley_"
RETRY_SECONDS = 0.5
KEEPALIVE_SECONDS = 5.0
"""A connection that died silently is noticed this soon; the lanes' polling covers the meantime."""

log = structlog.get_logger("parley.wake")


class Listener:
    """Calls `heard(name)` for each wake-up of the names it listens for, and once for each after a reconnect."""

    def __init__(self, address: Address, names: list[str], heard: Callable[[str], None]) -> None:
        self._address = address
        self._names = names
        self._heard = heard

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
            for name in self._names:
                await connection.add_listener(PREFIX + name, self._notified)
                self._heard(name)
            while True:
                await asyncio.sleep(KEEPALIVE_SECONDS)
                await connection.execute("select 1", timeout=KEEPALIVE_SECONDS)
        finally:
            connection.terminate()

    def _notified(self, _connection: object, _pid: int, channel: str, _payload: object) -> None:
        self._heard(channel.removeprefix(PREFIX))
