"""A running cluster for a short command: the one another process runs, else one of our own for the time being."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from parley.core.time import elapsed_seconds
from parley.kit.postgres.cluster import EmbeddedPostgres
from parley.kit.postgres.errors import AlreadyRunning
from parley.kit.processes import Report

PATIENCE_SECONDS = 60.0  # the other process may be starting, recovering or stopping just now
LOOK_SECONDS = 0.2


@asynccontextmanager
async def running_cluster(data_dir: Path, *, report: Report | None = None) -> AsyncIterator[EmbeddedPostgres]:
    """The cluster of a data directory, ready. Started here only when nobody runs it, and then stopped again.

    Raises PostgresFailed, and AlreadyRunning when the process that holds the folder doesn't get its server ready.
    """
    cluster = EmbeddedPostgres(data_dir, report=report)
    await _start_or_find(cluster)
    try:
        yield cluster
    finally:
        await cluster.stop()


async def _start_or_find(cluster: EmbeddedPostgres) -> None:
    begun = elapsed_seconds()
    while True:
        try:
            await cluster.start()
        except AlreadyRunning:
            if await cluster.accepts_connections(seconds=LOOK_SECONDS):
                return
            if elapsed_seconds() - begun > PATIENCE_SECONDS:
                raise
        else:
            return
