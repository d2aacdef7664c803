"""Keep one child running until told to stop."""

import asyncio
from contextlib import suppress

from parley.entrypoints.supervision.child import Child, Run
from parley.kit.processes import Report, pause_seconds, until_true

HEALTHY_SECONDS = 30.0  # a child that ran this long is well again: its next failure counts as the first


async def keep(child: Child, *, report: Report, ready: asyncio.Event) -> None:
    """Run it, and run it again whenever it ends, after 0.2 s growing to 10 s. Cancel to stop it, within its deadline.

    `ready` is set when its probe first says so (at once without a probe).
    """
    failures = 0
    while True:
        try:
            run = Run(child)
        except OSError as error:
            failures += 1
            report(f"{child.name} can't be started: {error}. Trying again in {pause_seconds(failures):.1f} s.")
            await asyncio.sleep(pause_seconds(failures))
            continue
        how = await _see_through(child, run, report=report, ready=ready)
        failures = 1 if run.seconds >= HEALTHY_SECONDS else failures + 1
        report(f"{how}. Starting it again in {pause_seconds(failures):.1f} s.")
        await asyncio.sleep(pause_seconds(failures))


async def _see_through(child: Child, run: Run, *, report: Report, ready: asyncio.Event) -> str:
    """One run from start to end; says how it ended."""
    watching = asyncio.create_task(_watch_readiness(child, report=report, ready=ready))
    try:
        return await run.wait()
    except asyncio.CancelledError:
        if not await run.stop():
            report(f"{child.name} didn't stop within {child.stop_seconds:.0f} s and was killed.")
        raise
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch_readiness(child: Child, *, report: Report, ready: asyncio.Event) -> None:
    # Late is not dead: it may be waiting for a database that is away, and killing it would not bring that back.
    while child.ready is not None and not await until_true(child.ready, seconds=child.ready_seconds):
        report(f"{child.name} runs but isn't ready after {child.ready_seconds:.0f} s; still waiting.")
    ready.set()
