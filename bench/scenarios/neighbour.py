"""A noisy neighbour: workspace A queues 50,000 sends (15,000 unless long) while customers of B talk with their bot."""

import asyncio
import sys

from bench.findings import Finding, details_of
from bench.options import Options
from bench.profile import profiled
from bench.session import Session, Stretch, at_rate, open_session
from bench.traffic import Crowd

SENDS, LONG_SENDS = 15_000, 50_000
RATE = 50
"""Messages a second that B's customers write."""
SECONDS = 12.0
WORST = 1.5
RATES = {"standard": 80, "high": 1000}
"""Of the numbers: at the standard rate A's queue stands for ten minutes, at the high one it is sent as it is queued."""


async def run(options: Options) -> list[Finding]:
    found = await _beside(options, "standard")
    return found + await _beside(options, "high") if options.long else found


async def _beside(options: Options, level: str) -> list[Finding]:
    seconds = options.seconds or SECONDS
    sends = LONG_SENDS if options.long else SENDS
    crowd = Crowd(workspaces=2, customers=20_000, new_each=0, rate=RATES[level])
    async with open_session(crowd, with_statuses=False, wrap=profiled(options)) as session:
        session.traffic.crowd = Crowd(workspaces=1, customers=10_000, new_each=0, first_workspace=1, step=2)
        alone = await at_rate(session, RATE, seconds)
        flood = await _start_flood(session, crowd, sends)
        queueing = await at_rate(session, RATE, seconds)
        if await flood.wait() != 0:
            raise RuntimeError("A's campaign could not be queued.")
        standing = await at_rate(session, RATE, seconds)
    left = sends - session.traffic.counts.foreign
    return [
        _compare(f"while A queues {sends:,} sends ({level} rate)", alone, queueing),
        _compare(f"beside A's queue ({level} rate, {left:,} left)", alone, standing),
    ]


async def _start_flood(session: Session, crowd: Crowd, sends: int) -> asyncio.subprocess.Process:
    numbers = (sends, crowd.customers, crowd.workspaces)
    command = ["-m", "bench.flood", str(session.workspaces[0]), *map(str, numbers)]
    return await asyncio.create_subprocess_exec(sys.executable, *command, env=session.stack.environment)


def _compare(what: str, alone: Stretch, together: Stretch) -> Finding:
    ratio = together.reply["p95"] / alone.reply["p95"]
    return Finding(
        what=f"B's reply p95 {what}",
        figure=f"{together.reply['p95']:.0f} / {alone.reply['p95']:.0f} ms = {ratio:.2f} x",
        aim=f"<= {WORST} x",
        met=ratio <= WORST,
        details=details_of(together),
    )
