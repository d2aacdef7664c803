"""`parley flow record`: a session as a conversation for `parley flow test`."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from parley.entrypoints.cli.ids import SESSION, WORKSPACE
from parley.entrypoints.cli.words import Command, Said, run, settings, warn

if TYPE_CHECKING:
    from parley.modules.flows import Transcript


@click.command(cls=Command)
@click.argument("session", type=SESSION)
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose session it is.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, instead of the terminal.")
def record(session: UUID, workspace: UUID, output: Path | None) -> Said:
    """Write a recorded SESSION down for `parley flow test`, with stand-ins for everything personal."""
    from parley.modules.flows import write_yaml

    found = run(_written_down(session, workspace))
    if not found.faithful:
        warn("With the stand-ins it goes another way than the session did; look it through.")
    text = write_yaml(found.table)
    if output is not None:
        output.write_text(text, encoding="utf-8")
    people = text.splitlines() if output is None else [f"{output} written; look it through before you keep it."]
    return Said(machine={"yaml": text, "faithful": found.faithful}, people=people)


async def _written_down(session: UUID, workspace: UUID) -> "Transcript":
    from parley.entrypoints.installation import check_workspace, installation
    from parley.modules.flows import Replays, Shelf

    async with installation(settings()) as app:
        await check_workspace(app, workspace)
        async with app.units.begin(workspace) as unit:
            return await Replays(app.people, Shelf(app.units, app.keys)).write_down(unit, session)
