"""`parley up`: the whole platform as processes of this machine, with a simulated WhatsApp and a demo if wished."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parley.core.errors import Conflict, Refused
from parley.core.time import elapsed_seconds
from parley.entrypoints.demo import Demo, recall, shop_url
from parley.entrypoints.local import (
    DEMO_ACCOUNT_ID,
    DEMO_NUMBER,
    DEMO_NUMBER_ID,
    SimSecrets,
    listening_host,
    sim_secrets,
    sim_url,
    web_url,
)
from parley.entrypoints.prepare import prepare
from parley.entrypoints.ready import Ready
from parley.entrypoints.supervise import Stack, supervise
from parley.entrypoints.supervision.child import Child
from parley.entrypoints.supervision.probes import answers, is_free
from parley.kit.only_one import only_one
from parley.kit.postgres import EmbeddedPostgres
from parley.kit.processes import Report
from parley.kit.settings import Settings

LEFTOVER_SECONDS = 20.0
"""After a kill -9 of `parley up` its children finish their work and end; their ports are waited for so long."""
LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What `parley up` is to run besides web and workers."""

    demo: bool
    simulator: bool


async def run_platform(
    settings: Settings, wanted: Wanted, *, report: Report, announce: Callable[[Ready], None]
) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP. Raises ParleyError with what to do when it can't start."""
    begun = elapsed_seconds()
    settings = settings.model_copy(update={"data_dir": settings.data_dir.resolve()})
    _check(settings, wanted)
    platform = _Platform(settings, wanted, report)
    with only_one(settings.data_dir / "up.lock", what=f"Parley already runs with {settings.data_dir}") as unclean:
        await _wait_for_ports(settings, wanted, patience=LEFTOVER_SECONDS if unclean else 0.0)

        async def ready() -> None:
            announce(platform.ready(elapsed_seconds() - begun))

        await supervise(
            Stack(
                database=None
                if settings.database_url is not None
                else EmbeddedPostgres(settings.data_dir, report=report),
                prepare=platform.prepare,
                report=report,
                announce=ready,
            )
        )


def _check(settings: Settings, wanted: Wanted) -> None:
    if wanted.simulator and settings.env == "production":
        raise Refused("The simulator is never started in production: run `parley up --no-sim`, or unset PARLEY_ENV.")
    if wanted.simulator and settings.port == settings.sim_port:
        raise Refused(f"PARLEY_PORT and PARLEY_SIM_PORT are both {settings.port}; give web and simulator a port each.")


async def _wait_for_ports(settings: Settings, wanted: Wanted, *, patience: float) -> None:
    """Raises Conflict when a port stays taken, or the address is none of this machine."""
    ports = [("PARLEY_PORT", settings.host, settings.port)]
    if wanted.simulator:
        ports.append(("PARLEY_SIM_PORT", "127.0.0.1", settings.sim_port))
    begun = elapsed_seconds()
    for name, host, port in ports:
        while not _is_free(host, port):
            if elapsed_seconds() - begun > patience:
                raise Conflict(
                    f"Port {port} on {host} is taken by another program. Stop that, or choose another port: "
                    f"{name}={port + 10} parley up",
                    code="port_taken",
                )
            await asyncio.sleep(LOOK_SECONDS)


def _is_free(host: str, port: int) -> bool:
    try:
        return is_free(host, port)
    except OSError as error:
        raise Conflict(
            f"Parley can't listen on {host} port {port}: {error.strerror}. Set PARLEY_HOST to an address of this "
            "machine, and PARLEY_PORT to a port above 1023.",
            code="cannot_listen",
        ) from None


class _Platform:
    """What is to run, given the settings and the wishes."""

    def __init__(self, settings: Settings, wanted: Wanted, report: Report) -> None:
        self._wanted = wanted
        self._report = report
        self._demo: Demo | None = None
        self._secrets: SimSecrets | None = sim_secrets(settings) if wanted.simulator else None
        self._settings = _with_simulator(settings, self._secrets) if self._secrets else settings

    async def prepare(self) -> Sequence[Child]:
        """Bring the database to this version, seed the demo; the children to run."""
        for each in await prepare(self._settings):
            self._report(f"Applied migration {each}.")
        if self._wanted.demo:
            self._demo = await _demo(self._settings)
        if not self._settings.app_secrets:
            self._report(
                "PARLEY_META_APP_SECRET is not set, so every webhook will be refused with 401. "
                "Set it to the app secret of your Meta app."
            )
        return self._children()

    def ready(self, seconds: float) -> Ready:
        return Ready(
            url=self._settings.public_url or web_url(self._settings),
            sim_url=sim_url(self._settings) if self._wanted.simulator else None,
            demo=self._demo,
            seconds=seconds,
        )

    def _children(self) -> list[Child]:
        environment = self._environment()
        settings = self._settings
        children = [
            Child(
                name="web",
                command=_parley("serve"),
                environment=environment,
                ready=answers(listening_host(settings), settings.port, "/readyz"),
            )
        ]
        for number in range(1, settings.workers + 1):
            name = "worker" if settings.workers == 1 else f"worker {number}"
            children.append(Child(name=name, command=_parley("work"), environment=environment))
        if self._wanted.simulator:
            children.append(
                Child(
                    name="simulator",
                    command=_parley("sim", *self._businesses()),
                    environment=environment,
                    ready=answers("127.0.0.1", settings.sim_port, "/sim/state"),
                    stop_seconds=5.0,
                )
            )
        return children

    def _businesses(self) -> tuple[str, ...]:
        return ("--business", f"{DEMO_NUMBER_ID},{DEMO_ACCOUNT_ID},{DEMO_NUMBER}") if self._wanted.demo else ()

    def _environment(self) -> dict[str, str]:
        environment = {"PARLEY_DATA_DIR": str(self._settings.data_dir)}
        if self._secrets is not None:
            environment |= {
                "PARLEY_GRAPH_URL": self._settings.graph_url,
                "PARLEY_META_APP_SECRET": self._settings.meta_app_secret or "",
                "PARLEY_META_VERIFY_TOKEN": self._secrets.verify_token,
                "PARLEY_WEBHOOKS_ALLOW_PRIVATE": "1",
            }
        return environment


async def _demo(settings: Settings) -> Demo:
    known = await recall(settings)
    if known is not None and known.shop_url == shop_url(settings):
        return known
    # Imported only now: a second start has nothing to seed and should not wait for all the rooms.
    from parley.entrypoints.seed_demo import seed_demo  # noqa: PLC0415
    from parley.kit.telemetry import set_up_logs  # noqa: PLC0415

    set_up_logs("up", form=settings.log_format, level=settings.log_level)
    return await seed_demo(settings, known)


def _with_simulator(settings: Settings, secrets: SimSecrets) -> Settings:
    return settings.model_copy(
        update={
            "graph_url": sim_url(settings),
            "meta_app_secret": settings.meta_app_secret or secrets.app_secret,
            "meta_verify_token": secrets.verify_token,
            "webhooks_allow_private": True,
        }
    )


def _parley(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "parley.entrypoints.cli", *arguments)
