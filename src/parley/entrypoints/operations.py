"""What operators and machines ask: alive, ready, and the numbers."""

from collections import defaultdict

import asyncpg

from parley.core.errors import Unavailable
from parley.core.time import now
from parley.entrypoints.ingress import Receive, Scope, Send
from parley.entrypoints.prepare import schema_is_current
from parley.kit.database import AWAY
from parley.kit.processes_table import read_counters
from parley.kit.telemetry import counters
from parley.modules.channels import backlog
from parley.modules.conversations import outbox_depth, unsure_count
from parley.modules.media import media_waiting
from parley.modules.webhooks import webhooks_waiting
from parley.wiring import App

_LANES = {0: "interactive", 1: "bulk"}


class Operations:
    """Answers /healthz, /readyz and /metrics."""

    PATHS = ("/healthz", "/readyz", "/metrics")

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/healthz":
            status, kind, text = 200, b"application/json", b'{"status":"ok"}'
        elif path == "/readyz":
            status, kind, text = await self._ready()
        else:
            status, kind, text = 200, b"text/plain; version=0.0.4; charset=utf-8", await self._metrics()
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(text))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": text})

    async def _ready(self) -> tuple[int, bytes, bytes]:
        try:
            current = await schema_is_current(self._app.settings)
        except (*AWAY, asyncpg.PostgresError):
            return 503, b"application/json", b'{"status":"database_away"}'
        if not current:
            return 503, b"application/json", b'{"status":"migrations_pending","mend":"parley migrate"}'
        return 200, b"application/json", b'{"status":"ready"}'

    async def _metrics(self) -> bytes:
        lines: list[str] = []
        try:
            async with self._app.units.begin(lane="claim") as unit:
                waiting = await backlog(unit)
                outbox = await outbox_depth(unit, now())
                unsure = await unsure_count(unit)
                files, oldest = await media_waiting(unit, now())
                webhooks, latest = await webhooks_waiting(unit, now())
                counted = await read_counters(unit.connection)
        except Unavailable:
            return b"# the database is away\nparley_up 0\n"
        for name, value in counters.snapshot().items():
            counted[name] = counted.get(name, 0) + value
        lines.append("parley_up 1")
        lines.append(f"parley_ingest_waiting {waiting.waiting}")
        lines.append(f"parley_ingest_lag_seconds {waiting.age:.3f}")
        lines.append(f"parley_ingest_unrouted {waiting.unrouted}")
        lines.append(f"parley_ingest_failed {waiting.failed}")
        for priority, name in _LANES.items():
            depth, age = outbox.get(priority, (0, 0.0))
            lines.append(f'parley_queue_depth{{lane="{name}"}} {depth}')
            lines.append(f'parley_queue_age_seconds{{lane="{name}"}} {age:.3f}')
        lines.append(f"parley_messages_unsure {unsure}")
        lines.append(f'parley_queue_depth{{lane="media"}} {files}')
        lines.append(f'parley_queue_age_seconds{{lane="media"}} {oldest:.3f}')
        lines.append(f'parley_queue_depth{{lane="webhooks"}} {webhooks}')
        lines.append(f'parley_queue_age_seconds{{lane="webhooks"}} {latest:.3f}')
        lines.append(f"parley_pool_connections {self._app.content.in_use}")
        lines += _counted(counted)
        return ("\n".join(lines) + "\n").encode()


def _counted(counted: dict[str, float]) -> list[str]:
    by_name: dict[str, dict[str, float]] = defaultdict(dict)
    for key, value in counted.items():
        name, _, label = key.partition("|")
        by_name[name][label] = value
    lines = []
    for name in sorted(by_name):
        lines.append(f"# TYPE parley_{name}_total counter")
        for label, value in sorted(by_name[name].items()):
            lines.append(f'parley_{name}_total{{outcome="{label}"}} {value:g}')
    return lines
