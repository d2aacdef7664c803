"""A worker node: the lanes that read deliveries, send messages, run flows, tell webhooks and take care."""

import asyncio
import signal
from collections.abc import Sequence

import structlog

from parley.adapters.documents.readers import READERS
from parley.adapters.mail.post import Post
from parley.adapters.web.messenger import WebMessenger
from parley.adapters.web.requests import WebRequests
from parley.adapters.whatsapp.webhooks import payload
from parley.core.errors import InvalidInput, Unavailable
from parley.core.time import now
from parley.entrypoints.vitals import report_vitals
from parley.kit.collector import calm_collector
from parley.kit.database import AWAY
from parley.kit.lanes import Lane
from parley.kit.settings import Settings
from parley.kit.telemetry import set_up_logs
from parley.kit.wake import Listener
from parley.modules.accounts import sweep_grants, sweep_requests
from parley.modules.channels import PLANNED, Queue
from parley.modules.contacts import ImportWorker, warm_up
from parley.modules.conversations import Deliverer, Floors, Reader, Reconciler, Scheduler, Sender, Settler, Sweeper
from parley.modules.flows import (
    ContactDesk,
    FlowLogSweeper,
    KnowledgeSearch,
    QuietWindows,
    Resuming,
    SessionDesk,
    Starting,
    StepCounter,
)
from parley.modules.flows.ports import Performer
from parley.modules.knowledge import KnowledgeWorker
from parley.modules.media import Fetching, MediaFetcher, MediaSweeper
from parley.modules.partners import LogKeeper
from parley.modules.templates import Syncing
from parley.modules.webhooks import Delivering, FanOut, Handshaking, WebhookDeliverer, WebhookSweeper
from parley.wiring import App, open_app

LANES = ("read", "send", "flows", "knowledge", "media", "contacts", "webhooks", "maintenance")
"""What `parley work --lanes` may name."""

SETTLING = ("settle", "webhook_settle")
"""Lanes that go on at a clean stop until what is under way is written down."""
STATUS_SECONDS = 0.05
"""Statuses gather this long: nobody waits for one, and a large batch is cheaper than many small ones."""
BESIDE_SECONDS = 5.0
"""The second reader is called when it is needed; it looks by itself only should the first one hang."""
STOP_SECONDS = 5.0
"""At a clean stop a lane's transaction is undone in this time; only then is known what is left to finish."""
FETCH_GRACE_SECONDS = 5.0
"""At a clean stop downloads and webhooks under way may finish in this time; others are begun again later."""

log = structlog.get_logger("parley.worker")


async def work(settings: Settings, wanted: Sequence[str] = LANES) -> None:
    """Run a worker until it is told to stop; posts under way are finished first."""
    unknown = sorted(set(wanted) - set(LANES))
    if unknown:
        raise InvalidInput(f"There is no lane {', '.join(unknown)}; there are {', '.join(LANES)}.")
    set_up_logs("worker", form=settings.log_format, level=settings.log_level)
    async with open_app(settings, plan_once=True) as app:
        worker = _Worker(app)
        lanes = [lane for name in wanted for lane in worker.lanes(name)]
        for lane in lanes:
            app.wake.on(lane.name, lane.wake.set)
        listener = Listener(app.addresses.content, app.wake, app.process)
        tasks = [asyncio.create_task(lane.run(), name=lane.name) for lane in lanes]
        others = [asyncio.create_task(listener.run()), asyncio.create_task(report_vitals(app, "worker"))]
        if "read" in wanted:
            others.append(asyncio.create_task(_warm_up(app)))
        calm_collector()
        log.info("Working.", action="started", lanes=",".join(lane.name for lane in lanes))
        await _until_stopped()
        stopped = [*others, *(task for task in tasks if task.get_name() not in SETTLING)]
        for task in stopped:
            task.cancel()
        await asyncio.wait(stopped, timeout=STOP_SECONDS)
        await worker.drain()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, *others, return_exceptions=True)


async def _warm_up(app: App) -> None:
    """Know those who may write soon. Whoever is not known yet is looked up when they do, so a failure costs no more."""
    try:
        await warm_up(app.units, app.directory, await app.routes.workspaces())
    except (Unavailable, *AWAY) as error:
        log.info("People are looked up as they write.", action="not_warmed_up", error=type(error).__name__)


async def _until_stopped() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


class _Worker:
    """The lanes of one worker, built on demand."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._settler = Settler(app.units, app.keys)
        sender = Sender(app.units, app.people, app.routes, app.drivers, app.media)
        self._deliverer = Deliverer(sender, self._settler)
        self._requests = WebRequests(app.settings)
        self._messenger = WebMessenger(app.settings)
        self._imports = ImportWorker(app.imports, app.directory)
        self._teller = WebhookDeliverer(Delivering(app.units, app.keys, app.desk, self._messenger, payload))
        self._fetcher = MediaFetcher(Fetching(app.units, app.people, app.routes, app.drivers, app.storage))

    def lanes(self, name: str) -> list[Lane]:
        """The loops of one lane's name."""
        match name:
            case "read":
                beside = asyncio.Event()
                return [
                    Lane("intake", self._reader(Queue.PEOPLE, beside).work),
                    Lane("intake_beside", self._reader(Queue.PEOPLE).work, poll=BESIDE_SECONDS, wake=beside),
                    Lane("statuses", self._reader(Queue.STATUSES).work, linger=STATUS_SECONDS, linger_from=1),
                    Lane(PLANNED, self._app.planned.hand_over, poll=1.0),
                ]
            case "send":
                self._app.desk.speaker.taker = self._deliverer
                scheduler = Scheduler(self._app.units, self._app.people, self._app.routes, self._app.desk.speaker)
                return [
                    Lane("scheduled", scheduler.work, poll=1.0),
                    Lane("deliver", self._deliverer.work, wake=self._deliverer.wake),
                    Lane("settle", self._settler.work, wake=self._settler.arrived),
                ]
            case "flows":
                return self._flows()
            case "knowledge":
                app = self._app
                return [Lane("knowledge", KnowledgeWorker(app.units, app.keys, READERS, app.models).work, poll=5.0)]
            case "media":
                return [Lane("media", self._fetcher.work)]
            case "contacts":
                return [Lane("contacts", self._imports.work)]
            case "webhooks":
                return self._webhooks()
        return self._maintenance()

    async def drain(self) -> None:
        """Finish the posts under way and write down what became of them."""
        await self._deliverer.drain()
        await self._fetcher.drain(seconds=FETCH_GRACE_SECONDS)
        await self._teller.drain(seconds=FETCH_GRACE_SECONDS)
        while await self._settler.work() or await self._teller.settler.work():
            pass
        await self._requests.close()
        await self._messenger.close()

    def _flows(self) -> list[Lane]:
        app = self._app
        desk = ContactDesk(app.units, app.directory)
        performers: dict[str, Performer] = {
            "http": self._requests,
            "model": app.models,
            "knowledge": KnowledgeSearch(app.finder),
            "find_contact": desk,
            "update_contact": desk,
            "email": Post(app.settings),
            "start_flow": Starting(app.units, app.directory, SessionDesk(app.desk, app.conversing, app.hands)),
        }
        resuming = Resuming(app.units, app.conversing, app.hands, performers)
        return [
            Lane("effects", resuming.effects),
            Lane("timers", resuming.timers),
            Lane("quiet", QuietWindows(app.units, app.conversing, app.hands).work),
        ]

    def _webhooks(self) -> list[Lane]:
        app, teller = self._app, self._teller
        return [
            Lane("fan_out", FanOut(app.units, app.people).work),
            Lane("webhooks", teller.work, wake=teller.wake),
            Lane("webhook_handshake", Handshaking(app.units, app.keys, self._messenger).work, poll=5.0),
            Lane("webhook_settle", teller.settler.work, wake=teller.settler.arrived),
        ]

    def _reader(self, queue: Queue, beside: asyncio.Event | None = None) -> Reader:
        app = self._app
        return Reader(app.units, app.routes, app.directory, app.drivers, app.installation_key, queue, beside)

    def _maintenance(self) -> list[Lane]:
        app = self._app
        sweeper = Sweeper(app.units, app.keys)
        reconciler = Reconciler(app.units, app.people, app.routes, app.drivers)
        media = MediaSweeper(app.units, app.storage)
        syncing = Syncing(app.units, app.keys, app.routes, app.templates.providers)
        return [
            Lane("stranded", sweeper.strand, poll=1.0),
            Lane("early", sweeper.match_early, poll=0.5),
            Lane("unsure", reconciler.work, poll=5.0),
            Lane("parked", sweeper.forget, poll=3600.0),
            Lane("requests", self._sweep_requests, poll=600.0),
            Lane("expired", media.work, poll=60.0),
            Lane("floors", Floors(app.units).work, poll=15.0),
            Lane("imports", self._imports.sweep, poll=600.0),
            Lane("api_logs", LogKeeper(app.units).work, poll=600.0),
            Lane("flow_log", FlowLogSweeper(app.units).work, poll=600.0),
            Lane("flow_counts", StepCounter(app.units).work, poll=60.0),
            Lane("webhook_age", WebhookSweeper(app.units).work, poll=600.0),
            Lane("templates", syncing.work, poll=30.0),
            Lane("health", app.health.work, poll=30.0),
        ]

    async def _sweep_requests(self) -> int:
        async with self._app.units.begin(lane="sweep") as unit:
            await sweep_requests(unit, now())
            await sweep_grants(unit, now())
        return 0
