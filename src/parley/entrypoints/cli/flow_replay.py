"""`parley flow replay`: recorded sessions run again."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from parley.core.json import JsonObject
from parley.entrypoints.cli.flow_files import document_in
from parley.entrypoints.cli.ids import SESSION, WORKSPACE
from parley.entrypoints.cli.words import Command, Said, run, settings

if TYPE_CHECKING:
    from parley.modules.flows import Compared

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SESSIONS = 20


@click.command(cls=Command)
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose sessions they are.")
@click.option("--session", type=SESSION, help="One session.")
@click.option("--flow", help="The newest sessions of the flow with this id.")
@click.option("--against", type=FILE, help="Run them on the flow in this file and show what would change.")
@click.option("--limit", default=SESSIONS, type=click.IntRange(1, 1000), show_default=True, help="With --flow.")
def replay(workspace: UUID, session: UUID | None, flow: str | None, against: Path | None, limit: int) -> Said:
    """Run recorded sessions again, nothing sent. On their own version all must be the same: else exit 1."""
    if (session is None) == (flow is None):
        raise click.UsageError("Name either --session or --flow.")
    return run(_replay(workspace, session or flow or "", against, limit))


async def _replay(workspace: UUID, wanted: UUID | str, against: Path | None, limit: int) -> Said:
    from parley.entrypoints.installation import check_workspace, installation
    from parley.modules.flows import Replays, Shelf

    document = None if against is None else document_in(against)
    async with installation(settings()) as app:
        await check_workspace(app, workspace)
        replays = Replays(app.people, Shelf(app.units, app.keys))
        async with app.units.begin(workspace) as unit:
            sessions = [wanted] if isinstance(wanted, UUID) else await replays.newest(unit, wanted, limit)
            compared = [await replays.compare(unit, each, document) for each in sessions]
    return _said(compared, must_equal=against is None)


def _said(compared: "list[Compared]", *, must_equal: bool) -> Said:
    from parley.core.ids import public

    machine: list[JsonObject] = []
    people: list[str] = []
    for each in compared:
        name = public("ses", each.session)
        machine.append({"id": name, "sprints": each.sprints, "same": each.same, "changes": list(each.changes)})
        people.append(f"{name}: {each.sprints} sprints, {'the same' if each.same else 'different'}")
        people += [f"  {line}" for line in each.changes]
    same = sum(each.same for each in compared)
    people.append(f"{same} of {len(compared)} sessions the same.")
    return Said(machine={"sessions": machine, "same": same}, people=people, ok=not must_equal or same == len(compared))
