"""kill -9 of web, worker and PostgreSQL at random under load, with webhooks duplicated and reordered."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import asyncpg

from bench.findings import Finding
from bench.options import Options
from bench.poster import Done
from bench.session import Session, open_session
from bench.traffic import Crowd, Traffic
from parley.core.ids import chance, public
from parley.core.time import elapsed_seconds
from parley.modules.conversations import Status

RATE = 300
SECONDS, LONG_SECONDS = 20.0, 60.0
PAUSE_SECONDS = (2.0, 5.0)
"""Between two kills."""
TWICE, LATE = 0.1, 0.1
"""Shares of the webhooks that are posted twice, and that come up to a second late."""
SETTLE_SECONDS = 150.0
"""A claim holds for a minute; what was claimed by the dead becomes unsure after it, and is settled by its statuses."""
VICTIMS = ("web", "worker", "postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database says in the end."""

    inbound: int
    outbound: int
    queued: int
    unsure: frozenset[str]
    """Our ids of messages of unknown outcome."""


async def run(options: Options) -> list[Finding]:
    async with open_session(Crowd(), with_statuses=True) as session:
        before = await _stored(session)
        traffic = session.traffic
        first = traffic.sent
        killed = await _under_fire(
            session, options.seconds or (LONG_SECONDS if options.long else SECONDS), options.rate or RATE
        )
        await _settle(session)
        after = await _stored(session)
    return _findings(traffic, traffic.sent - first, (before, after), killed)


async def _under_fire(session: Session, seconds: float, rate: float) -> Counter[str]:
    killed: Counter[str] = Counter()
    tasks = [
        asyncio.create_task(_kill_at_random(session, killed)),
        asyncio.create_task(session.stack.postgres.watch()),
        asyncio.create_task(_restart(session)),
    ]
    session.traffic.post_by = _disturbed(session.traffic)
    await session.traffic.at_rate(rate, seconds)
    tasks[0].cancel()
    await asyncio.sleep(2)
    await _drain_webhooks(session)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return killed


async def _kill_at_random(session: Session, killed: Counter[str]) -> None:
    while True:
        await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        victim = chance.choice(VICTIMS)
        for process in session.stack.processes().get(victim, ()):
            process.kill()
            killed[victim] += 1


async def _restart(session: Session) -> None:
    """What `parley up` does: a dead process is started again."""
    while True:
        for role, child in list(session.stack.children.items()):
            if child.poll() is not None:
                session.stack.start_role(role)
        await asyncio.sleep(0.1)


def _disturbed(traffic: Traffic) -> Callable[[bytes, Done | None], None]:
    """Posts some webhooks late, and some twice."""
    poster = traffic.poster
    assert poster is not None
    later = asyncio.get_running_loop().call_later

    def post(body: bytes, done: Done | None) -> None:
        if chance.random() < LATE:
            later(chance.random(), poster.post, body, done)
        else:
            poster.post(body, done)
        if chance.random() < TWICE:
            later(chance.random() * 2, poster.post, body)

    return post


async def _drain_webhooks(session: Session) -> None:
    """Until every webhook was taken: Meta repeats them for days, so we wait as long as it takes to restart."""
    begun = elapsed_seconds()
    counts = session.traffic.counts
    while len(counts.acks) < session.traffic.sent and elapsed_seconds() - begun < SETTLE_SECONDS:  # noqa: ASYNC110 - a count is watched
        await asyncio.sleep(0.1)


async def _settle(session: Session) -> None:
    """Until nothing waits to be read or sent."""
    await session.stack.ready()
    begun = elapsed_seconds()
    while elapsed_seconds() - begun < SETTLE_SECONDS:
        if await _waiting(session) == 0 and session.traffic.poster is not None and not session.traffic.poster.waiting:
            break
        await asyncio.sleep(0.5)
    await asyncio.sleep(3)


async def _waiting(session: Session) -> int:
    connection = await asyncpg.connect(session.stack.postgres.url("parley"))
    try:
        return int(await connection.fetchval("select (select count(*) from delivery) + (select count(*) from outbox)"))
    finally:
        await connection.close()


async def _stored(session: Session) -> Stored:
    connection = await asyncpg.connect(session.stack.postgres.url("parley"))
    try:
        row = await connection.fetchrow(
            "select count(*) filter (where not outbound), count(*) filter (where outbound) from message"
        )
        unsure = await connection.fetch("select id from message where status = $1", int(Status.UNSURE))
        queued = await connection.fetchval("select count(*) from outbox")
        ids = frozenset(public("msg", each["id"]) for each in unsure)
        assert row is not None
        return Stored(inbound=row[0], outbound=row[1], queued=queued, unsure=ids)
    finally:
        await connection.close()


def _findings(traffic: Traffic, sent: int, stored: tuple[Stored, Stored], killed: Counter[str]) -> list[Finding]:
    before, after = stored
    inbound = after.inbound - before.inbound
    taken = {callback.decode() for callback in traffic.callbacks}
    never_posted = after.unsure - taken
    unsettled = after.unsure & taken
    silent = traffic.sent - len(traffic.counts.replies) - len(never_posted)
    deaths = ", ".join(f"{name} {count}" for name, count in sorted(killed.items()))
    details = {"killed": dict(killed), "sent": sent, "inbound": inbound, "outbound": after.outbound - before.outbound}
    lines = (
        ("messages lost", max(0, sent - inbound)),
        ("messages stored twice", max(0, inbound - sent)),
        ("replies lost (neither sent nor unsure)", silent),
        ("replies sent twice", traffic.counts.repeated),
        ("replies sent but still unsure or queued", len(unsettled) + after.queued),
    )
    found = [
        Finding(what=f"kill -9: {what}", figure=f"{count} of {sent:,}", aim="0", met=count == 0, details=details)
        for what, count in lines
    ]
    told = f"{len(never_posted)} of {sent:,}; killed: {deaths}"
    return [*found, Finding(what="kill -9: unsure, and truly never sent", figure=told, details=details)]
