"""`parley up`: everything in one."""

import json

import click

from parley.entrypoints.cli.words import Command, run, settings, wants_json


@click.command(cls=Command)
@click.option("--no-demo", is_flag=True, help="Without the demo workspace.")
@click.option("--no-sim", is_flag=True, help="Without the simulated WhatsApp: talk to Meta.")
def up(*, no_demo: bool, no_sim: bool) -> None:
    """Run the whole platform: database, web, workers, simulated WhatsApp, demo workspace. Ctrl-C stops it."""
    from parley.entrypoints.ready import Ready
    from parley.entrypoints.up import Wanted, run_platform

    as_json = wants_json()

    def report(sentence: str) -> None:
        click.echo(sentence, err=True)

    def announce(ready: Ready) -> None:
        if as_json:
            click.echo(json.dumps(ready.machine()))
        else:
            click.echo("\n".join(ready.people()))

    run(run_platform(settings(), Wanted(demo=not no_demo, simulator=not no_sim), report=report, announce=announce))
