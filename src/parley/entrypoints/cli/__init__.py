"""`parley`: the command line. One file a group; what a command needs it imports when it runs."""

import gc
import os
import sys
import traceback
from collections.abc import Sequence

import click

from parley.core.errors import ParleyError
from parley.entrypoints.cli import words
from parley.entrypoints.cli.api import api
from parley.entrypoints.cli.channel import channel
from parley.entrypoints.cli.doctor import doctor
from parley.entrypoints.cli.flow import flow
from parley.entrypoints.cli.key import key
from parley.entrypoints.cli.listen import listen
from parley.entrypoints.cli.migrate import migrate
from parley.entrypoints.cli.nodes import serve, work
from parley.entrypoints.cli.sim import sim
from parley.entrypoints.cli.up import up
from parley.entrypoints.cli.workspace import workspace


@click.group(cls=words.Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="parley", message="%(prog)s %(version)s")
def parley() -> None:
    """Conversations of businesses over WhatsApp, automated on your own machine.

    Start with `parley up`: the whole platform with a simulated WhatsApp and a demo workspace.
    Settings are environment variables, PARLEY_…, or lines of the file .env.
    """


for each in (up, serve, work, sim, migrate, doctor, workspace, key, channel, flow, api, listen):
    parley.add_command(each)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. Whatever goes wrong is told, never raised."""
    as_json = "--json" in arguments
    try:
        return _done(parley.main(args=list(arguments), prog_name="parley", standalone_mode=False), as_json=as_json)
    except click.ClickException as error:
        return words.misused(error, as_json=as_json)
    except ParleyError as error:
        return words.fail(error, as_json=as_json)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except (KeyboardInterrupt, click.Abort, BrokenPipeError):
        return words.FAILED
    except Exception as error:  # noqa: BLE001 - the last place where it can be told
        traceback.print_exc()
        return words.broke(error, as_json=as_json)


def _done(result: object, *, as_json: bool) -> int:
    if isinstance(result, words.Said):
        words.tell(result, as_json=as_json)
        return 0 if result.ok else words.FAILED
    return result if isinstance(result, int) else 0


def main() -> None:
    """The program `parley`."""
    gc.disable()
    # Where rich happens to be installed, structlog loads it to colour tracebacks that we write plainly: 0.2 s a start.
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # how Python marks a module as not to be had
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or words.FAILED
    # Threads of the HTTP library may abort an interpreter that takes itself apart; everything of ours is closed by now.
    os._exit(code)


__all__ = ["main", "parley", "run"]
