"""One benchmark's world: the product running and furnished, customers ready to write; and measuring a stretch of it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from bench.figures import summary
from bench.furnish import furnish
from bench.poster import Poster
from bench.profile import count_statements, tell_python, tell_statements
from bench.stack import Stack, open_stack, start_all
from bench.traffic import Crowd, Traffic, rate_of
from parley.core.ids import WorkspaceId, new_uuid
from parley.core.time import elapsed_seconds

WARM_SECONDS = 4.0
WARM_RATE = 200
SETTLED_SECONDS = 2.0
"""A rate is kept when everything is answered, and every status read, this soon after the last message."""
REST_SECONDS = 120.0
"""What a rate that was not kept left behind is worked off before the next stretch."""

# A campaign's queue stands for minutes at a number's rate; nobody waits for it here.
_WAITING = "select (select count(*) from delivery) + (select count(*) from outbox where priority = 0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The running product and its customers."""

    stack: Stack
    traffic: Traffic
    workspaces: list[WorkspaceId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What was measured over a while. Latencies in milliseconds, CPU in microseconds a message, memory in MiB."""

    messages: int
    replies_a_second: float
    kept: bool
    reply: dict[str, float]
    ack: dict[str, float]
    cpu: dict[str, float]
    memory: dict[str, float]
    drain_seconds: float
    unanswered: int
    repeated: int
    refused: dict[int, int] = field(default_factory=dict)


@asynccontextmanager
async def open_session(
    crowd: Crowd, *, with_statuses: bool, wrap: dict[str, list[str]] | None = None
) -> AsyncIterator[Session]:
    """Start everything and let it run warm; stop it at the end."""
    traffic = Traffic(crowd, with_statuses=with_statuses, run=new_uuid().hex[-8:])
    await traffic.graph.start()
    try:
        async with open_stack(traffic.graph.url) as stack:
            stack.wrap = wrap or {}
            workspaces = await furnish(stack.settings, crowd)
            if stack.wrap:
                await count_statements(stack)
            await start_all(stack)
            traffic.poster = Poster(stack.webhook_url)
            await traffic.poster.start()
            await traffic.at_rate(WARM_RATE, WARM_SECONDS)
            await traffic.drain()
            yield Session(stack=stack, traffic=traffic, workspaces=workspaces)
            traffic.poster.close()
            if stack.wrap:
                await tell_statements(stack)
            _tell(stack.words())
        tell_python(wrap or {})
    finally:
        traffic.graph.close()


async def at_rate(session: Session, rate: float, seconds: float) -> Stretch:
    """Customers write at a rate, whatever comes back."""
    return await _measure(session, seconds, rate=rate)


async def in_flight(session: Session, count: int, seconds: float) -> Stretch:
    """So many customers, each writing again once answered."""
    return await _measure(session, seconds, count=count)


async def _measure(session: Session, seconds: float, *, rate: float = 0, count: int = 0) -> Stretch:
    traffic, stack = session.traffic, session.stack
    first, repeated, used = traffic.sent, traffic.counts.repeated, stack.usage()
    begun = elapsed_seconds()
    if count:
        await traffic.closed(count, seconds)
    else:
        await traffic.at_rate(rate, seconds)
    ended = elapsed_seconds()
    memory = stack.memory()
    drained = await traffic.drain(REST_SECONDS)
    messages = traffic.sent - first
    rested = drained + await _rest(session)
    assert traffic.poster is not None
    return Stretch(
        messages=messages,
        replies_a_second=round(rate_of(list(traffic.counts.replies.values()), begun + seconds * 0.1, ended), 1),
        kept=traffic.unanswered == 0 and rested <= SETTLED_SECONDS,
        reply=summary(traffic.counts.reply_seconds(first)),
        ack=summary(traffic.counts.ack_seconds(first)),
        cpu=stack.usage().since(used, messages),
        memory=memory,
        drain_seconds=round(rested, 2),
        unanswered=traffic.unanswered,
        repeated=traffic.counts.repeated - repeated,
        refused=dict(traffic.poster.refused),
    )


async def _rest(session: Session) -> float:
    """Wait until every webhook is taken and read; how long it took."""
    begun = elapsed_seconds()
    poster = session.traffic.poster
    connection = await asyncpg.connect(session.stack.postgres.url("parley"))
    try:
        while elapsed_seconds() - begun < REST_SECONDS:
            waiting = await connection.fetchval(_WAITING)
            if not waiting and poster is not None and not poster.waiting:
                break
            await asyncio.sleep(0.05)
    finally:
        await connection.close()
    return elapsed_seconds() - begun


def _tell(words: str) -> None:
    """What the product's processes said at level warning or above."""
    if words.strip():
        sys.stderr.write(words[-3000:] + "\n")
