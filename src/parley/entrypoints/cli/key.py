"""`parley key`: API keys of a workspace."""

from uuid import UUID

import click

from parley.entrypoints.cli.ids import WORKSPACE
from parley.entrypoints.cli.words import Group, Said, run, settings


@click.group(cls=Group)
def key() -> None:
    """API keys, with which programs act for a workspace."""


@key.command()
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose key it is.")
@click.option("--name", required=True, help="What it is for, to know it again.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="What it may do, as `messages:write`; more than once. `*`, the default, is everything.",
)
def create(workspace: UUID, name: str, scopes: tuple[str, ...]) -> Said:
    """Make an API key. It is shown this once and stored nowhere."""
    return run(_create(workspace, name, scopes or ("*",)))


async def _create(workspace: UUID, name: str, scopes: tuple[str, ...]) -> Said:
    from parley.core.ids import public
    from parley.entrypoints.installation import check_workspace, installation
    from parley.modules.accounts import create_key

    async with installation(settings()) as app:
        await check_workspace(app, workspace)
        async with app.units.begin(workspace) as unit:
            made = await create_key(unit, app.keys, name, scopes)
    return Said(
        machine={"id": public("key", made.id), "key": made.secret},
        hints=["Keep the key: it is shown this once. Programs send it as `Authorization: Bearer …`."],
    )
