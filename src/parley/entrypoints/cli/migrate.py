"""`parley migrate`: the schema brought to this version."""

import click

from parley.entrypoints.cli.words import Command, Said, run, settings


@click.command(cls=Command)
def migrate() -> Said:
    """Bring the database from any earlier version to this one, in one hop. Safe to repeat."""
    return run(_migrate())


async def _migrate() -> Said:
    from parley.entrypoints.installation import running_database
    from parley.entrypoints.prepare import prepare

    wanted = settings()
    async with running_database(wanted):
        applied = await prepare(wanted)
    people = [f"Applied {each}" for each in applied] or ["The database is at this version already; nothing to do."]
    return Said(machine={"applied": applied}, people=people)
