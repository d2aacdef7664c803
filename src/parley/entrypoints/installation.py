"""The installation for one short command: its database running, its schema current, the application open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from parley.core.errors import NotFound, ParleyError
from parley.core.ids import public
from parley.entrypoints.prepare import prepare
from parley.kit.postgres import running_cluster
from parley.kit.settings import Settings
from parley.kit.telemetry import set_up_logs
from parley.modules.accounts import workspace_ids
from parley.wiring import App, open_app


class NoInstallation(ParleyError):
    code = "no_installation"


@asynccontextmanager
async def running_database(settings: Settings, *, may_create: bool = True) -> AsyncIterator[None]:
    """The database, running: a server's by URL, or the embedded one, started for the time being if nobody runs it."""
    set_up_logs("cli", form=settings.log_format, level="warning")
    if settings.database_url is not None:
        yield
        return
    if not may_create and not (settings.data_dir / "postgres" / "data").is_dir():
        raise NoInstallation(
            f"There is no Parley in {settings.data_dir.resolve()} yet. Run this where `parley up` runs, set "
            "PARLEY_DATA_DIR to its data folder, or begin with `parley up`."
        )
    async with running_cluster(settings.data_dir):
        yield


@asynccontextmanager
async def installation(settings: Settings, *, may_create: bool = False) -> AsyncIterator[App]:
    """The application on a current schema. Raises ParleyError with what to do."""
    async with running_database(settings, may_create=may_create):
        await prepare(settings)
        async with open_app(settings) as app:
            yield app


async def check_workspace(app: App, workspace: UUID) -> None:
    """Raises NotFound when there is no such workspace."""
    async with app.units.begin(lane="route") as unit:
        known = await workspace_ids(unit)
    if workspace not in known:
        raise NotFound(
            f"There is no workspace {public('wks', workspace)} in this installation. `parley workspace list` shows "
            "those there are; `parley workspace create` makes one."
        )
