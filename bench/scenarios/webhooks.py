"""Webhooks out: how many a second, whether four bad endpoints delay the good ones, and kill -9 of the worker."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from bench.figures import summary
from bench.findings import Finding
from bench.furnish import furnish
from bench.measure import Usage
from bench.options import Options
from bench.receiver import Receiver
from bench.stack import Stack, open_stack
from bench.traffic import Crowd
from parley.core.content import Content
from parley.core.ids import WorkspaceId, chance, public
from parley.core.time import elapsed_seconds, now
from parley.modules.conversations import Request, send
from parley.modules.conversations.events import MessageQueued
from parley.modules.webhooks import EndpointRules, NewEndpoint, create_endpoint
from parley.wiring import App, open_app

DELIVERIES, LONG_DELIVERIES = 15_000, 60_000
KILLED, LONG_KILLED = 4_000, 20_000
MESSAGES = 200
"""Whose contents are told, over and over."""
RECORDED = 500
"""Facts recorded by one unit."""
ENDPOINTS = 200
FANNED = 3.0
"""Facts a second, each to all endpoints."""
STRETCH_SECONDS = 12.0
SETTLE_SECONDS = 200.0
"""What a killed worker had claimed is free again after a minute."""
BAD: dict[str, int | str] = {"/0": "hang", "/1": 500, "/2": 410, "/3": "slow"}
AIM_RATE, AIM_FACTOR = 1_500, 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A product without its other lanes, messages to tell of, and somebody to tell."""

    stack: Stack
    app: App
    receiver: Receiver
    workspace: WorkspaceId
    messages: Sequence[UUID]

    def work(self) -> None:
        """Start a worker that does nothing but webhooks."""
        command = [sys.executable, "-m", "parley.entrypoints.cli", "work", "--lanes", "webhooks"]
        with (self.stack.folder / "worker.log").open("ab") as log:
            self.stack.children["worker"] = subprocess.Popen(
                command, env=self.stack.environment, stdout=log, stderr=log
            )

    async def listen(self, *paths: str) -> None:
        rules = EndpointRules(self.app.routes, allow_private=True)
        async with self.app.units.begin(self.workspace) as unit:
            for path in paths:
                new = NewEndpoint(url=self.receiver.url + path, event_types=("message.queued",))
                await create_endpoint(unit, self.app.keys, rules, new)

    async def happen(self, count: int) -> dict[str, float]:
        """Record facts; when each was committed, by its public id."""
        ids: list[str] = []
        async with self.app.units.begin(self.workspace) as unit:
            for _ in range(count):
                event = MessageQueued(workspace=self.workspace, at=now(), message=chance.choice(self.messages))
                unit.record(event)
                ids.append(public("evt", event.id))
        return dict.fromkeys(ids, elapsed_seconds())


async def run(options: Options) -> list[Finding]:
    async with _world() as world:
        found = [await _throughput(world, LONG_DELIVERIES if options.long else DELIVERIES)]
        found += await _killed(world, LONG_KILLED if options.long else KILLED)
    async with _world() as world:
        found += await _isolation(world, options.seconds or STRETCH_SECONDS)
    return found


@asynccontextmanager
async def _world() -> AsyncIterator[World]:
    receiver = Receiver()
    await receiver.start()
    try:
        async with open_stack("http://127.0.0.1:9", more={"PARLEY_WEBHOOKS_ALLOW_PRIVATE": "1"}) as stack:
            crowd = Crowd(workspaces=1, customers=MESSAGES)
            [workspace] = await furnish(stack.settings, crowd)
            async with open_app(stack.settings) as app:
                messages = await _messages(app, workspace)
                yield World(stack=stack, app=app, receiver=receiver, workspace=workspace, messages=messages)
            words = stack.words()
            sys.stderr.write(words[-2000:] + "\n" if words.strip() else "")
    finally:
        receiver.close()


async def _messages(app: App, workspace: WorkspaceId) -> list[UUID]:
    made = []
    async with app.units.begin(workspace) as unit:
        for index in range(MESSAGES):
            content = Content("text", {"body": f"Your order {index} is on its way and will be with you soon."})
            request = Request(channel=None, to=f"+4915{100_000_000 + index:09d}", content=content)
            made.append((await send(unit, app.desk, request)).id)
    return list(made)


async def _throughput(world: World, count: int) -> Finding:
    """A backlog is worked off; the rate between its first and last tenth."""
    await world.listen("/one")
    for _ in range(0, count, RECORDED):
        await world.happen(RECORDED)
    begun = world.stack.usage()
    world.work()
    used: Usage | None = None
    while len(world.receiver.taken) < count:
        if used is None and world.receiver.taken:
            used = world.stack.usage()
            begun = used
        await asyncio.sleep(0.02)
    moments = sorted(world.receiver.taken.values())
    first, last = moments[count // 10], moments[count * 9 // 10]
    rate = 0.8 * count / (last - first)
    cpu = world.stack.usage().since(begun, count)
    told = ", ".join(f"{kind} {figure}" for kind, figure in cpu.items())
    return Finding(
        what="webhooks to one receiver",
        figure=f"{rate:,.0f}/s; CPU µs each: {told}",
        aim=f">= {AIM_RATE:,}/s",
        met=rate >= AIM_RATE,
        details={"rate": round(rate), "cpu": cpu, "deliveries": count},
    )


async def _killed(world: World, count: int) -> list[Finding]:
    """kill -9 of the worker at random until everything was told."""
    world.receiver.times.clear()
    happened: set[str] = set()
    kills, begun, next_kill = 0, elapsed_seconds(), 0.0
    for _ in range(0, count, RECORDED):
        happened |= set(await world.happen(RECORDED))
    while not happened <= set(world.receiver.times) and elapsed_seconds() - begun < SETTLE_SECONDS:
        child = world.stack.children["worker"]
        if child.poll() is not None:
            world.work()
            next_kill = elapsed_seconds() + chance.uniform(1.5, 3.0)
        elif kills == 0 or (elapsed_seconds() > next_kill and elapsed_seconds() - begun < SETTLE_SECONDS / 4):
            child.kill()
            child.wait()
            kills += 1
        await asyncio.sleep(0.1)
    lost = len(happened - set(world.receiver.times))
    strange = len(set(world.receiver.times) - happened)
    twice = sum(1 for each in happened if world.receiver.times[each] > 1)
    details = {"kills": kills, "deliveries": count, "twice": twice}
    return [
        Finding(
            what=f"webhooks, {kills} x kill -9: never told",
            figure=f"{lost} of {count:,}",
            aim="0",
            met=lost == 0,
            details=details,
        ),
        Finding(
            what="webhooks, kill -9: under an id that is none of theirs",
            figure=f"{strange}; told twice {twice}",
            aim="0",
            met=strange == 0,
            details=details,
        ),
    ]


async def _isolation(world: World, seconds: float) -> list[Finding]:
    """Healthy endpoints' delay while all behave, and while four misbehave."""
    await world.listen(*(f"/{index}" for index in range(ENDPOINTS)))
    world.work()
    await _stretch(world, 4.0)
    well = summary(await _stretch(world, seconds))
    world.receiver.manners = dict(BAD)
    ill = summary(await _stretch(world, seconds))
    factor = ill["p99"] / well["p99"]
    return [
        Finding(
            what=f"webhooks: p99 of {ENDPOINTS - len(BAD)} healthy endpoints while 4 misbehave",
            figure=f"{ill['p99']:.0f} ms against {well['p99']:.0f} ms ({factor:.2f} x)",
            aim=f"<= {AIM_FACTOR} x",
            met=factor <= AIM_FACTOR,
            details={"well": well, "ill": ill},
        )
    ]


async def _stretch(world: World, seconds: float) -> list[float]:
    """Facts at a steady rate; how long each took to reach each healthy endpoint."""
    happened: dict[str, float] = {}
    begun = elapsed_seconds()
    while elapsed_seconds() - begun < seconds:
        happened |= await world.happen(1)
        await asyncio.sleep(1 / FANNED)
    await asyncio.sleep(3.0)
    return [
        moment - happened[webhook_id]
        for (path, webhook_id), moment in world.receiver.taken.items()
        if webhook_id in happened and path not in BAD
    ]
