"""A web node: ingress, REST, health and metrics in one ASGI application."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import cast

import uvicorn

from parley.entrypoints.graph.address import is_ours
from parley.entrypoints.graph.app import make_facade
from parley.entrypoints.http.app import make_api
from parley.entrypoints.ingress import PATH, Ingress, Receive, Scope, Send
from parley.entrypoints.operations import Operations
from parley.entrypoints.short_cut import ShortCut
from parley.entrypoints.vitals import report_vitals
from parley.kit.collector import calm_collector
from parley.kit.settings import Settings
from parley.kit.telemetry import set_up_logs
from parley.kit.wake import Listener
from parley.modules.channels import Intake
from parley.wiring import App, open_app

GRACE_SECONDS = 10
"""Requests under way at a clean stop may take this long."""
BACKLOG = 2048
"""Connections that may wait to be accepted while the loop is busy."""


class Web:
    """Dispatches by path: the hot paths first, everything else to the REST application."""

    def __init__(self, app: App, ingress: Ingress) -> None:
        self._ingress = ingress
        self._operations = Operations(app)
        self._api = make_api(app)
        self._facade = make_facade(app, self._api.state.edge)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["path"] == PATH:
                return await self._ingress(scope, receive, send)
            if scope["path"] in Operations.PATHS:
                return await self._operations(scope, receive, send)
            if is_ours(scope["path"]):
                return await self._facade(scope, receive, send)
        return await self._api(scope, receive, send)


def config_of(settings: Settings, web: Web, ingress: Ingress) -> uvicorn.Config:
    """How uvicorn serves them."""
    return uvicorn.Config(
        web,
        host=settings.host,
        port=settings.port,
        loop="none",
        http=cast("type[asyncio.Protocol]", partial(ShortCut, ingress)),
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=65,
    )


async def serve(settings: Settings) -> None:
    """Run a web node until it is told to stop."""
    set_up_logs("web", form=settings.log_format, level=settings.log_level)
    async with open_app(settings) as app:
        intake = Intake(app.content, app.installation_key)
        intake.start()
        listener = Listener(app.addresses.content, app.wake, app.process)
        tasks = [asyncio.create_task(listener.run()), asyncio.create_task(report_vitals(app, "web"))]
        tasks += [asyncio.create_task(app.key_uses.run()), asyncio.create_task(app.allowances.run(app.process))]
        ingress = Ingress(app.settings, intake)
        recording = asyncio.create_task(app.recorder.run())
        calm_collector()
        try:
            await uvicorn.Server(config_of(settings, Web(app, ingress), ingress)).serve()
        finally:
            await intake.stop()
            await app.recorder.stop(recording)
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks, return_exceptions=True)
