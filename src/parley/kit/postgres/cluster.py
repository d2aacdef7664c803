"""The embedded PostgreSQL of a data directory: start it, keep it running, say where it is, stop it."""

import asyncio
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path

from parley.kit.postgres.account import choose_account
from parley.kit.postgres.binaries import OWN_SERVER, reachable_binaries
from parley.kit.postgres.endpoint import ConnectionArguments, connection_arguments, database_url
from parley.kit.postgres.errors import PostgresFailed
from parley.kit.postgres.layout import check_cluster, check_space, layout_in, prepare_folders, prepare_root, unusable
from parley.kit.postgres.leftovers import accepts_connections, clear_leftovers
from parley.kit.postgres.lock import take_lock
from parley.kit.postgres.programs import Programs
from parley.kit.postgres.server import SUPERUSER, Server, create_cluster
from parley.kit.postgres.settings import DURABLE, ServerSettings
from parley.kit.processes import Report, pause_seconds, until

STOP_SECONDS = 60.0  # a fast shutdown writes out all changed pages, at most shared_buffers

_log = logging.getLogger("parley.postgres")


class EmbeddedPostgres:
    """A PostgreSQL server in `<data_dir>/postgres`, reached by a private socket only.

    Use it from one event loop in the main thread: the server is tied to the thread that started it, so that it shuts
    down by itself even when we are killed. `report` takes one sentence for each thing that happens.
    """

    def __init__(self, data_dir: Path, *, settings: ServerSettings = DURABLE, report: Report | None = None) -> None:
        self._layout = layout_in(data_dir)
        self._settings = settings
        self._report = report or _log.info
        self._lock: int | None = None
        self._server: Server | None = None

    @property
    def pid(self) -> int | None:
        """The postmaster's process number while we run it."""
        return None if self._server is None else self._server.pid

    def url(self, database: str, role: str = SUPERUSER) -> str:
        """The address of a database as a URL that asyncpg and libpq read, whoever runs the server."""
        return database_url(self._layout.run, database, role)

    def connection_arguments(self, database: str, role: str = SUPERUSER) -> ConnectionArguments:
        """The address of a database as keyword arguments of asyncpg."""
        return connection_arguments(self._layout.run, database, role)

    async def start(self) -> None:
        """Make the cluster if there is none, start it and wait until it accepts connections. Does nothing when it runs.

        Raises AlreadyRunning when another process runs it, PostgresFailed when it can't run.
        """
        if self._server is not None and not self._server.has_ended():
            return
        if sys.platform != "linux":
            raise PostgresFailed(f"The embedded PostgreSQL runs on Linux only. {OWN_SERVER}")
        if self._lock is None:
            prepare_root(self._layout)
            self._lock = take_lock(self._layout)
        try:
            self._server = await self._prepare()
            await self._server.start()
        except OSError as error:
            await self.stop()
            raise unusable(self._layout.root, error) from error
        except BaseException:
            await self.stop()
            raise

    async def watch(self) -> None:
        """Start the server again whenever it has ended, until cancelled. Cancel this before calling `stop`."""
        failures = 0
        while self._server is not None:
            server = self._server
            if failures == 0:
                await until(server.has_ended, seconds=float("inf"))
                self._report(f"PostgreSQL (pid {server.pid}) {server.ending()}; starting it again.")
            try:
                check_space(self._layout, new=False)
                await server.start()
                failures = 0
            except (PostgresFailed, OSError) as error:
                failures += 1
                self._report(f"{error} Trying again in {pause_seconds(failures):.1f} s.")
                await asyncio.sleep(pause_seconds(failures))

    async def stop(self) -> None:
        """Shut the server down and let the folder go. Does nothing when it isn't ours or doesn't run."""
        try:
            if self._server is not None:
                await self._server.stop(seconds=STOP_SECONDS)
        finally:
            self._server = None
            if self._lock is not None:
                with suppress(OSError):
                    os.close(self._lock)
                self._lock = None

    async def accepts_connections(self, *, seconds: float) -> bool:
        """Wait until a server of this folder, ours or another process's, accepts connections; False when it doesn't."""
        return await until(lambda: accepts_connections(self._layout), seconds=seconds)

    async def _prepare(self) -> Server:
        account = choose_account(self._layout.data)
        binaries = await asyncio.to_thread(reachable_binaries, account, self._layout.root)
        programs = Programs(binaries=binaries, account=account)
        exists = check_cluster(self._layout, account, major=binaries.major)
        prepare_folders(self._layout, account)
        check_space(self._layout, new=not exists)
        if not exists:
            await clear_leftovers(self._layout, self._report)
            self._report(f"Making a new database in {self._layout.root}.")
            await create_cluster(self._layout, programs, self._settings)
        return Server(self._layout, programs, self._settings, self._report)
