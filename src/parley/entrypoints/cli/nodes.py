"""`parley serve` and `parley work`: web and worker nodes apart, any number of each on one database."""

import signal

import click

from parley.entrypoints.cli.words import Command, run, settings


@click.command(cls=Command)
def serve() -> None:
    """Run a web node: webhooks, the REST API, health and metrics."""
    from parley.entrypoints import web

    end_on_signals()
    run(web.serve(settings()))


@click.command(cls=Command)
@click.option(
    "--lanes",
    multiple=True,
    metavar="A,B",
    help="Only these lanes of work: read, send, flows, knowledge, media, contacts, webhooks, maintenance. Else all.",
)
def work(lanes: tuple[str, ...]) -> None:
    """Run a worker node: reads what came in, sends, runs flows."""
    from parley.entrypoints import work as worker

    named = [lane.strip() for each in lanes for lane in each.split(",") if lane.strip()]
    unknown = sorted(set(named) - set(worker.LANES))
    if unknown:
        raise click.BadParameter(f"there is no {', '.join(unknown)}; there are {', '.join(worker.LANES)}.")
    end_on_signals()
    run(worker.work(settings(), named or worker.LANES))


def end_on_signals() -> None:
    """Let SIGTERM and SIGINT end the process by unwinding it. uvicorn raises a signal again once it has stopped."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(0)
