"""`parley doctor`: is everything well, and what mends what is not."""

import click

from parley.entrypoints.cli.words import Command, Said, run

SIGNS = {"ok": "ok  ", "note": "note", "wrong": "FAIL"}


@click.command(cls=Command)
def doctor() -> Said:
    """Check settings, disk, database, keys, clock, Meta and workers: a line each, with the mend."""
    from parley.entrypoints.doctor import examine

    findings = run(examine())
    lines = []
    for each in findings:
        lines.append(f"{SIGNS[each.state]}  {each.name:<12}  {each.detail}")
        if each.mend:
            lines.append(f"{'':20}{each.mend}")
    wrong = sum(each.state == "wrong" for each in findings)
    lines.append("Everything is well." if not wrong else f"{wrong} to mend.")
    checks = [{"name": e.name, "state": e.state, "detail": e.detail, "mend": e.mend} for e in findings]
    return Said(machine={"ok": wrong == 0, "checks": checks}, people=lines, ok=wrong == 0)
