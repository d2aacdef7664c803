"""Run the whole platform as processes: the database first, then what prepares it, then the children; stop in reverse.

await supervise(Stack(
    database=EmbeddedPostgres(settings.data_dir, report=log),   # None: the database is somebody else's
    prepare=migrate_and_seed,                                   # returns the children to run
    announce=print_the_address,                                 # when every child is ready for the first time
    report=log,
))
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from parley.entrypoints.supervision.child import Child
from parley.entrypoints.supervision.keep import keep
from parley.entrypoints.supervision.stopping import end_tasks, stop_on_signals, unless_stopped
from parley.kit.processes import Report


class Database(Protocol):
    """A database server that we run."""

    async def start(self) -> None:
        """Start it and wait until it serves."""

    async def watch(self) -> None:
        """Start it again whenever it dies, until cancelled."""

    async def stop(self) -> None:
        """Stop it cleanly; nothing when it doesn't run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What to run. `report` takes one sentence for each thing that happens."""

    database: Database | None
    prepare: Callable[[], Awaitable[Sequence[Child]]]
    report: Report
    announce: Callable[[], Awaitable[None]] | None = None


async def supervise(stack: Stack) -> None:
    """Run the stack until SIGINT, SIGTERM or SIGHUP. Call it in the main thread: the children are tied to it.

    Raises what starting the database or preparing raises; the children's deaths are reported and mended, not raised.
    """
    with stop_on_signals() as stop:
        try:
            if stack.database is not None:
                await unless_stopped(stop, stack.database.start())
            if not stop.is_set():
                await _run(stack, stop)
        finally:
            if stack.database is not None:
                await stack.database.stop()
    stack.report("Stopped.")


async def _run(stack: Stack, stop: asyncio.Event) -> None:
    watching = [asyncio.create_task(stack.database.watch())] if stack.database is not None else []
    try:
        children = await unless_stopped(stop, _prepare(stack))
        if children is not None:
            await _run_children(stack, children, stop, watching)
    finally:
        await end_tasks(watching)


async def _prepare(stack: Stack) -> Sequence[Child]:
    return await stack.prepare()


async def _run_children(
    stack: Stack, children: Sequence[Child], stop: asyncio.Event, watching: Sequence[asyncio.Task[None]]
) -> None:
    ready = [asyncio.Event() for _ in children]
    keeping = [
        asyncio.create_task(keep(child, report=stack.report, ready=event), name=child.name)
        for child, event in zip(children, ready, strict=True)
    ]
    others = [asyncio.create_task(_announce(stack, ready)), asyncio.create_task(_end_with(stop))]
    try:
        # None of these ends by itself, so the first exception is the wish to stop, or a fault of ours that must show.
        done, _ = await asyncio.wait([*watching, *keeping, *others], return_when=asyncio.FIRST_EXCEPTION)
        with suppress(_StopWished):
            for task in done:
                task.result()
        stack.report("Stopping.")
    finally:
        await end_tasks([*keeping, *others])


async def _announce(stack: Stack, ready: Sequence[asyncio.Event]) -> None:
    for event in ready:
        await event.wait()
    if stack.announce is not None:
        await stack.announce()


class _StopWished(Exception):
    pass


async def _end_with(stop: asyncio.Event) -> None:
    await stop.wait()
    raise _StopWished
