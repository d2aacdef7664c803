"""The flow engine alone: a sprint of ten nodes; and a thousand customers whose time runs out in the same second."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import asyncpg

from bench.findings import Finding
from bench.furnish import furnish
from bench.options import Options
from bench.poster import Poster
from bench.stack import open_stack, start_all
from bench.traffic import Crowd, Traffic
from parley.core.ids import WorkspaceId, new_uuid
from parley.core.json import JsonObject
from parley.core.time import elapsed_seconds, now
from parley.kit.settings import Settings
from parley.modules.flows import import_flow
from parley.modules.flows.engine import ContactView, Input, Trigger, World, encode, read_definition, record, start
from parley.wiring import open_app

SPRINTS = 2_000
MILLISECONDS = 1.0
CUSTOMERS = 1_000
SECONDS = 2.0
AHEAD = 3.0
"""The time-outs are due so long after they are set."""
PATIENCE = 60.0


async def run(_options: Options) -> list[Finding]:
    return [_sprint(), await _time_outs()]


def _sprint() -> Finding:
    definition = read_definition(_ten_nodes())
    view = ContactView(id="con_1", name="Ada", language="es", fields={"city": "Rome", "orders": 4})
    world = World(now=datetime(2026, 11, 23, 12, tzinfo=UTC), contact=view, conversation_id="cnv_1", channel_id="chn_1")
    trigger = Trigger(reason="bench", input=Input("where is order 4711?"))
    begun = time.process_time()
    for _ in range(SPRINTS):
        sprint = start(definition, trigger, world)
        assert sprint.session is not None
        encode(sprint.session)
        record(trigger, world, sprint)
    milliseconds = (time.process_time() - begun) / SPRINTS * 1000
    return Finding(
        what="a sprint of 10 nodes without I/O, its state and its record",
        figure=f"{milliseconds:.3f} ms CPU",
        aim=f"<= {MILLISECONDS:.0f} ms",
        met=milliseconds <= MILLISECONDS,
    )


def _ten_nodes() -> JsonObject:
    nodes: dict[str, JsonObject] = {
        "n0": {"type": "set", "vars": {"name": "{{ contact.name }}", "n": 1}, "next": "n1"},
        "n1": {"type": "message", "text": "Hello {{ vars.name }} of {{ fields.city }}!", "next": "n2"},
        "n2": {"type": "branch", "cases": [{"has_number": True, "save": "order", "next": "n3"}], "other": "n9"},
        "n3": {"type": "split", "ways": [{"name": "a", "next": "n4"}, {"name": "b", "next": "n4"}]},
        "n4": {"type": "business_hours", "hours": "office", "open": "n5", "closed": "n5"},
        "n5": {"type": "set", "vars": {"n": "{{ vars.n | plus: 1 }}"}, "fields": {"x": "{{ vars.n }}"}, "next": "n6"},
        "n6": {"type": "branch", "value": "{{ fields.orders }}", "cases": [{"more_than": 3, "next": "n7"}]},
        "n7": {"type": "message", "text": "Order {{ vars.order }}, as of {{ now | date: '%H:%M' }}", "next": "n8"},
        "n8": {"type": "set", "add_tags": ["asked"], "next": "n9"},
        "n9": {"type": "buttons", "text": "Anything else?", "buttons": [{"title": "Yes"}, {"title": "No"}]},
    }  # fmt: skip
    hours = {"office": {"week": {"monday": ["09:00-17:00"]}}}
    words = {"es": {"n9": {"text": "¿Algo más?", "buttons": {"1": "Sí"}}}}
    flow: JsonObject = {"schema": 2, "id": "ten", "name": "Ten", "start": "n0", "nodes": nodes}
    return {**flow, "hours": hours, "translations": words}


WAITS: JsonObject = {
    "schema": 2,
    "id": "echo",
    "name": "Waits",
    "triggers": {"default": True},
    "start": "ask",
    "nodes": {
        "ask": {"type": "ask", "text": "Echo: {{ input.text }}", "timeout": {"after": "1h", "next": "late"}},
        "late": {"type": "end", "text": "Are you still there?"},
    },
}


async def _time_outs() -> Finding:
    traffic = Traffic(
        Crowd(workspaces=10, customers=CUSTOMERS, new_each=0), with_statuses=False, run=new_uuid().hex[-8:]
    )
    await traffic.graph.start()
    try:
        async with open_stack(traffic.graph.url) as stack:
            await _publish(stack.settings, await furnish(stack.settings, traffic.crowd))
            await start_all(stack)
            traffic.poster = Poster(stack.webhook_url)
            await traffic.poster.start()
            await traffic.at_rate(CUSTOMERS / 4, 4)
            await traffic.drain()
            seconds, left = await _fire(stack.postgres.url("parley"))
            await _said(traffic)
            traffic.poster.close()
    finally:
        traffic.graph.close()
    return Finding(
        what=f"{CUSTOMERS} time-outs due in the same second: all fired after",
        figure=f"{seconds:.2f} s" + (f", {left} left" if left else ""),
        aim=f"<= {SECONDS:.0f} s",
        met=not left and seconds <= SECONDS,
    )


async def _said(traffic: Traffic) -> None:
    """Let the last words be sent, so that nobody is cut off when all is stopped."""
    begun = elapsed_seconds()
    while traffic.counts.foreign < CUSTOMERS and elapsed_seconds() - begun < PATIENCE:  # noqa: ASYNC110 - a count is watched
        await asyncio.sleep(0.05)


async def _publish(settings: Settings, workspaces: list[WorkspaceId]) -> None:
    async with open_app(settings) as app:
        for workspace in workspaces:
            async with app.units.begin(workspace) as unit:
                await import_flow(unit, app.keys, WAITS, publish=True)


async def _fire(url: str) -> tuple[float, int]:
    """Let all waiting sessions' time be up at once; how long after that the last one's flow had gone on."""
    connection = await asyncpg.connect(url)
    try:
        waiting = await connection.fetchval("select count(*) from session")
        assert waiting == CUSTOMERS, waiting
        due = elapsed_seconds() + AHEAD
        await connection.execute("update session set timer_at = $1", now() + timedelta(seconds=AHEAD))
        await asyncio.sleep(AHEAD)
        while waiting and elapsed_seconds() - due < PATIENCE:
            await asyncio.sleep(0.01)
            waiting = await connection.fetchval("select count(*) from session")
        return elapsed_seconds() - due, waiting
    finally:
        await connection.close()
