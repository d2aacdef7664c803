"""`parley flow test` and `parley flow validate`: an author's flow held against what is written of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.core.json import JsonObject
from parley.entrypoints.cli.flow_files import FILE, beside, document_in
from parley.entrypoints.cli.words import Command, Said

if TYPE_CHECKING:
    from parley.modules.flows import Coverage, Played


@click.command("test", cls=Command)
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--coverage", is_flag=True, help="Tell which nodes and exits no conversation came through.")
@click.option("--min-coverage", type=click.IntRange(0, 100), help="Fail where less of a flow's exits was taken.")
def play(files: Sequence[Path], min_coverage: int | None, *, coverage: bool) -> Said:
    """Play the conversations written in FILES; nothing is sent. Exit 1 when one does not come true."""
    from parley.modules.flows import coverage_of, play_case, read_cases

    played = [(file, play_case(case)) for file in files for case in read_cases(document_in(file), beside(file))]
    covered = coverage_of([each for _, each in played])
    poor = [each for each in covered if min_coverage is not None and each.percent < min_coverage]
    people = [line for file, each in played for line in _told(file, each)]
    if coverage or poor:
        people += [line for each in covered for line in each.told()]
    people += [f"{each.flow}: less than {min_coverage} % of its exits were taken." for each in poor]
    failed = sum(each.failed is not None for _, each in played)
    people.append(f"{len(played) - failed} of {len(played)} conversations came true.")
    machine: JsonObject = {
        "cases": [_machine(file, each) for file, each in played],
        "failed": failed,
        "coverage": [_machine_coverage(each) for each in covered],
    }
    return Said(machine=machine, people=people, ok=not failed and not poor)


@click.command(cls=Command)
@click.argument("file", type=FILE)
@click.option("--strict", is_flag=True, help="Fail for warnings too.")
def validate(file: Path, *, strict: bool) -> Said:
    """Look at the flow in FILE: everything that is wrong or doubtful, each with its place. Nothing is kept."""
    from parley.modules.flows import inspect_alone

    issues = inspect_alone(document_in(file))
    errors = sum(each.severity == "error" for each in issues)
    people = [f"{each.severity}: {each.pointer or '/'}: {each.detail}" for each in issues]
    people.append(f"{errors} errors, {len(issues) - errors} warnings.")
    told: list[JsonObject] = [
        {"severity": i.severity, "node": i.node, "pointer": i.pointer, "code": i.code, "detail": i.detail}
        for i in issues
    ]
    return Said(machine={"valid": not errors, "issues": told}, people=people, ok=not errors and not (strict and issues))


def _told(file: Path, played: "Played") -> list[str]:
    name = f"{file}: {played.case.name}"
    return [f"ok    {name}"] if played.failed is None else [f"FAILS {name}", *(f"  {x}" for x in played.failed.told())]


def _machine(file: Path, played: "Played") -> JsonObject:
    told: JsonObject = {"file": str(file), "name": played.case.name, "ok": played.failed is None}
    if played.failed is None:
        return told
    failed = played.failed
    return {**told, "step": failed.step, "what": failed.what, "wanted": failed.wanted, "found": failed.found}


def _machine_coverage(each: "Coverage") -> JsonObject:
    missed: list[JsonObject] = [{"node": node, "exit": exit_} for node, exit_ in each.missed]
    return {
        "flow": each.flow,
        "nodes": each.nodes,
        "nodes_entered": each.entered,
        "exits": each.exits,
        "percent": each.percent,
        "missed": missed,
    }
