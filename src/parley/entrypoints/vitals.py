"""Every process says regularly that it is alive and what it counted."""

import asyncio

import structlog

from parley.core.errors import Unavailable
from parley.kit.database import AWAY
from parley.kit.processes_table import report_process
from parley.kit.telemetry import counters
from parley.wiring import App

EVERY_SECONDS = 2.0
log = structlog.get_logger("parley.vitals")


async def report_vitals(app: App, role: str) -> None:
    """Until cancelled. A database that is away is tried again with the next beat."""
    while True:
        try:
            connection = await app.content.acquire()
            try:
                await report_process(connection, app.process, role, counters.snapshot())
            finally:
                await app.content.release(connection)
        except (Unavailable, *AWAY) as error:
            log.debug("The vitals could not be reported.", action="vitals_failed", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)
