"""`parley flow list|export|diff|publish|rollback|rollout`: the versions of a workspace's flows."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import click

from parley.core.ids import public
from parley.core.json import JsonObject
from parley.entrypoints.cli.flow_files import FILE, document_in
from parley.entrypoints.cli.ids import WORKSPACE
from parley.entrypoints.cli.words import Command, Said, run, settings, warn

if TYPE_CHECKING:
    from parley.kit.unit import Unit
    from parley.modules.flows import Publishing
    from parley.wiring import App

Found = TypeVar("Found")
FLOWS = 1000
"""A workspace has tens; the command line shows them at once."""

of_workspace = click.option("--workspace", required=True, type=WORKSPACE, help="Whose flows they are.")
version_option = click.option("--version", type=click.IntRange(min=1), help="Which version.")


@click.command("list", cls=Command)
@of_workspace
@click.option("--archived", is_flag=True, help="Also those that are archived.")
def list_all(workspace: UUID, *, archived: bool) -> Said:
    """Show the flows of a workspace, and which version of each answers."""
    from parley.modules.flows import list_flows

    flows = run(_in(workspace, lambda app, unit: list_flows(unit, app.keys, (None, FLOWS), archived=archived)))
    told: list[JsonObject] = [
        {
            "id": public("flw", each.id),
            "name": each.name,
            "live_version": each.live_version,
            "latest_version": each.latest_version,
            "rollout": {"version": each.trial[0], "percent": each.trial[1]} if each.trial else None,
            "archived": each.archived_at is not None,
        }
        for each in flows
    ]
    people = [
        f"{public('flw', each.id)}  {each.name}: version {each.live_version or 'none'} of {each.latest_version}"
        + (f", {each.trial[1]} % on {each.trial[0]}" if each.trial else "")
        + (", archived" if each.archived_at else "")
        for each in flows
    ]
    return Said(machine={"flows": told}, people=people or ["There are no flows; `parley flow import` brings one."])


@click.command(cls=Command)
@click.argument("flow")
@of_workspace
@version_option
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, instead of the terminal.")
def export(flow: str, workspace: UUID, version: int | None, output: Path | None) -> Said:
    """Write the flow whose definition has the id FLOW as YAML: the version that answers, or another."""
    from parley.modules.flows import write_yaml

    text = write_yaml(run(_in(workspace, lambda app, unit: _document(app, unit, flow, version))))
    if output is not None:
        output.write_text(text, encoding="utf-8")
    people = text.splitlines() if output is None else [f"{output} written."]
    return Said(machine={"flow": flow, "yaml": text}, people=people)


@click.command(cls=Command)
@click.argument("flow")
@click.argument("file", type=FILE, required=False)
@of_workspace
@click.option("--from", "before", type=click.IntRange(min=1), help="A version; else the one that answers.")
@click.option(
    "--to", "after", type=click.IntRange(min=1), help="A version, instead of FILE; else what was last written."
)
def diff(flow: str, file: Path | None, workspace: UUID, before: int | None, after: int | None) -> Said:
    """Show what differs between two versions of FLOW, or from the flow in FILE. Exit 1 when something does."""
    import msgspec

    from parley.modules.flows import difference, difference_shown, flow_named, newest_document, read_definition

    async def read(app: "App", unit: "Unit") -> tuple[JsonObject, JsonObject]:
        one = await _document(app, unit, flow, before)
        if file is not None:
            return one, document_in(file)
        if after is not None:
            return one, await _document(app, unit, flow, after)
        return one, await newest_document(unit, app.keys, await flow_named(unit, flow))

    one, other = run(_in(workspace, read))
    found = difference(read_definition(one), read_definition(other))
    people = difference_shown(found) or ["No difference."]
    return Said(machine={"same": found.same, **msgspec.to_builtins(found)}, people=people, ok=found.same)


@click.command(cls=Command)
@click.argument("flow")
@of_workspace
@version_option
def publish(flow: str, workspace: UUID, version: int | None) -> Said:
    """Let a version of FLOW answer customers: the latest, or another."""
    from parley.modules.flows import flow_named, get_flow, publish_version

    async def work(app: "App", unit: "Unit") -> "Publishing":
        wanted = await flow_named(unit, flow)
        number = version or (await get_flow(unit, app.keys, wanted)).latest_version
        return await publish_version(unit, app.keys, wanted, number)

    return _published(run(_in(workspace, work)))


@click.command(cls=Command)
@click.argument("flow")
@of_workspace
@version_option
def rollback(flow: str, workspace: UUID, version: int | None) -> Said:
    """Publish an older version of FLOW again: the one that answered before, or the one that is named."""
    from parley.modules.flows import flow_named, roll_back

    async def work(app: "App", unit: "Unit") -> "Publishing":
        return await roll_back(unit, app.keys, await flow_named(unit, flow), version)

    return _published(run(_in(workspace, work)))


@click.command(cls=Command)
@click.argument("flow")
@of_workspace
@click.option("--version", required=True, type=click.IntRange(min=1), help="Which version.")
@click.option("--percent", required=True, type=click.IntRange(0, 100), help="Of the contacts; 0 stops, 100 publishes.")
def rollout(flow: str, workspace: UUID, version: int, percent: int) -> Said:
    """Let a version of FLOW answer some of the contacts, always the same ones."""
    from parley.modules.flows import end_trial, flow_named, try_version

    async def work(app: "App", unit: "Unit") -> None:
        wanted = await flow_named(unit, flow)
        if percent:
            await try_version(unit, app.keys, wanted, version, percent)
        else:
            await end_trial(unit, wanted)

    run(_in(workspace, work))
    return Said(machine={"version": version, "percent": percent}, people=[f"{percent} % of the contacts: {version}."])


async def _in(workspace: UUID, work: "Callable[[App, Unit], Awaitable[Found]]") -> Found:
    from parley.entrypoints.installation import check_workspace, installation

    async with installation(settings()) as app:
        await check_workspace(app, workspace)
        async with app.units.begin(workspace) as unit:
            return await work(app, unit)


async def _document(app: "App", unit: "Unit", flow: str, version: int | None) -> JsonObject:
    from parley.modules.flows import document_at, flow_named

    return await document_at(unit, app.keys, await flow_named(unit, flow), version)


def _published(done: "Publishing") -> Said:
    for each in done.issues:
        warn(f"{each.pointer}: {each.detail}")
    told = public("flw", done.flow)
    return Said(
        machine={"id": told, "version": done.version}, people=[f"{told} version {done.version} answers customers now."]
    )


COMMANDS = (list_all, export, diff, publish, rollback, rollout)
