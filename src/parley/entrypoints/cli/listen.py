"""`parley listen`: what happens, as webhooks tell it, in the terminal or handed on to a program on this machine."""

from pathlib import Path

import click

from parley.entrypoints.cli.api import KEY, KEY_FILE, URL, here, key_in
from parley.entrypoints.cli.words import Command, Said, run, wants_json


@click.command(cls=Command)
@click.option("--event", "events", multiple=True, metavar="TYPE", help="Only these types, as `message.*`.")
@click.option("--forward", metavar="URL", help="Hand each webhook on to a program of yours, headers and all.")
@KEY_FILE
@KEY
@URL
def listen(
    events: tuple[str, ...], forward: str | None, key_file: Path | None, key: str | None, url: str | None
) -> Said:
    """Make a webhook endpoint on this machine, show what it is told, and take it away at the end (Ctrl-C).

    For development: Parley must be allowed to call this machine, as under `parley up` with the simulator.
    """
    from parley.entrypoints.listening import Listening, listen_until_stopped

    wanted = Listening(
        url=url or here(),
        key=key_in(key_file) if key_file else key,
        event_types=events or ("*",),
        forward=forward,
        as_json=wants_json(),
    )
    count = run(listen_until_stopped(wanted))
    return Said(machine={"received": count}, people=[], hints=[f"{count} received; the endpoint is gone again."])
