"""POST /v1/messages at a steady rate with logs, idempotency and rate limits on: latency, and when its log is found."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp

from bench.figures import summary
from bench.findings import Finding
from bench.furnish import furnish
from bench.graph import Graph
from bench.options import Options
from bench.profile import count_statements, profiled, tell_python, tell_statements
from bench.stack import Stack, open_stack, start_all
from bench.traffic import Crowd
from parley.core.ids import WorkspaceId, new_uuid
from parley.core.time import elapsed_seconds
from parley.modules.accounts import KeyDesk, KeyTerms, create_key
from parley.wiring import open_app

RATE, SECONDS, LONG_SECONDS, WARM_SECONDS = 300, 15.0, 60.0, 4.0
P99_MS, VISIBLE_MS = 25.0, 1000.0
WORKSPACES, PEOPLE = 4, 400
LOOK_EACH = 60
"""Of so many requests, one is looked for in the logs."""
LOOK_SECONDS, LOST_SECONDS = 0.02, 10.0
TICK_SECONDS = 0.002
ACCEPTED = 202


@dataclass(slots=True)
class Course:
    """What became of the requests of one stretch."""

    session: aiohttp.ClientSession
    keys: list[str]
    run: str
    latencies: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    async def post(self, number: int) -> None:
        workspace = number % len(self.keys)
        headers = {"Authorization": f"Bearer {self.keys[workspace]}", "Idempotency-Key": f"{self.run}-{number}"}
        body = {"to": f"+1556{number * 7919 % PEOPLE:07d}", "type": "text", "text": {"body": f"Order {number}"}}
        begun = elapsed_seconds()
        async with self.session.post("/v1/messages", json=body, headers=headers) as answer:
            await answer.read()
            ended = elapsed_seconds()
            self.statuses[answer.status] += 1
            self.latencies.append(ended - begun)
            if number % LOOK_EACH == 0:
                await self._look(answer.headers["Request-Id"], headers, ended)

    async def _look(self, request: str, headers: dict[str, str], answered: float) -> None:
        while elapsed_seconds() - answered < LOST_SECONDS:
            async with self.session.get(f"/v1/api-logs/{request}", headers=headers) as answer:
                if answer.ok:
                    break
            await asyncio.sleep(LOOK_SECONDS)
        self.visible.append(elapsed_seconds() - answered)

    async def at_rate(self, rate: float, seconds: float) -> None:
        begun, tasks = elapsed_seconds(), list[asyncio.Task[None]]()
        while (passed := elapsed_seconds() - begun) < seconds:
            tasks += [asyncio.create_task(self.post(n)) for n in range(len(tasks), int(passed * rate))]
            await asyncio.sleep(TICK_SECONDS)
        await asyncio.gather(*tasks)


async def run(options: Options) -> list[Finding]:
    rate, seconds = options.rate or RATE, options.seconds or (LONG_SECONDS if options.long else SECONDS)
    graph = Graph(lambda _: None, run=new_uuid().hex[-8:].encode())
    await graph.start()
    try:
        async with open_stack(graph.url) as stack:
            workspaces = await furnish(stack.settings, Crowd(workspaces=WORKSPACES, customers=WORKSPACES))
            keys = await _keys(stack, workspaces)
            stack.wrap = profiled(options)
            if stack.wrap:
                await count_statements(stack)
            await start_all(stack)
            found = await _measured(stack, keys, rate, seconds)
            if stack.wrap:
                await tell_statements(stack)
        tell_python(stack.wrap)  # after the stack ended: it is then that profiles are written
        return found
    finally:
        graph.close()


async def _keys(stack: Stack, workspaces: list[WorkspaceId]) -> list[str]:
    made = []
    async with open_app(stack.settings) as app:
        for workspace in workspaces:
            async with app.units.begin(workspace) as unit:
                made.append((await create_key(unit, KeyDesk(app.keys, app.routes), KeyTerms(name="bench"))).secret)
    return made


async def _measured(stack: Stack, keys: list[str], rate: float, seconds: float) -> list[Finding]:
    async with AsyncExitStack() as exits:
        connector = aiohttp.TCPConnector(limit=0)
        base = f"http://127.0.0.1:{stack.settings.port}"
        session = await exits.enter_async_context(aiohttp.ClientSession(base, connector=connector))
        await Course(session, keys, "warm").at_rate(rate, WARM_SECONDS)
        course, used = Course(session, keys, "run"), stack.usage()
        await course.at_rate(rate, seconds)
        cpu = stack.usage().since(used, len(course.latencies))
    told, seen = summary(course.latencies), summary(course.visible)
    refused = {status: count for status, count in course.statuses.items() if status != ACCEPTED}
    details = {"latency": told, "visible": seen, "cpu": cpu, "statuses": dict(course.statuses)}
    return [
        Finding(
            what=f"POST /v1/messages, {rate:g}/s, logs, idempotency and rate limits on",
            figure=f"p50 {told['p50']:.1f}, p99 {told['p99']:.1f} ms" + (f"; refused {refused}" if refused else ""),
            aim=f"p99 <= {P99_MS:.0f} ms",
            met=told["p99"] <= P99_MS and not refused,
            details=details,
        ),
        Finding(
            what="a request is found in the API's logs",
            figure=f"p50 {seen['p50']:.0f}, max {seen['max']:.0f} ms",
            aim=f"<= {VISIBLE_MS:.0f} ms",
            met=seen["max"] <= VISIBLE_MS,
            details=details,
        ),
    ]
