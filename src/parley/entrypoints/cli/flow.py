"""`parley flow`: conversations written in YAML."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from parley.core.errors import InvalidInput
from parley.core.json import JsonObject
from parley.entrypoints.cli import flow_record, flow_test, flow_versions
from parley.entrypoints.cli.flow_files import FILE, document_in
from parley.entrypoints.cli.flow_replay import replay
from parley.entrypoints.cli.ids import WORKSPACE
from parley.entrypoints.cli.words import Group, Said, run, settings, wants_json, warn

if TYPE_CHECKING:
    from parley.modules.flows import Definition


@click.group(cls=Group)
def flow() -> None:
    """Flows: what the bot says and asks, as a YAML file."""


@flow.command("import")
@click.argument("file", type=FILE)
@click.option("--workspace", required=True, type=WORKSPACE, help="Whose flow it becomes.")
@click.option("--publish", is_flag=True, help="Answer customers with it from now on.")
def import_file(file: Path, workspace: UUID, *, publish: bool) -> Said:
    """Load a flow from FILE as a new version."""
    return run(_import(document_in(file), workspace, publish=publish))


@flow.command("run")
@click.argument("file", type=FILE)
def run_file(file: Path) -> Said:
    """Talk to the flow in FILE here in the terminal: same engine, nothing else running."""
    definition, warnings = _checked(document_in(file))
    for sentence in warnings:
        warn(sentence)
    return _talk(definition, to_stderr=wants_json())


for command in (replay, flow_record.record, flow_test.play, flow_test.validate, *flow_versions.COMMANDS):
    flow.add_command(command)


@flow.command()
def schema() -> None:
    """The JSON Schema of flow files, for editors."""
    import json

    from parley.modules.flows import flow_schema

    click.echo(json.dumps(flow_schema(), indent=2, ensure_ascii=False))


def _checked(document: JsonObject) -> "tuple[Definition, list[str]]":
    """The definition, and warnings. Raises InvalidInput with every fault and its pointer."""
    from parley.modules.flows import read_definition, validate

    definition = read_definition(document)
    inspection = validate(definition)
    if inspection.errors:
        raise InvalidInput("The flow can't run like this.", inspection.errors)
    return definition, [f"{each.pointer}: {each.detail}" for each in inspection.warnings]


def _talk(definition: "Definition", *, to_stderr: bool) -> Said:
    from parley.entrypoints.terminal import Terminal
    from parley.modules.flows import talk_in_terminal

    def write(line: str) -> None:
        click.echo(line, err=to_stderr)

    with Terminal(settings()) as terminal:
        outcome = talk_in_terminal(definition, terminal.read_line, write, terminal.perform)
    return Said(machine={"outcome": outcome}, people=[])


async def _import(document: JsonObject, workspace: UUID, *, publish: bool) -> Said:
    from parley.core.ids import public
    from parley.entrypoints.installation import check_workspace, installation
    from parley.modules.flows import import_flow

    async with installation(settings()) as app:
        await check_workspace(app, workspace)
        async with app.units.begin(workspace) as unit:
            made = await import_flow(unit, app.keys, document, publish=publish)
    for sentence in made.warnings:
        warn(sentence)
    named = public("flw", made.id)
    state = "It answers customers now." if publish else "Not published: import it with --publish to let it answer."
    return Said(
        machine={"id": named, "version": made.version, "published": made.published, "warnings": list(made.warnings)},
        people=[f"{named} version {made.version}. {state}"],
    )
